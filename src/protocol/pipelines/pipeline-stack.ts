// One pipeline of one connection: its stages, linked. Decides when nothing is sent and how large a message may be; the rest is theirs.
import { Fragmentation } from "./fragmentation.js";
import { OutgoingPacket } from "./outgoing-packet.js";
import type { PipelineSettings, StageSettings } from "./pipeline-settings.js";
import {
  type Inlet,
  newCounters,
  type Outlet,
  type PipelineCounters,
  type PipelineSink,
  type Stage,
  type StageContext,
} from "./pipeline-stage.js";
import { ReliableSequenced } from "./reliable-sequenced.js";
import { capacityOf, headersFrom, windowOf } from "./stage-sizes.js";
import { UnreliableSequenced } from "./unreliable-sequenced.js";

/** `queueFull`: Unity's -5, NetworkSendQueueFull: the window is full, or the layer below did not take it; nothing is kept. */
export type SendResult = "accepted" | "queueFull";

/** Messages are built here: the sink has taken the bytes when `sendData` returns. */
const scratch = new OutgoingPacket();

/**
 * A message goes down through the stages in the order of their creation and comes up in reverse:
 *
 * ```
 * send ─> [Fragmentation] ─> [Reliable] ─> sink.sendData      body: | reliable | fragment | data |
 * sink.message <─ [Fragmentation] <─ [Reliable] <─ receive
 * ```
 *
 * @see protocol page, 6.1
 */
export class PipelineStack {
  readonly pipelineId: number;
  readonly counters: PipelineCounters;
  readonly #sink: PipelineSink;
  /** Header capacity of all stages. */
  readonly #headerBytes: number;
  /** Header capacity of the stages before Fragmentation: they stand in the first fragment. */
  readonly #earlierBytes: number;
  readonly #capacityBytes: number;
  readonly #window: number;
  readonly #first: Outlet;
  readonly #last: Inlet;
  #fragmentation: Fragmentation | undefined;
  #reliable: ReliableSequenced | undefined;

  /**
   * @param pipelineId 1..255, the order of creation.
   * @param counters Its own, or those of this pipeline on all connections of one owner.
   */
  constructor(pipelineId: number, settings: PipelineSettings, sink: PipelineSink, counters = newCounters()) {
    this.pipelineId = pipelineId;
    this.counters = counters;
    this.#sink = sink;
    this.#headerBytes = headersFrom(settings, 0);
    const fragmentationAt = settings.findIndex(({ stage }) => stage === "fragmentation");
    this.#earlierBytes = fragmentationAt < 0 ? 0 : this.#headerBytes - headersFrom(settings, fragmentationAt);
    this.#capacityBytes = capacityOf(settings);
    this.#window = windowOf(settings);
    const application: Inlet = { receive: (payload, nowMs) => this.#receiveMessage(payload, nowMs) };
    this.#first = { send: (packet, nowMs) => sink.sendData(pipelineId, packet.view, nowMs) };
    const made: Stage[] = [];
    for (let at = settings.length - 1; at >= 0; at--) {
      const context = { below: this.#first, counters: this.counters, headroomBytes: headersFrom(settings, at) };
      const stage = this.#newStage(settings[at]!, context, application);
      const later = made.at(-1);
      if (later !== undefined) later.above = stage;
      made.push(stage);
      this.#first = stage;
    }
    this.#last = made[0] ?? application;
  }

  /** Largest message that `send` takes right now, bytes; below 0 where not even the headers fit. */
  get maxMessageBytes(): number {
    const firstBytes = this.#sink.maxBodyBytes - this.#headerBytes;
    const fragmentation = this.#fragmentation;
    if (fragmentation === undefined || firstBytes < 1) return firstBytes;
    // A message of more fragments than the window holds could never be sent.
    return Math.min(this.#capacityBytes, firstBytes + (this.#window - 1) * fragmentation.blockBytes);
  }

  /** True while the next `sendDue` sends something, whatever the time. */
  get pendingUpdate(): boolean {
    return this.#reliable?.isAckOwed ?? false;
  }

  /** When `sendDue` has something to send at the latest; Infinity: never. An early call is harmless. */
  get nextDeadlineMs(): number {
    return this.#reliable?.nextDeadlineMs ?? Number.POSITIVE_INFINITY;
  }

  /** What a packet waits at present before it is sent again, ms; undefined without a reliable stage. */
  get resendMs(): number | undefined {
    return this.#reliable?.resendMs;
  }

  /**
   * Sends one message: all its packets, or none if the window has no room for all of them. An empty one on a pipeline without headers
   * would be no Data message: it is dropped and counted, and no error, as in Unity.
   *
   * @throws {RangeError} If the payload is larger than `maxMessageBytes`.
   */
  send(payload: Uint8Array, nowMs: number): SendResult {
    this.#checkSize(payload);
    if (!this.#hasRoom(payload.length)) return "queueFull";
    if (payload.length === 0 && this.#headerBytes === 0) this.counters.dropped++;
    else if (this.#pass(payload, nowMs)) this.counters.sent++;
    else return "queueFull";
    return "accepted";
  }

  /** The body of one Data message of this pipeline, as it arrived. Remote bytes never throw. */
  receive(body: Uint8Array, nowMs: number): void {
    this.#last.receive(body, nowMs);
  }

  /**
   * Sends what is due: the ack that is owed, then resends, oldest first. Who acts in updates calls it at the start of each, before
   * its input; who acts at once calls it at the end of each batch of input, and both when `nextDeadlineMs` has come.
   */
  sendDue(nowMs: number): void {
    this.#reliable?.sendDue(nowMs);
  }

  #pass(payload: Uint8Array, nowMs: number): boolean {
    if (this.#first === this.#fragmentation) return this.#fragmentation.split(payload, nowMs);
    scratch.fill(payload, 0, payload.length, this.#headerBytes);
    return this.#first.send(scratch, nowMs);
  }

  #checkSize(payload: Uint8Array): void {
    const { maxMessageBytes } = this;
    if (payload.length <= maxMessageBytes) return;
    throw new RangeError(
      `Cannot send on pipeline ${this.pipelineId}: payload must be at most ${maxMessageBytes} bytes, got ${payload.length}`,
    );
  }

  #hasRoom(payloadBytes: number): boolean {
    if (this.#reliable === undefined) return true;
    return this.#reliable.hasRoom(this.#fragmentation?.packetsOf(this.#earlierBytes + payloadBytes) ?? 1);
  }

  #receiveMessage(payload: Uint8Array, nowMs: number): void {
    this.counters.received++;
    this.#sink.message(this.pipelineId, payload, nowMs);
  }

  #newStage(settings: StageSettings, context: StageContext, above: Inlet): Stage {
    switch (settings.stage) {
      case "fragmentation":
        this.#fragmentation = new Fragmentation(settings, context, this.#sink, above);
        return this.#fragmentation;
      case "unreliableSequenced":
        return new UnreliableSequenced(context, above);
      case "reliableSequenced": {
        const onRoundTrip = (rttMs: number): void => this.#sink.roundTrip(this.pipelineId, rttMs);
        this.#reliable = new ReliableSequenced(settings, context, onRoundTrip, above);
        return this.#reliable;
      }
    }
  }
}

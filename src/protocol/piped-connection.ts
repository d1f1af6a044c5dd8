// A connection with its pipelines above it: what leaves goes through the stages and out as Data messages, what arrives comes up through
// them. Says when something is due and sends it when its owner asks; which moments those are depends on the owner's clock rule.
import type { Connection } from "./connection.js";
import type { ConnectionEffects } from "./connection-effects.js";
import type { NewPacketFilter, PacketFilter, PacketPath } from "./packet-filter.js";
import type { ConnectionPipelines } from "./pipelines/connection-pipelines.js";
import type { PipelineSet } from "./pipelines/pipeline-set.js";
import type { SendResult } from "./pipelines/pipeline-stack.js";
import type { PipelineSink, SharedCounters } from "./pipelines/pipeline-stage.js";

/** `closed`: the connection is not established. */
export type SendOutcome = SendResult | "closed";

/** What the pipelines tell, beside the effects of the connection below. */
export interface PipedEffects {
  /** A message for the application, all stages behind it; the view is valid during the call only. */
  pipedMessage(pipelineId: number, payload: Uint8Array, nowMs: number): void;
  /** One round trip that an ack has shown, at least 1 ms, the peer's processing time taken off. */
  roundTrip(pipelineId: number, rttMs: number): void;
}

/** Pipeline 0 is not its matter: those messages are the connection's own. Times may be whole milliseconds, as Unity's are. */
export class PipedConnection implements PipelineSink {
  readonly #connection: Connection;
  readonly #effects: ConnectionEffects;
  readonly #pipedEffects: PipedEffects;
  readonly #pipelines: ConnectionPipelines;
  readonly #filter: PacketFilter | undefined;
  readonly #set: PipelineSet;

  /** @param effects Of the connection. `counters`: where connections count together. `newFilter`: what stands below the pipelines. */
  constructor(
    set: PipelineSet,
    connection: Connection,
    effects: ConnectionEffects,
    pipedEffects: PipedEffects,
    counters?: SharedCounters,
    newFilter?: NewPacketFilter,
  ) {
    this.#connection = connection;
    this.#effects = effects;
    this.#pipedEffects = pipedEffects;
    this.#set = set;
    this.#pipelines = set.connect(this, counters);
    this.#filter = newFilter?.(this.#onward());
  }

  /** True while the next `sendDue` sends something, whatever the time. */
  get pendingUpdate(): boolean {
    return this.#isEstablished && this.#pipelines.pendingUpdate;
  }

  /** When `sendDue` has something to send at the latest; Infinity: never. */
  get nextDeadlineMs(): number {
    return this.#isEstablished ? this.#pipelines.nextDeadlineMs : Number.POSITIVE_INFINITY;
  }

  /** @throws {RangeError} If the pipeline was never created. */
  maxMessageBytes(pipelineId: number): number {
    return this.#pipelines.maxMessageBytes(pipelineId);
  }

  /**
   * Sends one message through a pipeline.
   *
   * @throws {RangeError} If the pipeline was never created, or the payload is larger than `maxMessageBytes`.
   */
  send(pipelineId: number, payload: Uint8Array, nowMs: number): SendOutcome {
    return this.#isEstablished ? this.#pipelines.send(pipelineId, payload, nowMs) : "closed";
  }

  /** The body of a Data message as it arrived. Remote bytes never throw. */
  receive(pipelineId: number, body: Uint8Array, nowMs: number): void {
    const filter = this.#set.settingsOf(pipelineId) === undefined ? undefined : this.#filter;
    if (filter === undefined) this.#pipelines.receive(pipelineId, body, nowMs);
    else filter.incoming(pipelineId, body, nowMs);
  }

  /** Acks that are owed, then what must be sent again. An extra call is harmless. */
  sendDue(nowMs: number): void {
    if (!this.#isEstablished) return;
    this.#filter?.release(nowMs);
    this.#pipelines.sendDue(nowMs);
  }

  /** The connection is over. */
  end(): void {
    this.#filter?.end();
  }

  get maxBodyBytes(): number {
    return this.#connection.maxPayloadBytes;
  }

  sendData(pipelineId: number, body: Uint8Array, nowMs: number): boolean {
    if (this.#filter !== undefined) return this.#filter.outgoing(pipelineId, body, nowMs);
    return this.#sendOn(pipelineId, body, nowMs);
  }

  message(pipelineId: number, payload: Uint8Array, nowMs: number): void {
    this.#pipedEffects.pipedMessage(pipelineId, payload, nowMs);
  }

  roundTrip(pipelineId: number, rttMs: number): void {
    this.#pipedEffects.roundTrip(pipelineId, rttMs);
  }

  unknownPipeline(): void {
    this.#effects.drop("unknownPipeline");
  }

  #onward(): PacketPath {
    return {
      outgoing: (pipelineId, body, nowMs) => this.#sendOn(pipelineId, body, nowMs),
      incoming: (pipelineId, body, nowMs) => this.#pipelines.receive(pipelineId, body, nowMs),
    };
  }

  #sendOn(pipelineId: number, body: Uint8Array, nowMs: number): boolean {
    return this.#connection.sendData(pipelineId, body, nowMs, this.#effects);
  }

  get #isEstablished(): boolean {
    return this.#connection.state === "established";
  }
}

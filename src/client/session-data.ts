// The messages of one session, both ways: straight over the connection on pipeline 0, through the stages of its pipelines on all others.
// Counts what was asked for; opens, closes and times nothing.
import type { Connection, ConnectionEffects } from "../protocol/connection.js";
import { PipedConnection, type PipedEffects, type SendOutcome } from "../protocol/piped-connection.js";
import type { SharedCounters } from "../protocol/pipelines/pipeline-stage.js";
import type { SessionListener, SessionOptions } from "./session-types.js";

export class SessionData implements PipedEffects {
  /** Number of the update or of the batch of input under way. */
  batch = 0;
  /** The application has asked for the end: it gets no more messages. */
  isLeaving = false;
  readonly #connection: Connection;
  readonly #effects: ConnectionEffects;
  readonly #listener: SessionListener;
  readonly #counters: SharedCounters | undefined;
  /** Only where pipelines exist. */
  readonly #piped: PipedConnection | undefined;
  /** Time of the batch or update under way, as the listener is told it. */
  #batchMs = 0;

  constructor(options: SessionOptions, connection: Connection, effects: ConnectionEffects, listener: SessionListener) {
    const { pipelines, pipelineCounters } = options;
    this.#connection = connection;
    this.#effects = effects;
    this.#listener = listener;
    this.#counters = pipelineCounters;
    if (pipelines !== undefined && pipelines.size > 0) {
      this.#piped = new PipedConnection(pipelines, connection, effects, this, pipelineCounters);
    }
  }

  /** Whether something of it may have a deadline: a reliable message that waits for its ack. */
  get hasDeadlines(): boolean {
    return this.#piped !== undefined;
  }

  /** True while the next `sendDue` sends something, whatever the time. */
  get pendingUpdate(): boolean {
    return this.#piped?.pendingUpdate ?? false;
  }

  /** When `sendDue` has something to send at the latest; Infinity: never. */
  get nextDeadlineMs(): number {
    return this.#piped?.nextDeadlineMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Largest user payload of one message.
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  maxMessageBytes(pipelineId: number): number {
    return pipelineId === 0 ? this.#connection.maxPayloadBytes : this.#existing(pipelineId).maxMessageBytes(pipelineId);
  }

  /** @throws {RangeError} If the pipeline does not exist, or the payload is larger than `maxMessageBytes`. */
  send(pipelineId: number, payload: Uint8Array, nowMs: number): SendOutcome {
    if (pipelineId !== 0) return this.#existing(pipelineId).send(pipelineId, payload, nowMs);
    if (!this.#connection.sendData(0, payload, nowMs, this.#effects)) return "closed";
    const counters = this.#counters?.[0];
    if (counters !== undefined) counters.sent++;
    return "accepted";
  }

  /** The body of a Data message; the view is valid during the call only. */
  arrive(pipelineId: number, body: Uint8Array, nowMs: number, batchMs: number): void {
    this.#batchMs = batchMs;
    if (pipelineId !== 0) {
      if (this.#piped === undefined) this.#effects.drop("unknownPipeline");
      else this.#piped.receive(pipelineId, body, nowMs);
      return;
    }
    const counters = this.#counters?.[0];
    if (counters !== undefined) counters.received++;
    this.pipedMessage(0, body);
  }

  pipedMessage(pipelineId: number, payload: Uint8Array): void {
    if (this.isLeaving) this.#effects.drop("afterClose");
    else this.#listener.onMessage(pipelineId, payload, this.batch, this.#batchMs);
  }

  roundTrip(pipelineId: number, rttMs: number): void {
    this.#listener.onRoundTrip(pipelineId, rttMs);
  }

  /** Acks that are owed, then what must be sent again; protocol page, 15, has the moments. */
  sendDue(nowMs: number): void {
    this.#piped?.sendDue(nowMs);
  }

  #existing(pipelineId: number): PipedConnection {
    if (this.#piped !== undefined) return this.#piped;
    throw new RangeError(`Cannot send a message: the pipeline must exist, got ${pipelineId}, and none does`);
  }
}

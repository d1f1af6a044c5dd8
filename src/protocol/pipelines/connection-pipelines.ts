// All pipelines of one connection, each made when it is first used. Routes by pipeline id; what happens then is the stack's.
import type { PipelineSettings } from "./pipeline-settings.js";
import { PipelineStack, type SendResult } from "./pipeline-stack.js";
import type { PipelineCounters, PipelineSink, SharedCounters } from "./pipeline-stage.js";

/** Where a connection finds the settings of its pipelines. */
export interface PipelineSource {
  settingsOf(pipelineId: number): PipelineSettings | undefined;
}

/** Pipeline 0 is none: its messages are the connection's own. */
export class ConnectionPipelines {
  readonly #source: PipelineSource;
  readonly #sink: PipelineSink;
  readonly #counters: SharedCounters | undefined;
  /** In the order of their first use; few. */
  #stacks: PipelineStack[] | undefined;

  /** @param counters Where several connections count together; undefined: this one counts alone. */
  constructor(source: PipelineSource, sink: PipelineSink, counters?: SharedCounters) {
    this.#source = source;
    this.#sink = sink;
    this.#counters = counters;
  }

  /** True while the next `sendDue` sends something, whatever the time. */
  get pendingUpdate(): boolean {
    if (this.#stacks === undefined) return false;
    for (const stack of this.#stacks) if (stack.pendingUpdate) return true;
    return false;
  }

  /** When `sendDue` has something to send at the latest; Infinity: never. An early call is harmless. */
  get nextDeadlineMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    if (this.#stacks !== undefined) for (const stack of this.#stacks) nextMs = Math.min(nextMs, stack.nextDeadlineMs);
    return nextMs;
  }

  /**
   * Sends one message. `queueFull`: try again later.
   *
   * @throws {RangeError} If the pipeline was never created, or the payload is larger than `maxMessageBytes`.
   */
  send(pipelineId: number, payload: Uint8Array, nowMs: number): SendResult {
    return this.#known(pipelineId).send(payload, nowMs);
  }

  /** The body of a Data message as it arrived; an unknown id is reported and has no other effect. Remote bytes never throw. */
  receive(pipelineId: number, body: Uint8Array, nowMs: number): void {
    const stack = this.#stackOf(pipelineId);
    if (stack === undefined) this.#sink.unknownPipeline(pipelineId);
    else stack.receive(body, nowMs);
  }

  /** Sends the acks that are owed and what must be sent again; see `PipelineStack.sendDue` for when to call it. */
  sendDue(nowMs: number): void {
    if (this.#stacks !== undefined) for (const stack of this.#stacks) stack.sendDue(nowMs);
  }

  /** @throws {RangeError} If the pipeline was never created. */
  maxMessageBytes(pipelineId: number): number {
    return this.#known(pipelineId).maxMessageBytes;
  }

  /** What a pipeline has counted; undefined if it was not used. The object goes on counting. */
  countersOf(pipelineId: number): PipelineCounters | undefined {
    return this.#stacks?.find((stack) => stack.pipelineId === pipelineId)?.counters;
  }

  #known(pipelineId: number): PipelineStack {
    const stack = this.#stackOf(pipelineId);
    if (stack === undefined) throw new RangeError(`Cannot send: the pipeline must exist, got ${pipelineId}`);
    return stack;
  }

  #stackOf(pipelineId: number): PipelineStack | undefined {
    if (this.#stacks !== undefined) {
      for (const stack of this.#stacks) if (stack.pipelineId === pipelineId) return stack;
    }
    const settings = this.#source.settingsOf(pipelineId);
    if (settings === undefined) return undefined;
    const made = new PipelineStack(pipelineId, settings, this.#sink, this.#counters?.[pipelineId]);
    this.#stacks = [...(this.#stacks ?? []), made];
    return made;
  }
}

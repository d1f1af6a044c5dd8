// Two ends of one pipeline, joined by two virtual links and driven as `patient` or in updates, on one virtual clock. Never sleeps.
import type { StageDescription } from "../../src/protocol/pipelines/pipeline-settings.js";
import type { PipelineStack } from "../../src/protocol/pipelines/pipeline-stack.js";
import { hex } from "./bytes.js";
import { seededRandom } from "./random.js";
import { type RecordingPipelines, stackOf } from "./recording-pipelines.js";
import { VirtualClock } from "./virtual-clock.js";
import { type LinkOptions, VirtualLink } from "./virtual-link.js";

/** `patient` sends what is due at the end of each batch of input and at deadlines; `updates`: at the start of each 60th of a second. */
export type Driver = "patient" | "updates";

export interface PipelinePairOptions {
  readonly stages: readonly StageDescription[];
  readonly driver: Driver;
  readonly seed?: number;
  readonly link?: LinkOptions;
  /** B answers what it gets, as soon as its window lets it. */
  readonly echo?: boolean;
}

const UPDATE_MS = 1000 / 60;

/** One end. Messages wait in a queue of their own until the pipeline takes them. */
export class PipelineEnd {
  readonly stack: PipelineStack;
  readonly messages: string[] = [];
  readonly #sink: RecordingPipelines;
  readonly #clock: VirtualClock;
  readonly #driver: Driver;
  readonly #queue: Uint8Array[] = [];
  #held: Uint8Array[] = [];
  #cancelWake: (() => void) | undefined;

  constructor(clock: VirtualClock, options: PipelinePairOptions, echo: boolean, send: (body: Uint8Array) => void) {
    const { stack, sink } = stackOf(...options.stages);
    this.stack = stack;
    this.#sink = sink;
    this.#clock = clock;
    this.#driver = options.driver;
    sink.onSend = send;
    sink.onMessage = (payload) => {
      this.messages.push(hex(payload));
      if (echo) this.#queue.push(payload);
    };
  }

  get roundTripsMs(): readonly number[] {
    return this.#sink.roundTripsMs;
  }

  send(message: Uint8Array): void {
    this.#queue.push(message);
    if (this.#driver === "patient") this.#batch();
  }

  receive(body: Uint8Array): void {
    if (this.#driver === "updates") this.#held.push(body);
    else this.#batch(body);
  }

  /** Deferred sends, input, application: Unity's order. */
  update(): void {
    const nowMs = Math.round(this.#clock.nowMs());
    this.stack.sendDue(nowMs);
    const bodies = this.#held;
    this.#held = [];
    for (const body of bodies) this.stack.receive(body, nowMs);
    this.#sendQueued(nowMs);
  }

  #batch(body?: Uint8Array): void {
    const nowMs = this.#clock.nowMs();
    if (body !== undefined) this.stack.receive(body, nowMs);
    this.#sendQueued(nowMs);
    this.stack.sendDue(nowMs);
    this.#cancelWake?.();
    const { nextDeadlineMs } = this.stack;
    if (nextDeadlineMs < Number.POSITIVE_INFINITY) {
      this.#cancelWake = this.#clock.at(nextDeadlineMs, () => this.#batch());
    }
  }

  #sendQueued(nowMs: number): void {
    while (this.#queue.length > 0 && this.stack.send(this.#queue[0]!, nowMs) === "accepted") this.#queue.shift();
    this.#sink.takeSent();
    this.#sink.takeMessages();
  }
}

export class PipelinePair {
  readonly clock = new VirtualClock();
  readonly a: PipelineEnd;
  readonly b: PipelineEnd;
  readonly toA: VirtualLink;
  readonly toB: VirtualLink;
  /** Packets that the link to B has brought. */
  arrivedAtB = 0;

  constructor(options: PipelinePairOptions) {
    const random = seededRandom(options.seed ?? 1);
    const link = options.link ?? {};
    this.toB = new VirtualLink(this.clock, random, link, (body) => {
      this.arrivedAtB++;
      this.b.receive(body);
    });
    this.toA = new VirtualLink(this.clock, random, link, (body) => this.a.receive(body));
    this.a = new PipelineEnd(this.clock, options, false, (body) => this.toB.send(body));
    this.b = new PipelineEnd(this.clock, options, options.echo ?? false, (body) => this.toA.send(body));
    if (options.driver === "updates") this.#scheduleUpdate(1);
  }

  /** Gives A messages, one each `gapMs`. */
  sendAll(messages: readonly Uint8Array[], gapMs: number): void {
    for (const message of messages) {
      this.a.send(message);
      this.clock.advanceBy(gapMs);
    }
  }

  /** From now on nothing is lost, doubled or out of order. */
  makeSound(): void {
    this.toA.options = { delayMs: 10 };
    this.toB.options = { delayMs: 10 };
  }

  #scheduleUpdate(count: number): void {
    this.clock.at(count * UPDATE_MS, () => {
      this.a.update();
      this.b.update();
      this.#scheduleUpdate(count + 1);
    });
  }
}

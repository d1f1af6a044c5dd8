// The state of one simulated client that values are made of: its variables, counters, random streams and marked payloads. Small and
// cheap to make, for there are thousands. Has no clock of its own.
import { MarkedPayload } from "./marked-payload.js";
import { GOLDEN_STEP, mix } from "./random.js";
import type { Value } from "./value.js";
import type { ValueFaults } from "./value-faults.js";
import { CLIENT_SLOT, ITERATION_SLOT, type VariableLayout } from "./variable-layout.js";

/** The times that a payload may carry, in ms. */
export interface ValueClock {
  /** Since the plan's start. */
  runMs(): number;
  /** Since the epoch. */
  epochMs(): number;
}

/** What all clients of a scenario and worker share. */
export interface ValueEnvironment {
  readonly layout: VariableLayout;
  readonly clock: ValueClock;
  readonly faults: ValueFaults;
}

/** A marked payload of one client, and the number of its next message. */
export interface ClientMark {
  readonly payload: MarkedPayload;
  nextSequence: number;
}

const NO_COUNTS = new Float64Array(0);
const NO_STATES = new Uint32Array(0);

export class ClientVariables {
  /** In the whole plan, from 0. */
  readonly number: number;
  readonly environment: ValueEnvironment;
  readonly #values: (Value | undefined)[];
  readonly #counts: Float64Array;
  readonly #states: Uint32Array;
  #marks: ClientMark[] | undefined;

  constructor(environment: ValueEnvironment, number: number) {
    const { layout } = environment;
    const { variables, counters, randoms } = layout.seal();
    this.environment = environment;
    this.number = number;
    this.#values = new Array<Value | undefined>(variables).fill(undefined);
    this.#values[CLIENT_SLOT] = number;
    this.#values[ITERATION_SLOT] = 0;
    this.#counts = counters === 0 ? NO_COUNTS : new Float64Array(counters);
    this.#states = randoms === 0 ? NO_STATES : new Uint32Array(randoms);
    const ownSeed = mix((layout.seed >>> 0) ^ mix(number + GOLDEN_STEP));
    for (let stream = 0; stream < randoms; stream++) this.#states[stream] = mix(ownSeed ^ mix(stream + GOLDEN_STEP));
  }

  /** Undefined: nothing set it yet. */
  get(slot: number): Value | undefined {
    return this.#values[slot];
  }

  set(slot: number, value: Value | undefined): void {
    this.#values[slot] = value;
  }

  /** How often this was asked of the counter before. */
  nextCount(counter: number): number {
    return this.#counts[counter]!++;
  }

  /** The next of a random stream, 0 .. 2^32 - 1 (SplitMix32, as in {@link Random}). */
  uint32(stream: number): number {
    const state = this.#states[stream]! + GOLDEN_STEP;
    this.#states[stream] = state;
    return mix(state);
  }

  /** The marked payload that the layout knows by this number, made when it is first asked for. */
  mark(mark: number): ClientMark {
    this.#marks ??= [];
    this.#marks[mark] ??= this.#newMark(this.environment.layout.markSizeBytes(mark));
    return this.#marks[mark];
  }

  #newMark(sizeBytes: number): ClientMark {
    return { payload: new MarkedPayload(this.environment.layout.seed, this.number, sizeBytes), nextSequence: 0 };
  }
}

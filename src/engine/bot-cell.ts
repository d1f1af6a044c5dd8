// A few shared numbers in which a worker says whose code it is in, for the main thread to read while the worker answers nothing. Judges
// nothing.

const ENTRIES = 0;
const CLIENT = 1;
const SCENARIO = 2;
const CELL_BYTES = 3 * Int32Array.BYTES_PER_ELEMENT;
const NOBODY = -1;
/** In place of a client's number: the file is being loaded. */
export const LOADING = -2;

/** Whose code a worker is in. */
export interface BotAtWork {
  /** One more each time that code of a bot is entered: two looks that see the same number saw one stay. */
  readonly entries: number;
  /** Number of the client, or `LOADING`. */
  readonly client: number;
  /** Place of its scenario in the profile, from 0. */
  readonly scenario: number;
}

/** Either end of the cell of one worker. */
export class BotCell {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(buffer = new SharedArrayBuffer(CELL_BYTES)) {
    this.buffer = buffer;
    this.#numbers = new Int32Array(buffer);
    if (Atomics.load(this.#numbers, ENTRIES) === 0) Atomics.store(this.#numbers, CLIENT, NOBODY);
  }

  enter(scenario: number, client: number): void {
    Atomics.add(this.#numbers, ENTRIES, 1);
    Atomics.store(this.#numbers, SCENARIO, scenario);
    Atomics.store(this.#numbers, CLIENT, client);
  }

  leave(): void {
    Atomics.store(this.#numbers, CLIENT, NOBODY);
  }

  /** Undefined: in nobody's. */
  look(): BotAtWork | undefined {
    const client = Atomics.load(this.#numbers, CLIENT);
    if (client === NOBODY) return undefined;
    return {
      entries: Atomics.load(this.#numbers, ENTRIES),
      client,
      scenario: Atomics.load(this.#numbers, SCENARIO),
    };
  }
}

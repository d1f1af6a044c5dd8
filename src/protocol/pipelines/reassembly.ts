// The fragments of one message, one behind the other, up to a capacity. Knows no headers and no order.

const FIRST_BYTES = 4096;

/** Costs nothing until the first fragment comes, and grows with what comes, never with what is announced. */
export class Reassembly {
  readonly #capacityBytes: number;
  #bytes = new Uint8Array(0);
  #length = 0;
  #fragments = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  /** What is there so far; overwritten by the first `append` after a `clear`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** False: it would be more than the capacity, and nothing was added. */
  append(part: Uint8Array): boolean {
    const length = this.#length + part.length;
    if (length > this.#capacityBytes) return false;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(part, this.#length);
    this.#length = length;
    this.#fragments++;
    return true;
  }

  /** Forgets everything and returns how many fragments that were. */
  clear(): number {
    const fragments = this.#fragments;
    this.#length = 0;
    this.#fragments = 0;
    return fragments;
  }

  #grow(length: number): void {
    const wished = Math.max(length, FIRST_BYTES, 2 * this.#bytes.length);
    const grown = new Uint8Array(Math.min(wished, this.#capacityBytes));
    grown.set(this.view);
    this.#bytes = grown;
  }
}

// When the messages that are still unanswered were really sent: a small ring that grows only where answers come late.

/** Room for a burst of sends that are up to a second late, and for their answers' way back. */
const FIRST_CAPACITY_SECONDS = 2;
const SMALLEST_CAPACITY = 8;
const LARGEST_CAPACITY = 4096;
const ANSWERED = -1;

export class SentTimes {
  #times: Float64Array;
  /** One more than the largest sequence number noted. */
  #next = 0;
  /** A server that never answers must not cost memory: grow only once one answer has come. */
  #sawAnswer = false;

  constructor(ratePerSecond: number) {
    let capacity = SMALLEST_CAPACITY;
    while (capacity < ratePerSecond * FIRST_CAPACITY_SECONDS && capacity < LARGEST_CAPACITY) capacity *= 2;
    this.#times = new Float64Array(capacity).fill(ANSWERED);
  }

  /** Notes that message `sequence` left at `sentMs` >= 0. Sequence numbers only grow. */
  note(sequence: number, sentMs: number): void {
    if (this.#sawAnswer && this.#times[this.#slot(sequence)]! >= 0) this.#grow();
    // Messages that were dropped in between never get an answer.
    for (let skipped = Math.max(this.#next, sequence - this.#times.length); skipped < sequence; skipped++) {
      this.#times[this.#slot(skipped)] = ANSWERED;
    }
    this.#times[this.#slot(sequence)] = sentMs;
    this.#next = sequence + 1;
  }

  /**
   * Takes the moment at which `sequence` left. `undefined`: never sent or answered before. `null`: sent so long ago that the ring has
   * forgotten when.
   */
  take(sequence: number): number | null | undefined {
    if (sequence < 0 || sequence >= this.#next) return undefined;
    this.#sawAnswer = true;
    if (sequence < this.#next - this.#times.length) return null;
    const slot = this.#slot(sequence);
    const sentMs = this.#times[slot]!;
    if (sentMs < 0) return undefined;
    this.#times[slot] = ANSWERED;
    return sentMs;
  }

  #slot(sequence: number): number {
    return sequence & (this.#times.length - 1);
  }

  #grow(): void {
    const old = this.#times;
    if (old.length >= LARGEST_CAPACITY) return;
    const grown = new Float64Array(old.length * 2).fill(ANSWERED);
    for (let sequence = Math.max(0, this.#next - old.length); sequence < this.#next; sequence++) {
      grown[sequence & (grown.length - 1)] = old[sequence & (old.length - 1)]!;
    }
    this.#times = grown;
  }
}

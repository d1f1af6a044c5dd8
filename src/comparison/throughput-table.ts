// Messages received of one run as sums over its seconds: the rate of any choice of seconds is a few look-ups.
import type { Segment } from "./block-bootstrap.js";
import type { SecondFacts } from "./run-facts.js";
import { segmentsOf } from "./segments.js";

export class ThroughputTable {
  readonly segments: readonly Segment[];
  readonly #seconds: readonly SecondFacts[];
  /** Of all rows before. */
  readonly #messages: Float64Array;
  readonly #lengthMs: Float64Array;

  constructor(seconds: readonly SecondFacts[]) {
    this.#seconds = seconds;
    this.segments = segmentsOf(seconds);
    this.#messages = summed(seconds.map(({ messagesReceived }) => messagesReceived));
    this.#lengthMs = summed(seconds.map(({ lengthMs }) => lengthMs));
  }

  /** Messages a second in these rows. */
  perSecond(blocks: Int32Array, length: number): number {
    let messages = 0;
    let lengthMs = 0;
    for (let i = 0; i < length; i += 2) {
      messages += this.#messages[blocks[i + 1]!]! - this.#messages[blocks[i]!]!;
      lengthMs += this.#lengthMs[blocks[i + 1]!]! - this.#lengthMs[blocks[i]!]!;
    }
    return (messages * 1000) / Math.max(1, lengthMs);
  }

  /** The rate of each row by itself. */
  rowsPerSecond(): number[] {
    return this.#seconds.map(({ messagesReceived, lengthMs }) => (messagesReceived * 1000) / Math.max(1, lengthMs));
  }
}

function summed(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [row, value] of values.entries()) sums[row + 1] = sums[row]! + value;
  return sums;
}

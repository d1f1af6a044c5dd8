// Random numbers between two ends out of a client's stream: whole ones of up to 64 bits, and reals. Draws from nothing else.
import type { ClientVariables } from "./client-variables.js";
import type { ValueRegister } from "./value-register.js";

const HIGH = 0x1_0000_0000;
/** Most that 53 random bits are. */
const MOST = 2 ** 53 - 1;

/** Uniform, 53 bits, 0 and 1 included. */
export function drawShare(client: ClientVariables, stream: number): number {
  const high = client.uint32(stream) >>> 11;
  return (high * HIGH + client.uint32(stream)) / MOST;
}

/** Uniform between two ends, both included. */
export function drawReal(client: ClientVariables, stream: number, min: number, max: number): number {
  const share = drawShare(client, stream);
  return Math.min(max, Math.max(min, min * (1 - share) + max * share));
}

/** Uniform whole numbers from `min` to `max`, exact however far these are apart. */
export class WholeDraw {
  readonly #stream: number;
  readonly #minLow: number;
  readonly #minHigh: number;
  readonly #spanLow: number;
  readonly #spanHigh: number;
  /** All bits up to the span's highest: what is drawn is below twice the span, and drawn again if above it. */
  readonly #maskLow: number;
  readonly #maskHigh: number;
  readonly #isSigned: boolean;

  /** @param min, max Both within -2^63 .. 2^63 - 1, or both within 0 .. 2^64 - 1. */
  constructor(stream: number, min: bigint, max: bigint) {
    const span = max - min;
    const bits = span.toString(2).length;
    const mask = 2n ** BigInt(span === 0n ? 0 : bits) - 1n;
    this.#stream = stream;
    [this.#minLow, this.#minHigh] = wordsOf(min);
    [this.#spanLow, this.#spanHigh] = wordsOf(span);
    [this.#maskLow, this.#maskHigh] = wordsOf(mask);
    this.#isSigned = min < 0n;
  }

  draw(client: ClientVariables, into: ValueRegister): void {
    let low: number;
    let high = 0;
    do {
      low = (client.uint32(this.#stream) & this.#maskLow) >>> 0;
      if (this.#maskHigh !== 0) high = (client.uint32(this.#stream) & this.#maskHigh) >>> 0;
    } while (high > this.#spanHigh || (high === this.#spanHigh && low > this.#spanLow));
    const sum = low + this.#minLow;
    into.setWords(sum, high + this.#minHigh + (sum >= HIGH ? 1 : 0), this.#isSigned);
  }
}

function wordsOf(long: bigint): [low: number, high: number] {
  const bits = BigInt.asUintN(64, long);
  return [Number(bits & 0xffff_ffffn), Number(bits >> 32n)];
}

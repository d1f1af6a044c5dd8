// One value on its way from where it comes from to the bytes of a field, so that nothing is allocated on that way. Writes nothing.
import { floatBits, Words } from "../protocol/datastream/words.js";
import { numericOf, type Value } from "./value.js";
import { isHeld, isLongHeld, type ValueRange } from "./value-range.js";

const HIGH = 0x1_0000_0000;
const words = new Words();

/**
 * Set by a source, then made fit for an encoding. `low` and `high` are signed words, since those are never allocated: the low 32 bits
 * of an integer or of a float's bits, and the high ones where the encoding has 64.
 */
export class ValueRegister {
  low = 0;
  high = 0;
  readonly #number = new Float64Array(1);
  /** A whole number that no number is exactly. */
  #long: bigint | undefined;
  /** `low` and `high` are the value already. */
  #isWords = false;

  setNumber(number: number): void {
    this.#number[0] = number;
    this.#long = undefined;
    this.#isWords = false;
  }

  /** A 64-bit integer of which is known that the encoding holds it. */
  setWords(low: number, high: number, isSigned: boolean): void {
    this.setNumber((isSigned ? high | 0 : high >>> 0) * HIGH + (low >>> 0));
    this.#isWords = true;
    this.low = low | 0;
    this.high = high | 0;
  }

  /** The number, exact. */
  get value(): number | bigint {
    const number = this.#number[0]!;
    if (this.#long !== undefined) return this.#long;
    if (!this.#isWords || Number.isSafeInteger(number)) return number;
    words.set(this.low, this.high);
    return number < 0 ? words.long : words.ulong;
  }

  /** False: a text that is no number; 0 is then set. */
  setValue(value: Value): boolean {
    const number = numericOf(value);
    this.setNumber(number === undefined ? 0 : Number(number));
    if (typeof number === "bigint") this.#long = number;
    return number !== undefined;
  }

  /** Puts a whole number into `low` and `high`, modulo 2^64; false if the range does not have it. A fraction is cut off. */
  toWhole(range: ValueRange): boolean {
    if (this.#isWords) return true;
    const long = this.#long;
    if (long !== undefined) {
      words.setLong(long);
      this.low = words.low | 0;
      this.high = words.high | 0;
      return isLongHeld(range, long);
    }
    const number = this.#number[0]!;
    const whole = Math.trunc(number);
    this.low = whole | 0;
    this.high = Math.floor(whole / HIGH) | 0;
    return isHeld(range, number);
  }

  /** Puts the bits of a float into `low`; false if the number becomes an infinite one. */
  toFloat(range: ValueRange): boolean {
    const number = this.#number[0]!;
    this.low = floatBits(number) | 0;
    return isHeld(range, number);
  }

  /** Puts the bits of a double into `low` and `high`. */
  toDouble(): boolean {
    words.setDouble(this.#number[0]!);
    this.low = words.low | 0;
    this.high = words.high | 0;
    return true;
  }
}

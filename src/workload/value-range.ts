// What a numeric encoding holds, and the check of a value's source against it when a script is compiled. Writes nothing.
import type { ValueSource } from "../profile/scenario.js";
import { numericOf, type Value } from "./value.js";

/** Whole numbers from `min` to below `limit`; all others are "real": `limit` is then the first number that becomes infinite. */
export interface ValueRange {
  readonly isWhole: boolean;
  readonly min: number;
  readonly limit: number;
  readonly minLong: bigint;
  readonly limitLong: bigint;
  /** What a value must be, in words. */
  readonly rule: string;
}

/** Largest float, and half a step beyond: from there on a number becomes an infinite float. */
const FLOAT_LIMIT = 2 ** 128 - 2 ** 103;

/** Whole numbers of so many bits, 1 to 64. */
export function wholeRange(bits: number, isSigned: boolean): ValueRange {
  const minLong = isSigned ? -(2n ** BigInt(bits - 1)) : 0n;
  const limitLong = minLong + 2n ** BigInt(bits);
  const rule = `a whole number from ${minLong} to ${limitLong - 1n}`;
  return { isWhole: true, min: Number(minLong), limit: Number(limitLong), minLong, limitLong, rule };
}

function realRange(limit: number, rule: string): ValueRange {
  // No bigint is ever between them: a double holds every number of 64 bits, if not exactly.
  return { isWhole: false, min: -limit, limit, minLong: -(2n ** 64n), limitLong: 2n ** 65n, rule };
}

export const FLOAT_RANGE = realRange(FLOAT_LIMIT, "a number that a float holds");
export const DOUBLE_RANGE = realRange(Number.POSITIVE_INFINITY, "a number that a double holds");

/** Whether the encoding holds the number as it is, but for rounding. Infinities and NaN are numbers of a float and a double. */
export function isHeld(range: ValueRange, number: number): boolean {
  if (range.isWhole) return number >= range.min && number < range.limit && Number.isInteger(number);
  return (number > range.min && number < range.limit) || !Number.isFinite(number);
}

export function isLongHeld(range: ValueRange, long: bigint): boolean {
  return long >= range.minLong && long < range.limitLong;
}

/**
 * A literal as the number that will be written. The largest number of 64 bits may have been rounded up on its way here, for no
 * number is exactly it: that one is taken as meant.
 *
 * @param what The field, for the error. @throws {RangeError} If it is no number, or none that the encoding holds.
 */
export function literalInRange(value: Value, range: ValueRange, what: string): number | bigint {
  const number = numericOf(value);
  if (typeof number === "number" && isHeld(range, number)) return number;
  if (typeof number === "bigint" && isLongHeld(range, number)) return number;
  if (range.isWhole && number === range.limit && range.limit > Number.MAX_SAFE_INTEGER) return range.limitLong - 1n;
  throw outOfRange(what, range, value);
}

/**
 * Checks what is known of a source before anything runs: a literal, both ends of a random number, the start of a counter. A counter
 * wraps where it ends, as sequence numbers do, and a clock does.
 *
 * @throws {RangeError} If the encoding does not hold it.
 */
export function checkSource(source: ValueSource, range: ValueRange, what: string): void {
  if (source.from === "literal") literalInRange(source.value, range, what);
  if (source.from === "random") for (const end of [source.min, source.max]) literalInRange(end, range, what);
  if (source.from !== "counter") return;
  literalInRange(source.start, range, what);
  if (range.isWhole && !Number.isInteger(source.step)) throw outOfRange(`the step of ${what}`, range, source.step);
}

function outOfRange(what: string, range: ValueRange, value: Value): RangeError {
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new RangeError(`Cannot compile a script: ${what} must be ${range.rule}, got ${got}`);
}

// Values against the fields that they fill: ranges of numbers, lengths of texts, as far as both are known. Writes no bytes.
import { encodeUtf8, type FixedStringSize, maxStringBytes } from "../protocol/datastream/fixed-string.js";
import { ENCODINGS } from "./encodings.js";
import type { Path } from "./findings.js";
import type { Literal, ScalarEncoding, ValueSource } from "./scenario.js";
import type { ScenarioScope } from "./scenario-scope.js";

/** Which numbers a field holds. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** Where the values of a feeder's column are found. */
export interface Columns {
  columnOf(source: ValueSource): readonly string[] | undefined;
}

const LONG_BITS = 64;

/** The numbers of `bits` bits. */
export function bitRange(bits: number): NumberRange {
  return { min: 0, max: 2 ** bits - 1, isWhole: true };
}

/** A number, or a text or a truth value that stands for one, in the range of its field. */
export function isInRange({ min, max, isWhole }: NumberRange, value: Literal): boolean {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  return number >= min && number <= max && (!isWhole || Number.isInteger(number));
}

/** Digits in quotes hold all of a long, where a number would be rounded. */
export function isInEncoding(type: ScalarEncoding, value: Literal): boolean {
  if (typeof value === "string" && /^-?\d+$/.test(value) && /long/i.test(type)) {
    const isSigned = !/ulong/i.test(type);
    const wrapped = isSigned ? BigInt.asIntN(LONG_BITS, BigInt(value)) : BigInt.asUintN(LONG_BITS, BigInt(value));
    return wrapped === BigInt(value);
  }
  return isInRange(ENCODINGS[type], value);
}

/** Checks what is known of a number: a literal, both ends of a random one, the start of a counter, every row of a column. */
export function checkNumber(
  source: ValueSource,
  range: NumberRange,
  isHeld: (value: Literal) => boolean,
  path: Path,
  scope: ScenarioScope,
): void {
  scope.checkSource(source, path);
  const rule = `${range.isWhole ? "a whole number" : "a number"} from ${range.min} to ${range.max}`;
  const wrong = (what: string, got: unknown): void => scope.findings.wrong(path, what, got);
  if (source.from === "literal" && !isHeld(source.value)) wrong(rule, source.value);
  if (source.from === "counter" && !isHeld(source.start)) wrong(`a counter that starts with ${rule}`, source.start);
  if (source.from === "random" && !(isHeld(source.min) && isHeld(source.max))) {
    wrong(`between two numbers, each ${rule}`, [source.min, source.max]);
  }
  const row = scope.columnOf(source)?.findIndex((cell) => !isHeld(cell)) ?? -1;
  if (row >= 0) wrong(`a column of which each row is ${rule}`, `${scope.columnOf(source)![row]} in row ${row + 1}`);
}

/** Checks what is known of the text of a fixed string. */
export function checkFixedString(source: ValueSource, size: FixedStringSize, path: Path, scope: ScenarioScope): void {
  scope.checkSource(source, path);
  const maxBytes = maxStringBytes(size);
  const tooLong = knownTexts(source, scope).find((text) => utf8Bytes(text) > maxBytes);
  if (tooLong !== undefined) scope.findings.wrong(path, `at most ${maxBytes} bytes of UTF-8`, tooLong);
}

/** Bytes of the longest text that is known; 0 where none is. */
export function longestTextBytes(source: ValueSource, columns: Columns): number {
  return knownTexts(source, columns).reduce((most, text) => Math.max(most, utf8Bytes(text)), 0);
}

function knownTexts(source: ValueSource, columns: Columns): readonly string[] {
  if (source.from === "literal") return [String(source.value)];
  return columns.columnOf(source) ?? [];
}

const nothing = new Uint8Array(0);

function utf8Bytes(text: string): number {
  return encodeUtf8(text, nothing);
}

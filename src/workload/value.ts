// One value of a script: a number, a text, a truth value, or a whole number that only a bigint holds. How it reads as a number or
// as a text, and how two are compared. Knows nothing of where a value comes from.

/** A bigint only where a number is not exact: beyond 2^53 either way. */
export type Value = number | bigint | string | boolean;

export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Digits that `BigInt` reads and `Number` may round. */
const WHOLE = /^\s*(?:-?\d+|0x[\da-f]+)\s*$/i;

/** A value as a number: true is 1, a text is the number that it spells; undefined: it spells none. */
export function numericOf(value: Value): number | bigint | undefined {
  if (typeof value === "string") return numberOfText(value);
  return typeof value === "boolean" ? Number(value) : value;
}

/** A value as a text. */
export function textOf(value: Value): string {
  return typeof value === "string" ? value : String(value);
}

/** A bigint as a value: a number where one is exact. */
export function valueOfLong(long: bigint): number | bigint {
  const number = Number(long);
  return Number.isSafeInteger(number) ? number : long;
}

/** Compares as numbers where both sides are numbers or spell one, else as texts. A NaN equals nothing and has no order. */
export function compareValues(left: Value, operator: Operator, right: Value): boolean {
  const leftNumber = numericOf(left);
  const rightNumber = numericOf(right);
  if (leftNumber !== undefined && rightNumber !== undefined) return isTrue(leftNumber, operator, rightNumber);
  return isTrue(textOf(left), operator, textOf(right));
}

function isTrue<T extends number | bigint | string>(left: T, operator: Operator, right: T): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return isSame(left, right) === (operator === "==");
  }
}

/** Two numbers, or two texts: a bigint equals the number of its value. */
export function isSame(left: number | bigint | string, right: number | bigint | string): boolean {
  return left <= right && left >= right;
}

function numberOfText(text: string): number | bigint | undefined {
  const number = Number(text);
  if (Number.isNaN(number) || (number === 0 && text.trim() === "")) return undefined;
  return Number.isSafeInteger(number) || !WHOLE.test(text) ? number : valueOfLong(BigInt(text));
}

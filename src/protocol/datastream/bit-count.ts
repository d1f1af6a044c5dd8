// The one rule for a number of raw bits. Never called for bytes from the wire.

/** Most raw bits of one call. */
export const MAX_RAW_BITS = 32;

/** @throws {RangeError} If `bitCount` is not a whole number from 0 to 32. */
export function checkBitCount(action: "read" | "write", bitCount: number): void {
  if (bitCount >>> 0 === bitCount && bitCount <= MAX_RAW_BITS) return;
  throw new RangeError(
    `Cannot ${action} raw bits: their number must be a whole one from 0 to ${MAX_RAW_BITS}, got ${bitCount}`,
  );
}

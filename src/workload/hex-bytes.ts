// Hex digits of a script as bytes, once when it is compiled.

/**
 * @param what What they are, for the error.
 * @throws {RangeError} If `hex` is no even number of hex digits.
 */
export function hexBytes(hex: string, what: string): Uint8Array {
  if (!/^(?:[\da-f]{2})*$/i.test(hex)) {
    throw new RangeError(
      `Cannot compile a script: ${what} must be an even number of hex digits, got ${JSON.stringify(hex)}`,
    );
  }
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

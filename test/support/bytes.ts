// Bytes written the way the protocol page writes them. Knows nothing of UTP but the token of its examples.

/** `11 22 33 44 55 66 77 88`, the token of all written examples. */
export const TOKEN = bytes("11 22 33 44 55 66 77 88");
/** Another one, for packets of somebody else. */
export const FOREIGN_TOKEN = bytes("A1 A2 A3 A4 A5 A6 A7 A8");

/** Bytes of a hex text; blanks do not count, `T` stands for the example token. */
export function bytes(text: string): Uint8Array {
  const digits = text.replaceAll("T", "1122334455667788").replaceAll(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new RangeError(`Cannot read bytes: text must be hex pairs, got ${text}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Lower-case hex without blanks. */
export function hex(packet: Uint8Array): string {
  let text = "";
  for (const byte of packet) text += byte.toString(16).padStart(2, "0");
  return text;
}

// Bytes at a place of a message, read as a text, a number or a time where they make sense as one. Pure.
import type { Place } from "./meaning.js";

/** Shorter printable bytes are printable by chance. */
const TEXT_CHARACTERS = 3;
const LENGTH_BYTES = 2;
/** Names may begin alike. */
const MAX_SHARED_BYTES = 32;
const FLOAT_BYTES = 4;
/** Sizes of what a game's numbers are: coordinates, angles, speeds. */
const SMALLEST_FLOAT = 1e-4;
const LARGEST_FLOAT = 1e6;
const FIRST_TIME_MS = Date.UTC(2015, 0);
const LAST_TIME_MS = Date.UTC(2045, 0);

/** The printable text around the range, if all of the range is printable. */
export function textAt({ message, offset, lengthBytes }: Place): string | undefined {
  let start = offset;
  let end = offset + lengthBytes;
  if (!isPrintable(message.subarray(start, end))) return undefined;
  while (start > 0 && isPrintable(message.subarray(start - 1, start))) start--;
  while (end < message.length && isPrintable(message.subarray(end, end + 1))) end++;
  return end - start < TEXT_CHARACTERS ? undefined : textOf(message.subarray(start, end));
}

/** A text with its length in two bytes in front of it, as a fixed string has it; the range holds some of either. */
export function textWithLengthAt({ message, offset, lengthBytes }: Place): string | undefined {
  for (let at = offset; at >= 0 && at >= offset - LENGTH_BYTES - MAX_SHARED_BYTES; at--) {
    const length = message[at]! | ((message[at + 1] ?? 0) << 8);
    const end = at + LENGTH_BYTES + length;
    if (length < 1 || end > message.length || end < offset + lengthBytes) continue;
    const text = message.subarray(at + LENGTH_BYTES, end);
    if (isPrintable(text) && (text.length >= TEXT_CHARACTERS || at >= offset - LENGTH_BYTES)) return textOf(text);
  }
  return undefined;
}

/** The range as a number, lowest byte first; of a longer one the first six bytes. */
export function wholeNumber({ message, offset, lengthBytes }: Place): number {
  let value = 0;
  for (let at = Math.min(lengthBytes, 6) - 1; at >= 0; at--) value = value * 256 + message[offset + at]!;
  return value;
}

/** The floats that cover the range, if all are of a size that games use. */
export function floatsIn({ message, offset, lengthBytes }: Place): readonly number[] | undefined {
  // One byte that differs says little: any number may be it.
  if (lengthBytes < 2) return undefined;
  const bytes = FLOAT_BYTES * Math.ceil(lengthBytes / FLOAT_BYTES);
  for (const start of [offset, offset + lengthBytes - bytes]) {
    if (start < 0 || start + bytes > message.length) continue;
    const view = new DataView(message.buffer, message.byteOffset + start, bytes);
    const floats = Array.from({ length: bytes / FLOAT_BYTES }, (_, index) =>
      view.getFloat32(index * FLOAT_BYTES, true),
    );
    if (floats.every(isUsual)) return floats;
  }
  return undefined;
}

/** What kind of time since 1970 begins at the range. */
export function timeAt({ message, offset }: Place): string | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (offset + 8 <= message.length && isRecent(Number(view.getBigUint64(offset, true)))) {
    return "milliseconds since 1970";
  }
  const isSeconds = offset + 4 <= message.length && isRecent(1000 * view.getUint32(offset, true));
  return isSeconds ? "seconds since 1970" : undefined;
}

function isRecent(ms: number): boolean {
  return ms >= FIRST_TIME_MS && ms < LAST_TIME_MS;
}

function isUsual(float: number): boolean {
  const size = Math.abs(float);
  return float === 0 || (size >= SMALLEST_FLOAT && size <= LARGEST_FLOAT);
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

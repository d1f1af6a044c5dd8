// Fixed strings as UTF-8 bytes: their sizes, and text to bytes and back. Knows nothing of streams; never cuts a text short.

/** Unity's FixedString types by the size of their memory. */
export const FIXED_STRING_SIZES = [32, 64, 128, 512, 4096] as const;
export type FixedStringSize = (typeof FIXED_STRING_SIZES)[number];
/** A text, or its UTF-8 bytes where they are at hand: any bytes do, and are kept as they are. */
export type FixedStringValue = string | Uint8Array;

/** Unity's length field (2 bytes) and terminator (1) are part of the size. */
const RESERVED_BYTES = 3;
/** Bytes of the longest fixed string. */
export const LARGEST_STRING_BYTES = 4096 - RESERVED_BYTES;

/** Most bytes that a fixed string of a size holds: 29, 61, 125, 509, 4093. */
export function maxStringBytes(size: FixedStringSize): number {
  return size - RESERVED_BYTES;
}

/**
 * Puts a text's bytes into `scratch`; bytes stay where they are. Returns the length of either in bytes, which must fit the type.
 *
 * @param scratch At least {@link LARGEST_STRING_BYTES} long.
 * @throws {RangeError} If the value is longer than the type holds.
 */
export function encodeFixedString(size: FixedStringSize, value: FixedStringValue, scratch: Uint8Array): number {
  const lengthBytes = typeof value === "string" ? encodeUtf8(value, scratch) : value.length;
  const maxBytes = maxStringBytes(size);
  if (lengthBytes > maxBytes) {
    throw new RangeError(
      `Cannot use a FixedString${size}: its text must be at most ${maxBytes} bytes of UTF-8, got ${lengthBytes}`,
    );
  }
  return lengthBytes;
}

const REPLACEMENT = 0xfffd;

/** Writes a text as UTF-8 and returns its length in bytes; what has no room in `target` is counted, not written. Half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string, target: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i)!;
    if (code > 0xffff) i++;
    else if (code >= 0xd800 && code <= 0xdfff) code = REPLACEMENT;
    if (code < 0x80) {
      target[at++] = code;
      continue;
    }
    const followers = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
    target[at++] = ((0x780 >> followers) & 0xff) | (code >> (6 * followers));
    for (let left = followers - 1; left >= 0; left--) target[at++] = 0x80 | ((code >> (6 * left)) & 0x3f);
  }
  return at;
}

/** A byte order mark is text like any other. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as text. What is not UTF-8 becomes U+FFFD; never throws. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

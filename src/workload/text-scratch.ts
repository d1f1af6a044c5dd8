// Texts of payload fields as UTF-8: encoded once if known, else when they are written. Chooses no length.
import { encodeUtf8 } from "../protocol/datastream/fixed-string.js";

/** The text that was encoded last, in a buffer that grows with the longest. */
export class TextScratch {
  bytes = new Uint8Array(256);
  lengthBytes = 0;

  /** @returns Its length in bytes. */
  encode(text: string): number {
    // Every UTF-16 unit is 3 bytes at most; a text that is longer than the buffer is rare.
    if (text.length * 3 > this.bytes.length) this.bytes = new Uint8Array(text.length * 6);
    this.lengthBytes = encodeUtf8(text, this.bytes);
    return this.lengthBytes;
  }

  /** Makes it at most so long, without tearing a character; whether there was anything to cut. */
  cut(maxBytes: number): boolean {
    if (this.lengthBytes <= maxBytes) return false;
    let end = maxBytes;
    while (end > 0 && (this.bytes[end]! & 0xc0) === 0x80) end--;
    this.lengthBytes = end;
    return true;
  }
}

// Bytes and times of a recording as its profile and the terminal write them. Pure.
import { formatDuration } from "../profile/duration.js";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte]!;
  return text;
}

/** Whole bytes as hex digits; what is no such text gives fewer. */
export function bytesOfHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/** `1.25 s`. */
export function seconds(ms: number): string {
  return `${Math.round(ms) / 1000} s`;
}

/** The text of a duration in whole milliseconds. */
export function wholeMs(ms: number): string {
  return formatDuration(Math.round(ms));
}

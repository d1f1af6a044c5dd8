// Frames as lines of text: hex on the left, what it means on the right, 80 columns. Pure.
import { describeCloseCode } from "./close-code.js";
import { type Field, packetFields, packetName } from "./decode-packet.js";
import type { ProbeFrame } from "./observation.js";
import { counted, harmless } from "./words.js";

const BYTES_PER_ROW = 16;
const HEX_WIDTH = BYTES_PER_ROW * 3 - 1;
const INDENT = "           ";
/** Room right of the hex. */
const MEANING_WIDTH = 80 - INDENT.length - HEX_WIDTH - 2;
const HTTP_WIDTH = 80 - INDENT.length;

/** All lines of one frame: a head line, then its bytes. */
export function frameLines(frame: ProbeFrame): string[] {
  const { direction, kind, payload, atMs } = frame;
  const arrow = direction === "sent" ? "->" : "<-";
  const name = kind === "binary" ? `${packetName(payload)}, ` : "";
  const head = `${`+${atMs.toFixed(1)}`.padStart(8)} ${arrow} ${kind}: ${name}${counted(payload.length, "byte")}`;
  return [head, ...bodyLines(frame)];
}

function bodyLines({ kind, payload }: ProbeFrame): string[] {
  if (kind === "http" && isText(payload)) return httpLines(payload);
  if (kind === "binary") return packetFields(payload).flatMap(fieldLines);
  if (kind === "close" && payload.length >= 2) {
    return fieldLines({ bytes: payload, meaning: describeCloseCode((payload[0]! << 8) | payload[1]!) });
  }
  return fieldLines({ bytes: payload, meaning: "" });
}

/** Head of a request or answer, line by line; a line too long for the terminal goes on in the next one. */
function httpLines(payload: Uint8Array): string[] {
  const lines = latin1(payload)
    .replace(/(\r\n)+$/, "")
    .split("\r\n");
  return lines.flatMap((line) => inPieces(harmless(line), HTTP_WIDTH).map((piece) => INDENT + piece));
}

/** Short fields have their meaning beside them, long ones the characters of each row. */
function fieldLines({ bytes, meaning }: Field): string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_PER_ROW) {
    const row = bytes.subarray(start, start + BYTES_PER_ROW);
    const isLong = bytes.length > BYTES_PER_ROW || meaning === "payload" || meaning === "not UTP";
    const text = isLong ? characters(row) : meaning.slice(0, MEANING_WIDTH);
    lines.push(`${INDENT}${hex(row).padEnd(HEX_WIDTH)}  ${text}`.trimEnd());
  }
  return lines;
}

/** `0a ff`. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function characters(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[^\x20-\x7e]/g, ".");
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Whether it can be shown as lines: HTTP is, a TLS alert is not. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || byte >= 32);
}

function inPieces(line: string, width: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < line.length; start += width) pieces.push(line.slice(start, start + width));
  return pieces;
}

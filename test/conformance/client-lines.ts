// What a client sent in a capture or in its replay, as lines that can be compared.
import { bytes } from "../support/bytes.js";
import type { Capture } from "./golden.js";
import { reliablePacket } from "./reliable-packets.js";
import { sent } from "./sent-events.js";

/** Frames of one update leave within this. */
const WITHIN_UPDATE_MS = 2;

export interface Line {
  readonly atMs: number;
  readonly line: string;
  /** Processing time of a reliable packet, which the line leaves out. */
  readonly processingTimeMs: number | undefined;
}

/** Frames of Unity's client. */
export function framesIn(capture: Capture): Line[] {
  return sent(capture, "c2s")
    .flatMap((event) =>
      event.kind === "frame" ? [lineOf(event.t_ms, event.fin, event.opcode, event.masked, event.hex)] : [],
    )
    .filter(isCompared);
}

/** What left in each update: lines of less than this after one another. */
export function updatesOf(lines: readonly Line[]): string[][] {
  const found: string[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { atMs, line } of lines) {
    if (atMs - lastMs > WITHIN_UPDATE_MS) found.push([]);
    found.at(-1)!.push(line);
    lastMs = atMs;
  }
  return found;
}

export function lineOf(atMs: number, fin: boolean, opcode: number, isMasked: boolean, payloadHex: string): Line {
  const packet = opcode === 2 ? reliablePacket(bytes(payloadHex)) : undefined;
  return {
    atMs,
    line: `${fin ? "" : "unfinished "}${isMasked ? "" : "unmasked "}${opcode} ${packet?.fixedHex ?? payloadHex}`,
    processingTimeMs: packet?.processingTimeMs,
  };
}

/** Heartbeats and pings depend on races of timers between both ends. */
export function isCompared({ line }: Line): boolean {
  return !line.startsWith("9 ") && !line.startsWith("2 03");
}

// Reads a file line by line, a piece at a time, so that a day-long run needs no more memory than a short one. Writes nothing.
import { closeSync, openSync, readSync } from "node:fs";

const PIECE_BYTES = 64 * 1024;
const LINE_END = 0x0a;

export interface WholeLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Nothing follows it. */
  readonly isLast: boolean;
}

/**
 * The lines of a file that have a line end, in order. What stands behind the last line end was being written when the process or the
 * machine died: it is told to `onTorn` and left out.
 *
 * @throws What node:fs throws, where the file cannot be read.
 */
export function* wholeLines(path: string, onTorn: (bytes: number) => void = () => undefined): Generator<WholeLine> {
  let held: { text: string; number: number } | undefined;
  let number = 0;
  for (const line of endedLines(path, onTorn)) {
    if (held !== undefined) yield { ...held, isLast: false };
    held = { text: line.toString("utf8"), number: ++number };
  }
  if (held !== undefined) yield { ...held, isLast: true };
}

function* endedLines(path: string, onTorn: (bytes: number) => void): Generator<Buffer> {
  const descriptor = openSync(path, "r");
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const piece = Buffer.alloc(PIECE_BYTES);
      const bytes = readSync(descriptor, piece);
      if (bytes === 0) break;
      const text = rest.length === 0 ? piece.subarray(0, bytes) : Buffer.concat([rest, piece.subarray(0, bytes)]);
      let from = 0;
      for (let end = text.indexOf(LINE_END, from); end >= 0; end = text.indexOf(LINE_END, from)) {
        yield text.subarray(from, end);
        from = end + 1;
      }
      rest = text.subarray(from);
    }
    if (rest.length > 0) onTorn(rest.length);
  } finally {
    closeSync(descriptor);
  }
}

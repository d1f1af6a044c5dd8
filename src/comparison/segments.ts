// Groups rows that follow each other and belong to one segment. Pure.
import type { Segment } from "./block-bootstrap.js";
import type { SecondFacts } from "./run-facts.js";

/** Where each segment's rows begin and end. */
export function segmentsOf(rows: readonly Pick<SecondFacts, "segment">[]): Segment[] {
  const segments: { from: number; to: number }[] = [];
  for (const [row, { segment }] of rows.entries()) {
    const last = segments.at(-1);
    if (last !== undefined && rows[row - 1]!.segment === segment) last.to = row + 1;
    else segments.push({ from: row, to: row + 1 });
  }
  return segments;
}

// The pipelines of a run in the summary: one line each, what is zero left out but for messages. Pure; it only reads the summary.
import type { PipelineCounts } from "../result/summary.js";
import { countText } from "./numbers.js";

/** What happened to packets, in the words of docs/metrics.md. */
const EVENTS: readonly (readonly [field: keyof PipelineCounts, words: string])[] = [
  ["reassembled", "reassembled"],
  ["resent", "sent again"],
  ["duplicates", "duplicates"],
  ["dropped", "dropped"],
  ["outOfWindow", "out of window"],
];

/** `reliable: 1,000 sent, 998 received, 3 sent again`; nothing for a run without pipelines. */
export function pipelineTexts(perPipeline: Readonly<Record<string, PipelineCounts>>): string[] {
  const used = Object.entries(perPipeline);
  if (used.every(([name]) => name === "0")) return [];
  return used.map(([name, counts]) => `${name === "0" ? "none" : name}: ${countsOf(counts)}`);
}

function countsOf(counts: PipelineCounts): string {
  const events = EVENTS.filter(([field]) => counts[field] > 0);
  const told = events.map(([field, words]) => `${countText(counts[field])} ${words}`);
  return [`${countText(counts.sent)} sent`, `${countText(counts.received)} received`, ...told].join(", ");
}

// A probe's report as one JSON object for other programs. Pure.
import type { ProbeFrame } from "./observation.js";
import type { ProbeReport } from "./probe.js";
import { hex } from "./trace-text.js";

/** `{ url, steps, verdict }`, and `frames` where a trace was asked for. Times in ms since the start, to a microsecond. */
export function probeJson(report: ProbeReport, frames: readonly ProbeFrame[] | undefined): string {
  const steps = report.steps.map((step) => ({ ...step, atMs: rounded(step.atMs), tookMs: rounded(step.tookMs) }));
  const shown = frames?.map(({ payload, ...frame }) => ({ ...frame, atMs: rounded(frame.atMs), hex: hex(payload) }));
  return JSON.stringify({ url: report.url, steps, verdict: report.verdict, ...(shown && { frames: shown }) }, null, 2);
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}

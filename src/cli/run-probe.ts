// Runs one probe for the command line: steps and frames to stdout as they happen, Ctrl-C as a polite end. Decides nothing about the verdict.
import type { ProbeFrame } from "../probe/observation.js";
import { type ProbeOptions, probe } from "../probe/probe.js";
import { probeJson } from "../probe/probe-json.js";
import { painter, stepLines, verdictLines } from "../probe/probe-text.js";
import { frameLines } from "../probe/trace-text.js";
import { exitCodeOf } from "../probe/verdict.js";
import type { WalkListener } from "../probe/walk-record.js";
import { showsColor } from "./shows-color.js";

export interface ProbeOutput {
  readonly trace: boolean;
  readonly json: boolean;
  /** Undefined: as the terminal is. */
  readonly color: boolean | undefined;
}

/** @returns The exit code. */
export async function runProbe(options: Omit<ProbeOptions, "signal">, output: ProbeOutput): Promise<number> {
  const paint = painter(showsColor(output.color));
  const frames: ProbeFrame[] = [];
  const listener = output.json ? silent(output.trace ? frames : undefined) : printing(output.trace, paint);
  if (!output.json) print([`probing ${options.url}`, ""]);
  const report = await untilInterrupted((signal) => probe({ ...options, signal }, listener));
  if (output.json) print([probeJson(report, output.trace ? frames : undefined)]);
  else print(["", ...verdictLines(report.verdict, paint)]);
  return exitCodeOf(report.verdict);
}

function printing(trace: boolean, paint: ReturnType<typeof painter>): WalkListener {
  return {
    onStep: (step) => print(stepLines(step, paint)),
    onFrame: (frame) => {
      if (trace) print(frameLines(frame));
    },
  };
}

function silent(frames: ProbeFrame[] | undefined): WalkListener {
  return { onStep: () => {}, onFrame: (frame) => frames?.push(frame) };
}

/** The first Ctrl-C asks `run` to end, the second ends the process as it would have without us. */
async function untilInterrupted<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort();
  process.once("SIGINT", onSignal);
  try {
    return await run(controller.signal);
  } finally {
    process.removeListener("SIGINT", onSignal);
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

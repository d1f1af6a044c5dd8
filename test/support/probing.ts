// Runs a probe with short times, and fake servers that end with the test that started them.
import { afterEach } from "vitest";
import type { ProbeFrame } from "../../src/probe/observation.js";
import { type ProbeEnvironment, type ProbeOptions, type ProbeReport, probe } from "../../src/probe/probe.js";

/** Of each step, unless a test says otherwise. */
export const LIMIT_MS = 400;

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.allSettled(closers.splice(0).map((close) => close()));
});

/** Waits for a server and closes it when the test is over. */
export async function started<Server extends { close(): Promise<void> }>(server: Promise<Server>): Promise<Server> {
  const found = await server;
  closers.push(() => found.close());
  return found;
}

/** The report of one probe; `frames` collects what was told of frames. */
export function probed(
  url: string,
  options: Partial<ProbeOptions> = {},
  environment?: ProbeEnvironment,
  frames: ProbeFrame[] = [],
): Promise<ProbeReport> {
  const defaults = { holdMs: 300, limitMs: LIMIT_MS, messageBytes: 64, headers: [], ca: undefined, insecure: false };
  const listener = { onStep: () => {}, onFrame: (frame: ProbeFrame) => void frames.push(frame) };
  return probe({ ...defaults, ...options, url }, listener, environment);
}

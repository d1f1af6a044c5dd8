import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/analysis/diagnosis.js";
import type { Observations } from "../../../src/analysis/observations.js";
import type { Summary } from "../../../src/result/summary.js";
import { virtualRun } from "../../support/virtual-run.js";
import { PATTERNS } from "./patterns.js";

/** What a Unity server shows under load; each is found in a run that has it, and in no run that has another. */
const SHOWN = [
  "one-accept-a-tick",
  "border-in-join-order",
  "rtt-grows-in-last-slots",
  "send-queue-full",
  "all-silent-at-once",
  "accepts-lost",
  "rtt-quantised",
  "server-hitch",
  "closed-without-close",
  "disconnect-timeout",
  "disconnects-lost",
  "netcode-approval",
  "server-died",
  "server-sent-all-away",
  "generator-invalid",
];

/** As it comes back out of a results folder. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe("the diagnosis of a run on a virtual clock finds its pattern and none of the others:", () => {
  it.each(PATTERNS.map((pattern) => [pattern.what, pattern] as const))("%s", (_what, pattern) => {
    const { codes, summary, observations } = virtualRun(pattern);
    expect(codes).toEqual(pattern.codes);
    expect(diagnose(stored<Summary>(summary), stored<Observations>(observations))).toEqual(summary.diagnosis);
  });

  it("every pattern is among them", () => {
    const found = new Set(PATTERNS.flatMap(({ codes }) => codes));
    expect(SHOWN.filter((code) => !found.has(code))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { planFigures, planLines, settingLines } from "../../../src/cli/plan-text.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { machineWith } from "./machine.js";

function runOf(flags: Record<string, unknown>, files: Record<string, string> = {}) {
  const argument = Object.keys(files)[0] ?? "ws://127.0.0.1:7777/";
  return resolveRun({ argument, flags, environment: {} }, machineWith(files)).run;
}

describe("planFigures()", () => {
  it("adds up to the plan", () => {
    const flags = { clients: "1000", ramp: "0s", duration: "10s", rate: "20", size: "64", workers: "3" };
    expect(planFigures(runOf(flags))).toEqual({
      durationMs: 10_000,
      plannedClients: 1000,
      peakClients: 1000,
      peakMessagesPerSecond: 20_000,
      totalSends: 200_000,
      shares: [334, 333, 333],
      // 2 bytes of header, 4 of mask, 10 of UTP, 64 of payload.
      peakBytesPerSecond: 20_000 * 80,
      descriptorsNeeded: 1064,
    });
  });

  it("counts clients that come again, and longer headers of larger frames", () => {
    const stages =
      "stages: [{ duration: 0s, target: 5 }, { duration: 1s, target: 1 }, { duration: 0s, target: 3 }]\nsize: 116";
    const figures = planFigures(runOf({}, { "load.yaml": stages }));
    expect(figures).toMatchObject({ plannedClients: 7, peakClients: 5, peakBytesPerSecond: 5 * 10 * (4 + 4 + 126) });
  });
});

describe("planLines()", () => {
  it("names stages, sends, shares, bandwidth, descriptors and thresholds", () => {
    const flags = { clients: "500", ramp: "50/s", duration: "1m", workers: "2", threshold: ["rtt: p(95)<80"] };
    const text = planLines(runOf(flags)).join("\n");
    for (const part of ["10s to 500 clients", "1m to 500 clients", "5000/s", "2, with 250 clients", "3.20 Mbit/s"]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("564 needed");
    expect(text).toContain("rtt: p(95)<80");
  });
});

it("settingLines() puts name, value and origin in columns", () => {
  const lines = settingLines([
    { name: "rate", value: "5", source: "--rate" },
    { name: "transport.heartbeat", value: "500ms", source: "default" },
  ]);
  expect(lines).toEqual(["rate                 5      --rate", "transport.heartbeat  500ms  default"]);
});

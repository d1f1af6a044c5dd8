import { describe, expect, it } from "vitest";
import { planFigures, planLines } from "../../../src/cli/plan-text.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { playedLoad, scenarioLoad } from "../../../src/cli/scenario-load.js";
import { machineWith } from "./machine.js";
import { scenario, steps } from "./scenario-profile.js";

/** Of a payload of one byte: 2 bytes of header, 4 of mask, 10 of UTP, 1. */
const FRAME_BYTES = 17;

describe("scenarioLoad()", () => {
  const send = "send: [{ byte: 1 }]";
  const cases: [written: string, perSecond: number, once: number][] = [
    ["- log: x", 0, 0],
    [`- ${send}\n- ${send}`, 0, 2],
    [`- every: 50ms\n  ${send}`, 20, 0],
    [`- every: 10/s\n  ${send}\n- every: 2s\n  ${send}`, 10.5, 0],
    [`- repeat: { steps: [{ ${send} }, { wait: 500ms }] }`, 2, 0],
    [`- repeat: { steps: [{ ${send} }, { wait: { uniform: [1s, 3s] } }] }`, 0.5, 0],
    [`- repeat: { steps: [{ ${send} }, { wait: { normal: [4s, 1s] } }] }`, 0.25, 0],
    [`- repeat: { steps: [{ ${send} }, { reconnect: { after: { exponential: 10s } } }] }`, 0.1, 0],
    [`- repeat: { times: 3, steps: [{ ${send} }, { wait: 1s }] }`, 0, 3],
    [`- repeat: { steps: [{ repeat: { times: 3, steps: [{ ${send} }, { wait: 1s }] } }, { wait: 1s }] }`, 0.75, 0],
    [`- choose: [{ weight: 3, steps: [{ ${send} }] }, { weight: 1, steps: [{ log: x }] }]`, 0, 0.75],
    [`- if: $client > 1\n  else: [{ ${send} }]`, 0, 1],
    [
      `- ${send}\n- repeat: { steps: [{ every: 1s, ${send} }, { wait: 9s }, { ${send} }, { reconnect: { after: 1s } }] }`,
      1.1,
      1,
    ],
    // Nobody knows how long an answer takes.
    [`- repeat: { steps: [{ ${send} }, { expect: {} }] }`, 0, 0],
  ];
  it.each(cases)("%s: %d a second and %d once", (written, messagesPerSecond, onceMessages) => {
    const load = scenarioLoad(scenario(steps(written)));
    expect(load.messagesPerSecond).toBeCloseTo(messagesPerSecond, 9);
    expect(load.bytesPerSecond).toBeCloseTo(messagesPerSecond * FRAME_BYTES, 9);
    expect(load.onceMessages).toBeCloseTo(onceMessages, 9);
  });
});

it("steps at their times, as in a recording, are spread over them", () => {
  const send = "send: [{ byte: 1 }]";
  const load = scenarioLoad(scenario(steps(`- { at: 1s, ${send} }\n- { at: 4s, ${send} }\n- { every: 1s, ${send} }`)));
  expect(load).toMatchObject({ messagesPerSecond: 1, onceMessages: 2, onceMs: 4000 });
  expect(playedLoad(load)).toEqual({ messagesPerSecond: 1.5, bytesPerSecond: 1.5 * FRAME_BYTES });
});

describe("the plan of scenarios", () => {
  const text = `clients: 40
ramp: 0s
duration: 10s
scenarios:
  busy: { weight: 3, steps: [{ every: 4/s, send: [{ byte: 1 }] }] }
  idle: { steps: [{ send: [{ byte: 1 }] }] }`;
  const { run } = resolveRun({ argument: "a.yaml", flags: {}, environment: {} }, machineWith({ "a.yaml": text }));

  it("weighs what each sends", () => {
    expect(planFigures(run)).toMatchObject({
      peakMessagesPerSecond: 120,
      totalSends: 1210,
      peakBytesPerSecond: 120 * FRAME_BYTES,
    });
  });

  it("says so", () => {
    const lines = planLines(run).join("\n");
    expect(lines).toContain("busy: 75% of the clients, 4 messages/s each");
    expect(lines).toContain("idle: 25% of the clients, 0 messages/s each, and 1 once");
    expect(lines).toContain("about 120/s at full load");
    expect(lines).toContain("about 1210 in all");
  });
});

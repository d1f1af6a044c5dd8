// Changes by hand: who is told what, what the books say of it, and when it is too late.
import { describe, expect, it } from "vitest";
import { WorkerControl } from "../../../src/engine/run-control.js";
import { RunRecord } from "../../../src/engine/run-record.js";
import type { ToWorker } from "../../../src/engine/worker-messages.js";
import { makePlan } from "../../../src/workload/plan.js";
import { PROFILE } from "../result/sample-run.js";

const STAGES = [{ durationMs: 10_000, target: 5 }];

function bench({ connected = [3, 1] }: { connected?: number[] } = {}) {
  const plan = makePlan(STAGES);
  const record = new RunRecord({ ...PROFILE, stages: STAGES }, plan, 2, 0);
  const parts = connected.map((clients, index) => ({
    index,
    snapshot: { sums: {}, gauges: { clients_connected: clients }, trends: {} },
  }));
  record.add(parts, 1000, false);
  const told: unknown[] = [];
  const logged: string[] = [];
  const state = { elapsedMs: 2000, isEnding: false, stops: 0 };
  const control = new WorkerControl({
    pool: {
      tellAll: (message: ToWorker) => told.push(message.type),
      tell: (index, message) => told.push([index, message]),
      add: (index, clients) => told.push([index, clients.map(({ number }) => number)]),
    },
    record,
    plan,
    workers: 2,
    elapsedMs: () => state.elapsedMs,
    isEnding: () => state.isEnding,
    stop: () => state.stops++,
    onLog: (line) => logged.push(line),
  });
  const next = () => record.add([], 2000, false).total.sums;
  return { control, told, logged, state, next, record };
}

describe("pause and resume", () => {
  it("are told once, counted and logged", () => {
    const { control, told, logged, next } = bench();
    expect([control.pause(), control.pause(), control.isPaused]).toEqual([true, false, true]);
    expect([control.resume(), control.resume(), control.isPaused]).toEqual([true, false, false]);
    expect(told).toEqual(["pause", "resume"]);
    expect(logged).toEqual([
      "adjusted by hand after 2.0 s: paused: no client starts and none sends; connections stay up",
      "adjusted by hand after 2.0 s: resumed",
    ]);
    expect(next()).toEqual({ run_adjustments: 2 });
    expect(next()).toEqual({});
  });
});

describe("addClients", () => {
  it("numbers them on, shares them out, and plans them", () => {
    const { control, told, next, record } = bench();
    expect([control.addClients(3), control.addClients(1)]).toEqual([3, 1]);
    expect(told).toEqual([
      [0, [6]],
      [1, [5, 7]],
      [0, [8]],
    ]);
    expect(next()).toEqual({ run_adjustments: 2, clients_planned: 4 });
    expect(record.figures().whole.sum("clients_planned")).toBe(9);
  });
});

describe("removeClients", () => {
  it.each([
    [1, [1, 0]],
    [2, [2, 0]],
    [3, [3, 0]],
    [4, [3, 1]],
    [9, [3, 1]],
  ])("takes %i from those that have most", (count, shares) => {
    const { control, told } = bench();
    const asked = control.removeClients(count);
    const taken = [0, 0];
    for (const [index, message] of told as [number, { count: number }][]) taken[index] = message.count;
    expect(asked).toBe(taken[0]! + taken[1]!);
    expect(taken).toEqual(shares);
  });

  it("changes nothing where nobody is connected", () => {
    const { control, next } = bench({ connected: [0, 0] });
    expect(control.removeClients(2)).toBe(0);
    expect(next()).toEqual({});
  });
});

describe("a change", () => {
  it("comes too late once the run is at its end", () => {
    const { control, told, state } = bench();
    state.elapsedMs = 10_000;
    expect(control.addClients(1)).toBe(0);
    state.isEnding = true;
    expect([control.pause(), control.addClients(1), control.removeClients(1)]).toEqual([false, 0, 0]);
    expect(told).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN])("of %d clients is misuse", (count) => {
    const { control } = bench();
    expect(() => control.addClients(count)).toThrow(RangeError);
    expect(() => control.removeClients(count)).toThrow(RangeError);
  });

  it("may be the end", () => {
    const { control, state } = bench();
    control.stop();
    expect(state.stops).toBe(1);
  });
});

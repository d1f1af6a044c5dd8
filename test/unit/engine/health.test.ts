// What the threads and the machine take, in bounds that hold on any machine.
import { describe, expect, it } from "vitest";
import { MachineCpu } from "../../../src/engine/machine-cpu.js";
import { RunRecord } from "../../../src/engine/run-record.js";
import { ThreadHealth } from "../../../src/engine/thread-health.js";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../../../src/metrics/histogram.js";
import { makePlan } from "../../../src/workload/plan.js";
import { PROFILE, snapshotOf } from "../result/sample-run.js";

describe("MachineCpu", () => {
  it("lies between 0 and 100%", () => {
    const machine = new MachineCpu();
    const untilMs = performance.now() + 50;
    while (performance.now() < untilMs);
    const percent = machine.takePercent();
    expect(percent).toBeGreaterThanOrEqual(0);
    expect(percent).toBeLessThanOrEqual(100);
    expect(percent * 10).toBeCloseTo(Math.round(percent * 10), 6);
  });
});

describe("ThreadHealth", () => {
  it("tells the time that the thread has worked since the last call, and the pauses of its garbage collector", async () => {
    const health = new ThreadHealth();
    let kept: number[][] = [];
    for (let round = 0; round < 200; round++) {
      kept = [...kept.slice(-20), Array.from({ length: 20_000 }, (_, index) => index * round)];
      if (round % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { cpuMs, gcPauses } = health.take();
    expect(cpuMs).toBeGreaterThan(0);
    expect(gcPauses.length).toBeGreaterThan(0);
    expect(health.take().cpuMs).toBeLessThan(cpuMs);
  });
});

describe("RunRecord", () => {
  it("adds up what each worker took, the pauses of all, and the largest backlog", () => {
    const pauses = newRecordingHistogram();
    recordMs(pauses, 4);
    const gcPauses = encodeHistogram(pauses);
    const record = new RunRecord(PROFILE, makePlan(PROFILE.stages), 2, 1000);
    const part = (cpuMs: number, backlog: number) => {
      const snapshot = snapshotOf({});
      return { ...snapshot, gauges: { socket_backlog_bytes: backlog }, thread: { cpuMs, gcPauses } };
    };
    const parts = [part(500, 10), part(250, 70)].map((snapshot, index) => ({ index, snapshot }));
    expect(record.add(parts, 2000, false).cpu?.workerMs).toEqual([500, 250]);
    record.add([{ index: 0, snapshot: part(300, 20) }], 3000, false);
    const { cpu, maxBacklogBytes, whole } = record.figures();
    expect([cpu?.workerPercent, maxBacklogBytes, whole.gcPauses.totalCount]).toEqual([[40, 12.5], 70, 3]);
  });

  it("tells when a worker was lost", () => {
    const record = new RunRecord(PROFILE, makePlan(PROFILE.stages), 2, 1000);
    const ended = { end: "generatorLost", why: "worker 1" } as const;
    record.add([], 4000, false);
    const lost = [record.add([], 5000, true, [1]), record.addLast([], 6000, true, ended, [1])];
    expect(lost.map(({ total }) => total.sum("workers_lost"))).toEqual([1, 0]);
    expect(record.figures().firstTroubleMs).toBe(3000);
  });
});

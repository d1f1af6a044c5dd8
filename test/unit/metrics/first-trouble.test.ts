import { describe, expect, it } from "vitest";
import { FirstTrouble } from "../../../src/metrics/first-trouble.js";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../../../src/metrics/histogram.js";
import type { Snapshot } from "../../../src/metrics/snapshot.js";
import { intervalOf, snapshotOf } from "../result/sample-run.js";

const WELL = snapshotOf({ messages_planned: 100, messages_sent: 100 }, { send_lag: [0.1, 1] });

function lateTimers(delayMs: number): Snapshot {
  const histogram = newRecordingHistogram();
  recordMs(histogram, delayMs);
  return { ...WELL, eventLoopDelay: encodeHistogram(histogram) };
}

describe("FirstTrouble", () => {
  it.each<[string, Snapshot, number | undefined]>([
    ["all well", WELL, undefined],
    ["a late send", snapshotOf({}, { send_lag: [40] }), 3000],
    ["late timers", lateTimers(40), 3000],
    ["timers in time", lateTimers(4), undefined],
    ["a dropped send", snapshotOf({ dropped_sends: 1 }), 3000],
    [
      "a send dropped by the server's fault",
      snapshotOf({ dropped_sends: 1, "dropped_sends{why:serverNotReading}": 1 }),
      undefined,
    ],
    [
      "a send dropped by a full window",
      snapshotOf({ dropped_sends: 1, "dropped_sends{why:windowFull}": 1 }),
      undefined,
    ],
    ["a lost worker", snapshotOf({ workers_lost: 1 }), 3000],
    ["no descriptors", snapshotOf({ "connect_failures{reason:LocalResourceLimit}": 1 }), 3000],
  ])("begins with the second that has %s", (_what, snapshot, atMs) => {
    const trouble = new FirstTrouble(25);
    for (const [index, part] of [WELL, WELL, WELL, snapshot, WELL, snapshot].entries()) {
      trouble.look(intervalOf(index, part));
    }
    expect(trouble.atMs).toBe(atMs);
  });
});

// The table of shards as people see it.
import { describe, expect, it } from "vitest";
import { statusText } from "../../../src/report/status-text.js";
import type { ShardState, ShardStatus, SharedStatus } from "../../../src/shard/shared-status.js";

const RTT = { count: 100, p50Ms: 1.25, p95Ms: 12.34, p99Ms: 123.4 };

function shard(index: number, state: ShardState, more: Partial<ShardStatus> = {}): ShardStatus {
  return { index, state, clients: 0, sentPerSecond: 0, receivedPerSecond: 0, rtt: null, ...more };
}

function status(shards: ShardStatus[]): SharedStatus {
  const total = { clients: 250, sentPerSecond: 2500, receivedPerSecond: 2499, rtt: RTT };
  return { folder: "results/arena", startsAt: "2026-11-23T18:00:00.000Z", shards, total };
}

describe("statusText()", () => {
  it("has a line a shard, one for all, and counts by state", () => {
    const running = { clients: 250, sentPerSecond: 2500, receivedPerSecond: 2499, rtt: RTT };
    const text = statusText(status([shard(0, "running", running), shard(1, "lost"), shard(2, "missing")]), false);
    expect(text).toBe(
      [
        "shard     state        clients      sent/s  received/s     p50     p95     p99",
        "0         running          250       2,500       2,499    1.25    12.3     123",
        "1         lost               0           0           0       -       -       -",
        "2         missing            0           0           0       -       -       -",
        "all                        250       2,500       2,499    1.25    12.3     123",
        "",
        "1 missing, 1 running, 1 lost of 3; rtt in ms, of all seconds so far",
        "start 2026-11-23T18:00:00.000Z",
        "folder results/arena",
        "",
      ].join("\n"),
    );
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("shows of many shards those that want a look", () => {
    const shards = Array.from({ length: 100 }, (_, index) => shard(index, index === 7 ? "lost" : "running"));
    const rows = statusText(status(shards), false).split("\n").slice(1);
    expect(rows[0]).toMatch(/^7 +lost /);
    expect(rows[1]).toMatch(/^all /);
  });

  it("is coloured where there is colour", () => {
    expect(statusText(status([shard(1, "lost")]), true)).toContain("\u001b[31mlost\u001b[0m");
  });
});

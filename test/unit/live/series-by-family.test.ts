// Tags become labels, and the series of a family add up to the metric.
import { describe, expect, it } from "vitest";
import { seriesByFamily } from "../../../src/live/export/series-by-family.js";

function families(sums: Record<string, number>): Record<string, unknown> {
  const without = (whole: number, parts: readonly number[]) =>
    whole - parts.reduce((sum, part) => sum + part, 0) || undefined;
  return Object.fromEntries(
    seriesByFamily(new Map(Object.entries(sums)), without).map(({ name, series }) => [
      name,
      series.map(({ labels, value }) => [labels, value]),
    ]),
  );
}

describe("seriesByFamily", () => {
  it.each<[string, Record<string, number>, Record<string, unknown>]>([
    ["a plain sum", { reconnects: 2 }, { reconnects: [[{}, 2]] }],
    [
      "reasons that are the whole",
      { disconnects: 3, "disconnects{reason:Silence}": 1, "disconnects{reason:WebSocketClose:1002}": 2 },
      {
        disconnects: [
          [{ reason: "Silence" }, 1],
          [{ reason: "WebSocketClose:1002" }, 2],
        ],
      },
    ],
    [
      "reasons that are a part: the rest has no label",
      { dropped_sends: 5, "dropped_sends{why:windowFull}": 2 },
      {
        dropped_sends: [
          [{ why: "windowFull" }, 2],
          [{}, 3],
        ],
      },
    ],
    [
      "a tag without a whole",
      { "connect_failures{reason:TlsError}": 1 },
      { connect_failures: [[{ reason: "TlsError" }, 1]] },
    ],
    [
      "a second tag, which tells the same once more",
      { rtt: 2, "rtt{team:red}": 2, "rtt{scenario:a}": 1, "rtt{scenario:b}": 1 },
      {
        rtt: [
          [{ scenario: "a" }, 1],
          [{ scenario: "b" }, 1],
        ],
        rtt_by_team: [[{ team: "red" }, 2]],
      },
    ],
    [
      "tags that are no labels",
      { "x{my-team:1}": 1, "y{le:2}": 1, "z{2nd:}": 1, "s{shard:3}": 1 },
      {
        x: [[{ my_team: "1" }, 1]],
        y: [[{ tag_le: "2" }, 1]],
        z: [[{ tag_2nd: "" }, 1]],
        s: [[{ tag_shard: "3" }, 1]],
      },
    ],
  ])("makes series of %s", (_, sums, expected) => {
    expect(families(sums)).toEqual(expected);
  });
});

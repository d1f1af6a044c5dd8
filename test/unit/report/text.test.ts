import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/analysis/diagnosis.js";
import type { RunResult } from "../../../src/engine/run-types.js";
import type { Profile } from "../../../src/profile/profile.js";
import { summaryText } from "../../../src/report/text.js";
import type { Summary } from "../../../src/result/summary.js";
import { clients, queued, without101 } from "../analysis/sample-clients.js";
import { PROFILE, snapshotOf, summaryOf, totalOf } from "../result/sample-run.js";

const PLAIN = { useColor: false };
const THRESHOLDS = [
  { metric: "rtt", expression: "p(95)<80" },
  { metric: "connect_failed", expression: "rate<0.01" },
  { metric: "ping", expression: "max<5" },
  { metric: "messages_received", expression: "rate>10" },
  { metric: "rtt", expression: "count>1" },
];

function textOf(
  changes: Partial<RunResult> = {},
  sums: Record<string, number> = {},
  profile: Partial<Profile> = {},
): string {
  return summaryText(summaryOf(changes, sums, profile), PLAIN);
}

describe("summaryText() tells", () => {
  it.each<[string, string, RegExp]>([
    [
      "the verdict first",
      textOf(),
      /^PASS {9}no thresholds were set; 7 of 100 clients failed to connect; 3 still\n +waited to connect when they had to leave\n/,
    ],
    ["target and client", textOf(), /smoke on ws:\/\/127\.0\.0\.1:7777\/, 10\.0 s, as patient clients/],
    ["that all thresholds held", textOf({}, {}, { thresholds: THRESHOLDS.slice(0, 1) }), /^PASS +the threshold held/],
    ["how many were crossed", textOf({}, {}, { thresholds: THRESHOLDS }), /^FAIL +2 of 5 thresholds crossed/],
    [
      "why figures are invalid",
      textOf({ laggingSeconds: 3 }),
      /^INVALID +the figures are not the server's: send lag p99/,
    ],
    ["that nobody connected", textOf({}, { clients_connected_ever: 0 }), /^FAIL +no client became connected/],
    [
      "clients and why they failed",
      textOf(),
      /90 of 110 connected, 7 failed, 3 cancelled, 10 not started.*\n.*\n {2}failed by {2}UpgradeTimeout 4, UpgradeRejected:503 3/,
    ],
    ["who would have given up", textOf(), /native {5}would have given up: UpgradeTimeout 12/],
    [
      "messages and rates",
      textOf(),
      /9,000 planned, 8,995 sent \(900\/s\), 5 dropped\n +8,990 received \(899\/s\), 8,980 answers \(99\.8% of the sent\)/,
    ],
    [
      "messages of each pipeline, and what happened to their packets",
      textOf(
        {},
        {
          "pipeline_sent{pipeline:reliable}": 1200,
          "pipeline_received{pipeline:reliable}": 1198,
          "pipeline_resent{pipeline:reliable}": 7,
          "pipeline_duplicates{pipeline:reliable}": 2,
        },
      ),
      /pipelines {2}none: 8,995 sent, 8,990 received\n {13}reliable: 1,200 sent, 1,198 received, 7 sent again, 2 duplicates\n/,
    ],
    [
      "how many expected answers came",
      textOf({}, { checks_passed: 9, checks_failed: 3 }),
      /checks {7}9 of 12 expected answers came in time \(75(\.0)?%\)\n/,
    ],
    ["who came back", textOf({}, { reconnects: 2 }), /disconnects {2}ClosedByClient 85, Silence 3; 2 reconnects\n/],
    ["disconnects by reason", textOf(), /disconnects {2}ClosedByClient 85, Silence 3\n/],
    ["trust", textOf(), /generator {4}trusted: send lag p99 1\.50 ms, CPU 42%, 143 MiB/],
    [
      "why there is less trust",
      textOf({ laggingSeconds: 1 }),
      /generator {4}suspect: send lag p99 was over 25 ms for 1 s;/,
    ],
    ["rtt with the uncorrected one beside it", textOf(), /rtt +11\.0 +40\.0 +40\.0 +40\.0 +5\n {2}uncorrected +10\.0/],
    ["connect phases", textOf(), /connect +520 +1,531.*\n {2}tcp .*\n {2}upgrade .*\n {2}utp /],
    ["that a part is empty", textOf({ measured: totalOf(snapshotOf({})) }), /messages {5}none sent, none received/],
    ["that no rtt was measured", textOf({ measured: totalOf(snapshotOf({})) }), /rtt +no answers were measured/],
  ])("%s", (_what, text, expected) => {
    expect(text).toMatch(expected);
  });

  it("each threshold with the measured value at the edge", () => {
    const lines = textOf({}, {}, { thresholds: THRESHOLDS }).split("\n").slice(4, 9);
    expect(lines.map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
      "ok  rtt: p(95)<80  40.0 ms",
      "CROSSED  connect_failed: rate<0.01  0.0722",
      "CROSSED  ping: max<5  no samples",
      "ok  messages_received: rate>10  899/s",
      "ok  rtt: count>1  5",
    ]);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([80]));
  });

  it("why a run is partial and where its results are, last", () => {
    const text = summaryText(summaryOf({ end: "interrupted" }), {
      ...PLAIN,
      resultsPath: "results/a b",
      endedWhy: "interrupted",
    });
    expect(text).toMatch(/^PARTIAL +interrupted; no thresholds/);
    expect(text).toMatch(/\nresults {6}results\/a b\n$/);
  });
});

/** Runs with as much to tell as there can be. */
function crowded(): Summary[] {
  const reasons = [
    "UpgradeTimeout",
    "UpgradeRejected:404",
    "ConnectionRefused",
    "TlsError",
    "UtpAcceptTimeout",
    "LocalResourceLimit",
  ];
  const failures = Object.fromEntries(reasons.map((reason) => [`connect_failures{reason:${reason}}`, 12_345]));
  const huge = { clients_planned: 123_456_789, messages_sent: 9_876_543_210, messages_received: 9_876_543_209 };
  const thresholds = [
    ...THRESHOLDS,
    { metric: "disconnects{reason:WebSocketClose:1001}", expression: "count      <=      0.000000001" },
  ];
  const summary = summaryOf({ laggingSeconds: 9 }, { ...failures, ...huge }, { thresholds, name: "x".repeat(40) });
  const outcomes = [...queued(200, 60), ...clients(40, without101, 200)];
  const seen = { profile: PROFILE, series: [], outcomes };
  return [
    { ...summary, diagnosis: diagnose(summary, seen) },
    summaryOf({ laggingSeconds: 2, cpuPercent: 1234 }, { dropped_sends: 20 }),
  ];
}

describe("summaryText() fits a terminal of 80 columns", () => {
  it.each(crowded().map((summary, index) => [index, summary] as const))("crowded run %d", (_index, summary) => {
    const text = summaryText(summary, { ...PLAIN, resultsPath: "results/x" });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text.split("\n").filter((line) => line !== line.trimEnd())).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN|null|\[object/);
  });

  it("says the same in colour, and nothing but colour is added", () => {
    for (const summary of crowded()) {
      const colored = summaryText(summary, { useColor: true });
      expect(colored).toContain("\u001b[");
      expect(stripVTControlCharacters(colored)).toBe(summaryText(summary, PLAIN));
    }
  });

  it("keeps a long path whole, so that it can be copied", () => {
    const resultsPath = `/tmp/${"folder/".repeat(20)}`;
    expect(summaryText(summaryOf(), { ...PLAIN, resultsPath })).toContain(` ${resultsPath}\n`);
  });

  it("lets no name or cause move the cursor", () => {
    const why = "worker 1: \u001b[2Jboom\nline two";
    const text = summaryText(summaryOf({ end: "generatorLost", why }, {}, { name: "a\u0007b" }), {
      ...PLAIN,
      endedWhy: why,
    });
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(text).toContain("[2Jboom line two");
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import hdr, { type Histogram } from "hdr-histogram-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../src/errors.js";
import { newHistogram } from "../../../src/metrics/histogram.js";
import { TREND_NAMES } from "../../../src/metrics/names.js";
import { buildSummary } from "../../../src/result/build-summary.js";
import { Journal } from "../../../src/result/journal.js";
import { createResultsFolder } from "../../../src/result/results-folder.js";
import { type RunFileFacts, runFileOf } from "../../../src/result/run-file.js";
import { CONTEXT, intervalOf, PROFILE, resultOf, START_MS, SUMS, snapshotOf, TRENDS, totalOf } from "./sample-run.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utp-load-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FACTS: RunFileFacts = {
  id: CONTEXT.id,
  startedAtMs: START_MS,
  target: CONTEXT.target,
  profile: {
    ...PROFILE,
    headers: [
      ["Authorization", "Bearer abc"],
      ["X-Room", "7"],
    ],
  },
  flags: ["run", "--header", "authorization: Bearer abc", "--header=Cookie: a=b", "--size", "64"],
  settings: [{ name: "size", value: "64", source: "--size" }],
  plannedClients: 110,
  workers: 1,
  processes: 1,
  shard: null,
  lagLimitMs: 25,
  version: "0.1.0",
};

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const problems: string[] = [];
function newJournal(warmupMs = 0): Journal {
  problems.length = 0;
  const run = runFileOf({ ...FACTS, profile: { ...FACTS.profile, warmupMs } });
  return new Journal(createResultsFolder(folder).path, run, (problem) => problems.push(problem));
}

/** Three seconds with samples of different trends, one with none. */
const SECONDS = [
  snapshotOf(SUMS, TRENDS, 90),
  snapshotOf({ messages_sent: 900 }, { rtt: [3.3, 4_000_000], ping: [0], send_lag: [0, 0, 0] }, 90),
  snapshotOf({}, {}, 88),
  snapshotOf({ "disconnects{reason:WebSocketClose:1001}": 1, disconnects: 1 }, { rtt: [7, 7, 7.2] }, 0),
];

/** What hdr-histogram-js' own reader finds, added up by tag. */
function readLog(fromSeconds = 0): Record<string, Histogram> {
  const reader = new hdr.HistogramLogReader(read("histograms.hlog"));
  const found: Record<string, Histogram> = {};
  for (let next = reader.nextIntervalHistogram(fromSeconds); next; next = reader.nextIntervalHistogram(fromSeconds)) {
    found[next.tag] ??= newHistogram();
    found[next.tag]!.add(next);
  }
  return found;
}

describe("Journal", () => {
  it("writes run.json before the first second, without secrets", () => {
    newJournal();
    const run = JSON.parse(read("run.json"));
    expect(run).toMatchObject({
      schema: "utp-load/run@1",
      id: CONTEXT.id,
      startedAt: "2026-11-23T01:46:00.000Z",
      plan: { clients: 110, durationMs: 10_000, workers: 1 },
      versions: { utpLoad: "0.1.0", node: process.version },
    });
    expect(run.profile.headers).toEqual([
      ["Authorization", "(left out)"],
      ["X-Room", "7"],
    ]);
    expect(run.flags).toContain("authorization: (left out)");
    expect(read("run.json")).not.toMatch(/Bearer|a=b/);
    expect(readdirSync(folder).sort()).toEqual(["clients.ndjson", "histograms.hlog", "run.json", "samples.ndjson"]);
  });

  it("holds every second on disk as soon as it has been told, with no end of the run needed", () => {
    const journal = newJournal();
    for (const [index, snapshot] of SECONDS.entries()) {
      journal.onInterval(intervalOf(index, snapshot));
      const lines = read("samples.ndjson").split("\n");
      expect(lines).toHaveLength(index + 2);
      expect(lines.at(-1)).toBe("");
    }
    expect(readLog().rtt!.totalCount).toBe(5 + 2 + 3);
  });

  it("tells each second in a flat object whose sums add up to the run's", () => {
    const journal = newJournal(1000);
    for (const [index, snapshot] of SECONDS.entries()) {
      journal.onInterval({ ...intervalOf(index, snapshot), isWarmup: index === 0 });
    }
    const samples = read("samples.ndjson")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(samples[0]).toMatchObject({
      t: "2026-11-23T01:46:01.000Z",
      elapsedMs: 1000,
      intervalMs: 1000,
      phase: "hold",
      isWarmup: true,
      clientsConnected: 90,
      sentPerSecond: 8995,
      connectedPerSecond: 90,
      cpuPercent: 42,
      "disconnects{reason:Silence}": 3,
    });
    expect(samples[1]).toMatchObject({ isWarmup: false, pingP50Ms: 0, connectTotalP50Ms: null, sendLagMaxMs: 0 });
    expect(samples[2]).toMatchObject({ rttP50Ms: null, rttMaxMs: null, sentPerSecond: 0 });
    for (const sample of samples) {
      for (const value of Object.values(sample)) expect(typeof value === "object" && value !== null).toBe(false);
    }
    const sent = samples.reduce((sum, sample) => sum + (sample.messages_sent ?? 0), 0);
    expect(sent).toBe(totalOf(...SECONDS).sum("messages_sent"));
  });

  it("keeps histograms that add up to the summary exactly, by hdr-histogram-js' own reader", () => {
    const journal = newJournal();
    for (const [index, snapshot] of SECONDS.entries()) journal.onInterval(intervalOf(index, snapshot));
    const whole = totalOf(...SECONDS);
    const summary = buildSummary({ ...resultOf(), whole, measured: whole }, PROFILE, CONTEXT);
    journal.finish(summary);
    const log = readLog();
    expect(log.rtt!.totalCount).toBe(summary.latencyMs.rtt.count);
    expect(log.connect_upgrade!.totalCount).toBe(summary.connect.latencyMs.upgrade.count);
    for (const name of TREND_NAMES) {
      const expected = whole.trend(name);
      expect(log[name]?.totalCount ?? 0, name).toBe(expected.totalCount);
      for (const p of [0, 50, 99, 100]) {
        expect(log[name]?.getValueAtPercentile(p) ?? 0, name).toBe(expected.getValueAtPercentile(p));
      }
    }
    expect(read("histograms.hlog")).toMatch(/values in microseconds/);
    expect(JSON.parse(read("summary.json"))).toEqual(summary);
    expect([journal.lostWrites, problems]).toEqual([0, []]);
  });

  it("says in the log's head where the measured part begins, and that part adds up too", () => {
    const journal = newJournal(1000);
    for (const [index, snapshot] of SECONDS.entries()) journal.onInterval(intervalOf(index, snapshot));
    const fromSeconds = Number(/before (\d+\.\d+) are not in the summary/.exec(read("histograms.hlog"))![1]);
    const log = readLog(fromSeconds);
    expect([log.rtt!.totalCount, log.connect_tcp]).toEqual([5, undefined]);
  });

  it("tells of the first write that fails in each file and counts them all", () => {
    const journal = newJournal();
    journal.finish(buildSummary(resultOf(), PROFILE, CONTEXT));
    journal.onInterval(intervalOf(0, SECONDS[0]!));
    journal.onInterval(intervalOf(1, SECONDS[1]!));
    expect(journal.lostWrites).toBe(4);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^Cannot write .*histograms\.hlog: the file is closed\. The run goes on/);
  });

  it.runIf(existsSync("/dev/full"))("goes on when the disk is full, and says so", () => {
    createResultsFolder(folder);
    symlinkSync("/dev/full", join(folder, "samples.ndjson"));
    const journal = new Journal(folder, runFileOf(FACTS), (problem) => problems.push(problem));
    problems.length = 0;
    for (const [index, snapshot] of SECONDS.entries()) journal.onInterval(intervalOf(index, snapshot));
    expect([journal.lostWrites, problems.length]).toEqual([SECONDS.length, 1]);
    expect(problems[0]).toMatch(/samples\.ndjson: ENOSPC/);
    expect(readLog().rtt!.totalCount).toBe(10);
  });

  it("tells of a summary that cannot be written, and throws nothing", () => {
    const journal = newJournal();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    journal.finish(buildSummary(resultOf(), PROFILE, CONTEXT));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/summary\.json/);
  });

  it("refuses a folder that is gone before the run", () => {
    const run = runFileOf(FACTS);
    expect(() => new Journal(join(folder, "gone"), run, () => {})).toThrow(EnvironmentError);
  });
});

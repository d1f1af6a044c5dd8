// Folders as kills, full disks and power failures leave them: what is whole is read, what is not is told.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rebuiltSummary, storedSummary } from "../../../src/analysis/summarize.js";
import { UsageError } from "../../../src/errors.js";
import { readHistogramLine } from "../../../src/result/histogram-log.js";
import { readStoredResult } from "../../../src/result/stored-result.js";
import { wholeLines } from "../../../src/result/whole-lines.js";
import { temporaryFolder } from "../../support/cli.js";
import { simulateRun } from "../../support/simulated-run.js";

const LOAD = { seed: 3, clients: 8, seconds: 6 };

let temporary: ReturnType<typeof temporaryFolder>;
let folder: string;
beforeEach(() => {
  temporary = temporaryFolder();
  folder = join(temporary.path, "result");
});
afterEach(() => temporary.remove());

const at = (name: string): string => join(folder, name);
const size = (name: string): number => readFileSync(at(name)).length;
const cutOff = (name: string, bytes: number): void => truncateSync(at(name), size(name) - bytes);
function edit(name: string, change: (lines: string[]) => void): void {
  const lines = readFileSync(at(name), "utf8").split("\n");
  change(lines);
  writeFileSync(at(name), lines.join("\n"));
}

function withoutLastHistograms(): void {
  const startOf = (line: string | undefined): string | undefined => line?.split(",")[1];
  edit("histograms.hlog", (lines) => {
    const last = startOf(lines.at(-2));
    const from = lines.findIndex((line) => startOf(line) === last);
    lines.splice(from, lines.length - 1 - from);
  });
}

describe("readStoredResult()", () => {
  it("gives everything of a whole run", () => {
    const { summary: written } = simulateRun(folder, LOAD);
    const stored = readStoredResult(folder);
    expect(stored).toMatchObject({ secondCount: 6, partial: false, notes: [], ended: { end: "completed" } });
    expect(storedSummary(stored)).toEqual(JSON.parse(JSON.stringify(written)));
    const samples = [...stored.samples()];
    expect([samples.length, samples[5]!.end, samples[0]!.end]).toEqual([6, "completed", undefined]);
    expect(stored.lastSecondMs).toBe(Date.parse(samples[5]!.t));
    const rtt = [...stored.histograms()].filter(({ metric }) => metric === "rtt");
    expect(rtt.reduce((sum, { histogram }) => sum + histogram().totalCount, 0)).toBe(written.latencyMs.rtt.count);
    expect([...stored.intervals()].map(({ endMs }) => endMs)).toEqual(samples.map(({ t }) => Date.parse(t)));
    expect(stored.outcomes()).toHaveLength(written.clients.started);
  });

  it.each<[string, () => void, number, RegExp]>([
    [
      "a line of samples",
      () => cutOff("samples.ndjson", 9),
      3,
      /samples\.ndjson: its last line was cut off.*, \d+ histograms are left out/,
    ],
    ["a line end", () => cutOff("samples.ndjson", 1), 3, /samples\.ndjson: its last line was cut off/],
    ["a histogram", () => cutOff("histograms.hlog", 5), 3, /hlog: its last line.*, the last 1 s are left out/],
    ["all histograms of a second", withoutLastHistograms, 3, /the last 1 s are left out/],
    [
      "histograms before their sample",
      () => edit("samples.ndjson", (lines) => lines.splice(-2, 1)),
      3,
      /histograms are left out/,
    ],
    [
      "a block of zeros",
      () => appendFileSync(at("samples.ndjson"), "\0".repeat(500)),
      4,
      /samples\.ndjson: its last line/,
    ],
    ["nothing", () => undefined, 4, /^$/],
  ])("reads a run that was killed while it wrote %s", (_what, damage, seconds, notes) => {
    simulateRun(folder, LOAD, { shard: null, killedAfter: 4 });
    damage();
    const stored = readStoredResult(folder);
    expect(stored.notes.join(", ")).toMatch(notes);
    expect(stored).toMatchObject({ secondCount: seconds, partial: true, ended: { end: "cut" }, summary: undefined });
    expect([...stored.samples()]).toHaveLength(seconds);
    expect(rebuiltSummary(stored).partial).toBe(true);
  });

  it("leaves out what became known of a client in a second that was cut off", () => {
    simulateRun(folder, LOAD, { shard: null, killedAfter: 4 });
    const known = readStoredResult(folder).outcomes();
    appendFileSync(
      at("clients.ndjson"),
      '{"number":99,"startedMs":3000,"acceptMs":9000,"sent":0,"answered":0}\n{"numb',
    );
    expect(readStoredResult(folder).outcomes()).toEqual(known);
  });

  it("keeps a second whose histograms could not be written while the run went on, and counts them", () => {
    simulateRun(folder, LOAD);
    edit("histograms.hlog", (lines) => lines.splice(8, 1));
    const stored = readStoredResult(folder);
    expect(stored.secondCount).toBe(6);
    expect(stored.notes).toEqual(["1 histograms are missing: they could not be written"]);
  });

  it("takes a run that had no second", () => {
    simulateRun(folder, LOAD, { shard: null, killedAfter: 0 });
    for (const name of ["samples.ndjson", "histograms.hlog", "clients.ndjson"]) rmSync(at(name));
    const summary = rebuiltSummary(readStoredResult(folder));
    expect(summary.clients).toMatchObject({ planned: 8, notStarted: 8 });
  });

  it.each<[string, () => void, RegExp]>([
    ["no folder", () => rmSync(folder, { recursive: true }), /must be the folder of a result, got "no such folder"/],
    [
      "a folder without run.json",
      () => rmSync(at("run.json")),
      /must be the folder of a result, got "no run\.json in it"/,
    ],
    ["half a run.json", () => truncateSync(at("run.json"), 40), /run\.json must be whole JSON, got/],
    [
      "a run.json that is a folder",
      () => [rmSync(at("run.json")), mkdirSync(at("run.json"))],
      /must be a file that can be read/,
    ],
    [
      "another schema",
      () => writeFileSync(at("run.json"), '{"schema":"utp-load/run@9"}'),
      /schema utp-load\/run@1, got "utp-load\/run@9"/,
    ],
    [
      "a summary of nothing",
      () => writeFileSync(at("summary.json"), "null"),
      /summary\.json must be of schema.* got "none"/,
    ],
    [
      "a broken sample in the middle",
      () => edit("samples.ndjson", (lines) => lines.splice(1, 1, "{}")),
      /samples\.ndjson:2 must be the sample of one second, got "\{\}"/,
    ],
    [
      "a broken histogram in the middle",
      () => edit("histograms.hlog", (lines) => lines.splice(6, 1, "x")),
      /histograms\.hlog:7 must be the histogram of one interval, got "x"/,
    ],
  ])("refuses %s, naming it", (_what, damage, message) => {
    simulateRun(folder, LOAD);
    damage();
    expect(() => readStoredResult(folder)).toThrow(UsageError);
    expect(() => readStoredResult(folder)).toThrow(message);
  });
});

it("readHistogramLine() takes tags that hold commas, and no comments", () => {
  const line = "Tag=rtt{team:red,blue},1795398360.000,1.000,2.5,HISTFAAAABl42pNpmSzMwMDA";
  const found = readHistogramLine(line);
  expect(found).toMatchObject({ metric: "rtt{team:red,blue}", startMs: 1795398360000, endMs: 1795398361000 });
  expect(["#x", '"StartTimestamp"'].map(readHistogramLine)).toEqual([undefined, undefined]);
});

it("wholeLines() reads lines longer than its pieces, and lets go of the file when nobody reads on", () => {
  mkdirSync(folder);
  const lines = ["é".repeat(100_000), "", "x".repeat(65_535), "end"];
  writeFileSync(at("lines"), `${lines.join("\n")}\ntorn`);
  const torn: number[] = [];
  const found = [...wholeLines(at("lines"), (bytes) => torn.push(bytes))];
  expect(found.map(({ text }) => text)).toEqual(lines);
  expect([found.map(({ isLast }) => isLast), torn]).toEqual([[false, false, false, true], [4]]);
  for (const _line of wholeLines(at("lines"))) break;
  expect(existsSync(at("lines"))).toBe(true);
});

// The stored ceiling: where it lies, whose it is, and when a plan is told that it asks for more.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Calibration, calibrationOf, ceilingWarning } from "../../../src/calibration/calibration.js";
import { calibrationPath, readCalibration, writeCalibration } from "../../../src/calibration/calibration-file.js";
import { machineIdentity } from "../../../src/calibration/machine-identity.js";
import { EnvironmentError } from "../../../src/errors.js";
import { calibrationText } from "../../../src/report/calibration-text.js";

const MACHINE = { platform: "linux x64", cpu: "EPYC", cores: 4, node: "v20.19.0", version: "0.1.0" };
const CEILING = {
  workers: 3,
  messagesPerSecond: 30_000,
  isReached: true,
  connectsPerSecond: 2400,
  halfLoadLagP50Ms: 0.21,
  halfLoadLagP99Ms: 1.9,
};
const CALIBRATION: Calibration = {
  schema: "utp-load/calibration@1",
  measuredAt: "2026-11-23T01:46:00.000Z",
  machine: MACHINE,
  ceiling: CEILING,
};

const folder = mkdtempSync(join(tmpdir(), "utp-load-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the file lies in the user's cache", () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ["linux", {}, "/home/u/.cache/utp-load/calibration.json"],
    ["linux", { XDG_CACHE_HOME: "/var/u" }, "/var/u/utp-load/calibration.json"],
    ["linux", { XDG_CACHE_HOME: "here" }, "/home/u/.cache/utp-load/calibration.json"],
    ["darwin", { XDG_CACHE_HOME: "/var/u" }, "/home/u/Library/Caches/utp-load/calibration.json"],
    ["win32", {}, "\\home\\u\\AppData\\Local\\utp-load\\calibration.json"],
    ["win32", { LOCALAPPDATA: "D:\\Local" }, "D:\\Local\\utp-load\\calibration.json"],
  ])("%s %j", (platform, environment, path) => {
    expect(calibrationPath(platform, environment, "/home/u")).toBe(path);
  });
});

describe("a stored calibration", () => {
  it("is read as it was written", () => {
    const path = join(folder, "new", "calibration.json");
    writeCalibration(path, CALIBRATION);
    expect(readCalibration(path, MACHINE)).toEqual(CALIBRATION);
  });

  it.each<[string, string]>([
    ["no JSON", "{"],
    ["null", "null"],
    ["another schema", JSON.stringify({ ...CALIBRATION, schema: "utp-load/calibration@2" })],
    ["no machine", JSON.stringify({ ...CALIBRATION, machine: undefined })],
    ["another CPU", JSON.stringify({ ...CALIBRATION, machine: { ...MACHINE, cpu: "other" } })],
    ["another Node", JSON.stringify({ ...CALIBRATION, machine: { ...MACHINE, node: "v22.0.0" } })],
    ["no ceiling", JSON.stringify({ ...CALIBRATION, ceiling: null })],
    ["a ceiling of nothing", JSON.stringify({ ...CALIBRATION, ceiling: { ...CEILING, messagesPerSecond: 0 } })],
    ["a ceiling in words", JSON.stringify({ ...CALIBRATION, ceiling: { ...CEILING, messagesPerSecond: "many" } })],
  ])("is none with %s", (_name, text) => {
    expect(calibrationOf(text, MACHINE)).toBeUndefined();
  });

  it("is none where there is no file", () => {
    expect(readCalibration(join(folder, "none.json"), MACHINE)).toBeUndefined();
  });

  it("cannot be stored below a file", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => writeCalibration(join(folder, "file", "calibration.json"), CALIBRATION)).toThrow(EnvironmentError);
  });

  it("knows this machine again", () => {
    const path = join(folder, "own.json");
    const own = { ...CALIBRATION, machine: machineIdentity("0.1.0") };
    writeCalibration(path, own);
    expect(readCalibration(path, machineIdentity("0.1.0"))).toEqual(own);
    expect(readCalibration(path, machineIdentity("0.2.0"))).toBeUndefined();
  });
});

describe("a plan", () => {
  it.each<[string, number, number, boolean]>([
    ["within the ceiling", 30_000, 3, false],
    ["beyond it", 30_001, 3, true],
    ["within it, but on fewer workers", 20_000, 1, true],
    ["beyond it, but on more workers", 60_000, 6, false],
  ])("%s", (_name, peakMessagesPerSecond, workers, warns) => {
    expect(ceilingWarning({ peakMessagesPerSecond, workers }, CEILING) !== undefined).toBe(warns);
  });

  it("is told what it asks for and what was measured", () => {
    const words = ceilingWarning({ peakMessagesPerSecond: 40_000, workers: 2 }, CEILING);
    expect(words).toContain("each of 2 workers for 20000 messages a second");
    expect(words).toContain("measured 10000 here");
  });

  it("is not warned by a ceiling that nothing reached", () => {
    expect(
      ceilingWarning({ peakMessagesPerSecond: 1e6, workers: 1 }, { ...CEILING, isReached: false }),
    ).toBeUndefined();
  });
});

it("is told in plain words of 80 columns", () => {
  const text = calibrationText(CALIBRATION, "/home/u/.cache/utp-load/calibration.json");
  expect(text).toContain("30,000 a second with 3 workers");
  expect(text).toContain("3,000 clients that send 10 messages a second each");
  expect(text).toMatch(/^connects +2,400 clients a second$/m);
  expect(text).toContain("p50 0.21 ms, p99 1.90 ms");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

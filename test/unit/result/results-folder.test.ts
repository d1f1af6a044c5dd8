import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../src/errors.js";
import { createResultsFolder, defaultResultsPath, runIdOf } from "../../../src/result/results-folder.js";
import { START_MS } from "./sample-run.js";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "utp-load-folder-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it.each([
  ["smoke", "smoke-20261123T014600Z"],
  ["join storm: 50%", "join-storm-50-20261123T014600Z"],
  ["../../etc", "etc-20261123T014600Z"],
  ["", "run-20261123T014600Z"],
  ["::", "run-20261123T014600Z"],
])("runIdOf(%j) is %s: fit for every file system", (name, id) => {
  expect(runIdOf(name, START_MS)).toBe(id);
});

it("defaultResultsPath() never names an existing folder", () => {
  const id = runIdOf("smoke", START_MS);
  const paths = [0, 1, 2].map(() => {
    const path = defaultResultsPath(id, parent);
    mkdirSync(path);
    return path.slice(parent.length + 1);
  });
  expect(paths).toEqual([id, `${id}-2`, `${id}-3`]);
});

describe("createResultsFolder()", () => {
  it("makes the folder and those above it, empty", () => {
    const path = join(parent, "a", "b");
    expect(createResultsFolder(path)).toEqual({ path, replaced: false });
    expect(readdirSync(path)).toEqual([]);
  });

  it("clears an earlier result away and leaves other files alone", () => {
    for (const name of ["run.json", "summary.json", "report.html", "notes.txt"]) writeFileSync(join(parent, name), "");
    expect(createResultsFolder(parent)).toEqual({ path: parent, replaced: true });
    expect(readdirSync(parent)).toEqual(["notes.txt"]);
  });

  it("refuses a place that cannot be written, naming it, the cause and the remedy", () => {
    const file = join(parent, "file");
    writeFileSync(file, "");
    const path = join(file, "results");
    let caught: unknown;
    try {
      createResultsFolder(path);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EnvironmentError);
    const error = caught as EnvironmentError;
    expect(error.message).toContain(path);
    expect(error.message).toMatch(/^Cannot write results: .* must be a folder that can be written, got "E[A-Z]+/);
    expect(error.hint).toMatch(/--out/);
    expect(existsSync(path)).toBe(false);
  });

  it.runIf(existsSync("/proc/self"))("refuses a place where the system knows no new folders, and does not hang", () => {
    expect(() => createResultsFolder("/proc/utp-load/results")).toThrow(/"ENOENT/);
  });
});

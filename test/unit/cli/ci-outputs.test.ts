import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { outputOf, tellGithub, writeReports } from "../../../src/cli/ci-outputs.js";
import { EnvironmentError } from "../../../src/errors.js";
import { temporaryFolder } from "../../support/cli.js";
import { summaryOf } from "../result/sample-run.js";

const TOLD = {
  summary: summaryOf({}, {}, { thresholds: [{ metric: "rtt", expression: "max<5" }] }),
  endedWhy: undefined,
};

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function github(environment: Record<string, string>) {
  const logged: string[] = [];
  return { stdout: tellGithub(TOLD, environment, (line) => logged.push(line)), logged };
}

describe("tellGithub()", () => {
  const page = (): string => join(folder.path, "page.md");

  it("appends to the job's page and annotates, under GitHub Actions only", () => {
    writeFileSync(page(), "before\n");
    const environment = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: page() };
    expect(github(environment).stdout).toMatch(/^::error title=utp-load smoke::threshold crossed.*\n$/);
    expect(readFileSync(page(), "utf8")).toMatch(/^before\n## ❌ FAIL: smoke\n/);
    expect(github({})).toEqual({ stdout: "", logged: [] });
  });

  it("keeps the page under a mebibyte, at the end of a line, and says so", () => {
    for (const leftBytes of [700, 100, 0]) {
      writeFileSync(page(), "x".repeat(1024 * 1024 - leftBytes));
      github({ GITHUB_STEP_SUMMARY: page() });
      const text = readFileSync(page());
      expect(text.length).toBeLessThanOrEqual(1024 * 1024);
      if (leftBytes === 700) expect(text.toString()).toMatch(/\|\n\n_The rest is in summary\.md.*\n$/);
    }
  });

  it("tells of a page that cannot be written, and goes on", () => {
    const { logged } = github({ GITHUB_STEP_SUMMARY: join(folder.path, "no", "page.md") });
    expect(logged).toEqual([expect.stringMatching(/^Cannot write .*page\.md: ENOENT/)]);
  });
});

describe("outputOf()", () => {
  it("is one JSON object, or the text with the annotations behind it", () => {
    const given = { useColor: false, folder: "there", forGithub: "::error::x\n" };
    expect(JSON.parse(outputOf(TOLD, { ...given, json: true }))).toMatchObject({ verdict: "fail" });
    expect(outputOf(TOLD, { ...given, json: false })).toMatch(/^FAIL[\s\S]*results {6}there\n::error::x\n$/);
  });

  it("is red where a threshold was crossed, with the measured value", () => {
    const text = outputOf(TOLD, { useColor: true, json: false, forGithub: "" });
    expect(text).toContain("\u001b[31mFAIL\u001b[0m");
    expect(text).toContain("\u001b[31mCROSSED\u001b[0m");
    expect(text).toMatch(/rtt: max<5 +40\.0 ms/);
  });
});

describe("writeReports()", () => {
  it("makes the folder, and names what it wrote", () => {
    const out = join(folder.path, "new", "folder");
    expect(writeReports(["markdown", "junit"], TOLD, folder.path, out)).toEqual([
      join(out, "summary.md"),
      join(out, "junit.xml"),
    ]);
    expect(readFileSync(join(out, "junit.xml"), "utf8")).toMatch(/^<\?xml/);
  });

  it("refuses a folder that cannot be", () => {
    writeFileSync(join(folder.path, "file"), "");
    expect(() => writeReports(["markdown"], TOLD, folder.path, join(folder.path, "file"))).toThrow(EnvironmentError);
  });
});

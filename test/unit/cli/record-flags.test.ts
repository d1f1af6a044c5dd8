// The flags of `record`: what is to be done, and every value that is refused with the flag, the rule and the value.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProfileOutput } from "../../../src/cli/profile-output.js";
import { recordTask } from "../../../src/cli/record-flags.js";
import { EnvironmentError, UsageError } from "../../../src/errors.js";

const TARGET = "ws://127.0.0.1:7777/";
const GIVEN = { target: TARGET, out: "session.yaml" };

describe("flags of record", () => {
  it("listen on 7778, with NGO's pipelines, until somebody ends it", () => {
    expect(recordTask(GIVEN)).toEqual({
      kind: "proxy",
      target: new URL(TARGET),
      host: "127.0.0.1",
      port: 7778,
      durationMs: undefined,
      ca: undefined,
      isInsecure: false,
      outPath: "session.yaml",
      isForced: false,
      pipelines: "ngo",
    });
  });

  it.each([
    [
      { listen: "0", host: "::1" },
      { port: 0, host: "::1" },
    ],
    [
      { duration: "1m30s", insecure: true },
      { durationMs: 90_000, isInsecure: true },
    ],
    [
      { pipelines: "none", force: true },
      { pipelines: "none", isForced: true },
    ],
    [{ pipelines: '[["fragmentation"]]' }, { pipelines: [[{ stage: "fragmentation" }]] }],
  ])("%j", (flags, expected) => {
    expect(recordTask({ ...GIVEN, ...flags })).toMatchObject(expected);
  });

  it("make a profile of a capture, on the embedded server unless told", () => {
    const task = recordTask({ from: "c.json", out: "c.yml" });
    expect(task).toMatchObject({ kind: "from", capturePath: "c.json", outPath: "c.yml", target: undefined });
    expect(recordTask({ from: "c.json", ...GIVEN })).toMatchObject({ target: new URL(TARGET) });
  });

  it("compare two recordings", () => {
    expect(recordTask({ diff: ["a.yaml", "b.yaml"] })).toEqual({ kind: "diff", paths: ["a.yaml", "b.yaml"] });
  });

  const refused: [flags: Record<string, string | boolean | string[]>, ...parts: string[]][] = [
    [{ out: "a.yaml" }, "--target must be given"],
    [{ target: TARGET }, "--out must be given"],
    [{ ...GIVEN, target: "udp://127.0.0.1:7777" }, "--target must be", "got udp://", "WebSocketNetworkInterface"],
    [{ ...GIVEN, target: "http://127.0.0.1:7777" }, "--target must be", "write ws://127.0.0.1:7777"],
    [{ ...GIVEN, target: "127.0.0.1:7777" }, "Write the scheme too: ws://127.0.0.1:7777"],
    [{ ...GIVEN, target: "ws://127.0.0.1:0/" }, "port (1 to 65535)"],
    [{ ...GIVEN, target: "ws://a:b@h/" }, "without user and password", "got ws://...@h/"],
    [{ ...GIVEN, listen: "70000" }, "--listen must be a whole number from 0 to 65535, got 70000"],
    [{ ...GIVEN, duration: "soon" }, "--duration must be a duration"],
    [{ ...GIVEN, duration: "25h" }, "--duration must be a duration"],
    [{ ...GIVEN, pipelines: "nog" }, "Cannot record: --pipelines must be none, ngo"],
    [{ ...GIVEN, ca: "nowhere.pem" }, "--ca must be a file that can be read, got nowhere.pem"],
    [{ ...GIVEN, out: ["a.yaml", "b.yaml"] }, "--out must be given once"],
    [{ ...GIVEN, out: "a.json" }, "--out must be a file that ends in .yaml or .yml, got a.json"],
    [{ from: "c.json", out: "a.yaml", listen: "1" }, "--listen must be left out with --from"],
    [{ diff: ["a", "b"], target: TARGET }, "--target must be left out with --diff"],
    [{ diff: ["a", "b", "c", "d"] }, "--diff must be followed by two recordings"],
  ];
  it.each(refused)("refuse %j", (flags, ...parts) => {
    try {
      recordTask(flags);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      const { message, hint } = error as UsageError;
      for (const part of parts) expect(`${message}\n${hint}`).toContain(part);
      return;
    }
    throw new Error("was taken");
  });
});

describe("the profile's file", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "utp-load-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is there whole, once, and nothing beside it", () => {
    const output = new ProfileOutput(join(folder, "a.yaml"), false);
    expect(readdirSync(folder)).toEqual(["a.yaml.part"]);
    output.write("all of it");
    output.write("again");
    output.discard();
    expect(readdirSync(folder)).toEqual(["a.yaml"]);
    expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe("all of it");
  });

  it("is replaced only where that was asked for, and only by a whole one", () => {
    const path = join(folder, "a.yaml");
    writeFileSync(path, "old");
    expect(() => new ProfileOutput(path, false)).toThrow("--out must be a file that does not exist yet");
    new ProfileOutput(path, true).discard();
    expect([readdirSync(folder), readFileSync(path, "utf8")]).toEqual([["a.yaml"], "old"]);
    new ProfileOutput(path, true).write("new");
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("needs a folder, which is known before anything is recorded", () => {
    expect(() => new ProfileOutput(join(folder, "none", "a.yaml"), false)).toThrow(EnvironmentError);
  });
});

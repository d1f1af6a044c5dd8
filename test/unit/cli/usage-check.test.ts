import { describe, expect, it } from "vitest";
import { RUN_FLAGS } from "../../../src/cli/run-flags.js";
import { checkWords, usageError } from "../../../src/cli/usage-check.js";
import type { UsageError } from "../../../src/errors.js";

function told(error: UsageError): string {
  return `${error.message}\n${error.hint}`;
}

function refusal(args: string[]): string {
  try {
    checkWords(args);
  } catch (error) {
    return told(error as UsageError);
  }
  return "";
}

describe("checkWords()", () => {
  const cases: [line: string, ...parts: string[]][] = [
    ["rnu", "must be run, serve, ", "or completion, got rnu", "Did you mean run?"],
    ["porbe ws://h/", "Did you mean probe?"],
    ["xyzzy", "utp-load --help"],
    ["ws://h/", "Did you mean utp-load run ws://h/?"],
    ["load.yaml", "Did you mean utp-load run load.yaml?"],
    ["profile", "must be init, check or schema, got nothing"],
    ["profile chek a.yaml", "got chek", "Did you mean profile check?"],
  ];
  it.each(cases)("refuses %j", (line, ...parts) => {
    const text = refusal(line.split(" "));
    for (const part of parts) expect(text).toContain(part);
  });

  it.each(["", "--help", "run --clients 5", "--json run", "profile --help", "profile check", "completion"])(
    "takes %j",
    (line) => {
      expect(refusal(line.split(" ").filter(Boolean))).toBe("");
    },
  );
});

describe("usageError()", () => {
  const known = RUN_FLAGS.map(({ name }) => name);
  const cases: [message: string, line: string, ...parts: string[]][] = [
    ["Unknown argument: clinets", "run --clinets 5", "unknown flag --clinets", "Did you mean --clients?"],
    ["Unknown arguments: conect-timout, conectTimout", "run --conect-timout 5s", "unknown flag --conect-timout\n"],
    ["Unknown arguments: conect-timout, conectTimout", "run --conect-timout 5s", "Did you mean --connect-timeout?"],
    ["Unknown argument: shard", "run --shard 0/2", "unknown flag --shard", "utp-load run --help"],
    ["Unknown argument: z", "run -z", "unknown flag -z\n`utp-load run --help`"],
    ["Not enough non-option arguments: got 0, need at least 1", "probe --jsn ws://h/", "unknown flag --jsn", "--json"],
    ["Unknown argument: extra", "run a.yaml extra", "unknown argument extra"],
    ["Unknown arguments: l, i, e, n, t, s", "run -clients 5", "unknown flag -clients", "Did you mean --clients?"],
    ["Not enough arguments following: clients", "run --clients", "--clients must be followed by a value"],
    ["Not enough non-option arguments: got 0, need at least 1", "profile check", "profile check must be followed by"],
  ];
  it.each(cases)("%s", (message, line, ...parts) => {
    const text = told(usageError(message, line.split(" "), known));
    for (const part of parts) expect(text).toContain(part);
  });
});

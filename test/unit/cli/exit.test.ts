import { describe, expect, it } from "vitest";
import { reportError, wantsJson } from "../../../src/cli/exit.js";
import { ConnectionError, EnvironmentError, ProfileError, UsageError } from "../../../src/errors.js";

function report(error: unknown, asJson: boolean) {
  const told = { stdout: "", stderr: "" };
  const code = reportError(error, asJson, {
    stdout: (text) => {
      told.stdout += text;
    },
    stderr: (text) => {
      told.stderr += text;
    },
  });
  return { code, ...told };
}

describe("reportError()", () => {
  const ours: [error: Error, exitCode: number, code: string][] = [
    [new UsageError("wrong flag", "mend it"), 104, "E_USAGE"],
    [new ProfileError("wrong key", "mend it"), 104, "E_PROFILE"],
    [new EnvironmentError("no room", "mend it"), 104, "E_ENVIRONMENT"],
    [new ConnectionError("no answer", "ConnectTimeout", "mend it"), 113, "E_CONNECTION"],
  ];
  it.each(ours)("%s: message and hint on stderr", (error, code) => {
    expect(report(error, false)).toEqual({ code, stdout: "", stderr: `${error.message}\nmend it\n` });
  });

  it.each(ours)("%s: one JSON object on stdout", (error, exitCode, code) => {
    const { stdout, stderr, code: given } = report(error, true);
    expect(JSON.parse(stdout)).toEqual({ error: { code, message: error.message, hint: "mend it" } });
    expect({ stderr, given }).toEqual({ stderr: "", given: exitCode });
  });

  it("asks to report what should never happen, with the stack", () => {
    const { code, stderr } = report(new TypeError("x is undefined"), false);
    expect(code).toBe(109);
    expect(stderr).toContain("TypeError: x is undefined\n    at ");
    expect(stderr).toContain("please report it");
    expect(JSON.parse(report("thrown text", true).stdout)).toMatchObject({ error: { code: "E_INTERNAL" } });
  });
});

describe("wantsJson()", () => {
  const cases: [args: string[], environment: Record<string, string>, isWanted: boolean][] = [
    [["run", "--json"], {}, true],
    [["run", "--json=false"], {}, false],
    [["run"], {}, false],
    [["run"], { UTP_LOAD_JSON: "1" }, true],
    [["run"], { UTP_LOAD_JSON: "0" }, false],
    [["run", "--json=false"], { UTP_LOAD_JSON: "1" }, false],
    [["run", "--jsonx"], {}, false],
  ];
  it.each(cases)("%j %j: %j", (args, environment, isWanted) => {
    expect(wantsJson(args, environment)).toBe(isWanted);
  });
});

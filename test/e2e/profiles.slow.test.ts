// Every profile that comes with the package, small and short, against the server that it brings.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { READY_PROFILES } from "../../src/cli/profile-source.js";
import { expectBooksToBalance, parseSummary, runCli, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe("utp-load run NAME", () => {
  it.each(READY_PROFILES)(
    "%s connects everybody and keeps its promises",
    async (name) => {
      // Long enough for a turn, and for a passenger to leave and come back.
      const load = ["--clients", 8, "--ramp", "2s", "--duration", "8s", "--workers", 1, "--warmup", "0s"];
      const flags = [...load, "--json", "--out", join(folder.path, name)];
      const result = await runCli(["run", name, ...flags]);
      const summary = parseSummary(result);
      expectBooksToBalance(summary);
      expect([summary.clients.connected, summary.clients.failed]).toEqual([8, 0]);
      expect(summary.messages.sent).toBeGreaterThan(0);
      // Times belong to the machine that runs the tests; what was lost or not answered does not.
      const crossed = summary.thresholds.filter(
        ({ ok, expression }) => !ok && !/^(?:p\(|max|avg|med)/.test(expression),
      );
      expect(crossed).toEqual([]);
    },
    60_000,
  );
});

describe("utp-load profile check", () => {
  it("draws the load and tells its peak", async () => {
    const { code, stdout } = await runCli(["profile", "check", "profiles/mmo-zone.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toContain("profiles/mmo-zone.yaml can be run");
    expect(stdout).toMatch(/^ {5}400 \| +#+$/m);
    expect(stdout).toMatch(/^peak: 400 clients, \d+ messages\/s, \d+\.\d\d Mbit\/s to the server$/m);
  });

  it("fills variables as a run does", async () => {
    const profile = join(folder.path, "variable.yaml");
    writeFileSync(profile, ["clients: $", "{PLAYERS}"].join(""));
    expect((await runCli(["profile", "check", profile])).code).toBe(104);
    const { code, stdout } = await runCli(["profile", "check", "--env", "PLAYERS=7", profile]);
    expect(code).toBe(0);
    expect(stdout).toContain("peak: 7 clients");
  });
});

import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
/** Counts connections: whatever is wrong with the input, nothing may be sent. */
let listener: Server;
let connections = 0;
let url = "";

beforeAll(async () => {
  listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  url = `ws://127.0.0.1:${(listener.address() as { port: number }).port}/`;
  writeFileSync(join(folder.path, "bad.yaml"), `target: ${url}\ncleints: 5\nrate: -1\n`);
  writeFileSync(join(folder.path, "udp.yaml"), "target: udp://127.0.0.1:7777\n");
  writeFileSync(join(folder.path, "good.yaml"), `target: ${url}\nclients: 20\nramp: 1s\nduration: 9s\nrate: 5\n`);
});
afterAll(() => {
  listener.close();
  folder.remove();
});

function cli(line: readonly string[], env: Record<string, string> = {}) {
  return runCli(line, { cwd: folder.path, env });
}

describe("bad input ends with 104 and sends nothing", () => {
  const cases: [line: string, env: Record<string, string>, ...parts: string[]][] = [
    ["run URL --clinets 5", {}, "unknown flag --clinets", "Did you mean --clients?"],
    ["run URL --clients -5", {}, "--clients must be", "got -5"],
    ["run URL --clients", {}, "--clients must be followed by a value"],
    ["run URL --size 9999", {}, "--size must be"],
    ["run URL --shard 2/2", {}, "--shard must be I/N, I from 0 to N - 1"],
    ["run URL --processes 4", {}, "unknown flag --processes"],
    ["run URL extra", {}, "unknown argument extra"],
    ["run URL", { UTP_LOAD_RATE: "-1" }, "UTP_LOAD_RATE must be"],
    ["run bad.yaml", {}, "bad.yaml:2:1: unknown key cleints, did you mean clients?", "bad.yaml:3:7: rate must be"],
    ["run none.yaml", {}, "none.yaml must be a readable file"],
    ["run http://127.0.0.1/", {}, "write ws://127.0.0.1/"],
    ["run udp://127.0.0.1:7777", {}, "a ws:// or wss:// URL", "UTP over UDP", "Use WebSockets"],
    ["probe udp://127.0.0.1:7777", {}, "UTP over UDP", "Use WebSockets"],
    ["probe http://127.0.0.1/", {}, "write ws://127.0.0.1/"],
    ["profile check udp.yaml", {}, "udp.yaml:1:9: target must be", "UTP over UDP"],
    ["run udp.yaml", {}, "udp.yaml:1:9: target must be", "UTP over UDP"],
    ["rnu URL", {}, "must be run", "Did you mean run?"],
    ["URL", {}, "Did you mean utp-load run ws://"],
    ["profile chek good.yaml", {}, "Did you mean profile check?"],
    ["profile check bad.yaml", {}, "2 problems", "bad.yaml:2:1"],
  ];
  it.each(cases)("utp-load %s %j", async (line, env, ...parts) => {
    const { code, stdout, stderr } = await cli(line.replace("URL", url).split(" "), env);
    expect(code, stderr).toBe(104);
    expect(stdout).toBe("");
    for (const part of parts) expect(stderr).toContain(part);
    expect(connections).toBe(0);
  });

  it("tells it as one JSON object with --json", async () => {
    const { code, stdout, stderr } = await cli(["run", url, "--json", "--clients", "0"]);
    const { error } = JSON.parse(stdout);
    expect({ code, stderr }).toEqual({ code: 104, stderr: "" });
    expect(error).toEqual({ code: "E_USAGE", message: expect.stringContaining("--clients"), hint: expect.any(String) });
  });
});

describe("what sends nothing and ends with 0", () => {
  it("--print-config shows values and origins", async () => {
    const env = { UTP_LOAD_SEED: "7" };
    const { code, stdout } = await cli(["run", "good.yaml", "--rate", "8", "--print-config"], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^clients +20 +good\.yaml:2:10$/m);
    expect(stdout).toMatch(/^rate +8 +--rate$/m);
    expect(stdout).toMatch(/^seed +7 +UTP_LOAD_SEED$/m);
    expect(stdout).toMatch(/^size +64 +default$/m);
    expect(connections).toBe(0);
  });

  it("--dry-run shows the plan", async () => {
    const { code, stdout } = await cli(["run", "good.yaml", "--dry-run", "--workers", "2"]);
    expect(code).toBe(0);
    for (const part of ["1s to 20 clients", "9s to 20 clients", "100/s", "2, with 10 clients", "84 needed"]) {
      expect(stdout).toContain(part);
    }
    expect(connections).toBe(0);
  });

  it("--dry-run --json is one object with settings and plan", async () => {
    const { code, stdout } = await cli(["run", "good.yaml", "--dry-run", "--json"]);
    const { settings, plan } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(settings).toContainEqual({ name: "clients", value: "20", source: "good.yaml:2:10" });
    expect(plan).toMatchObject({ plannedClients: 20, peakMessagesPerSecond: 100 });
  });

  it("profile init writes what profile check takes, and replaces nothing unasked", async () => {
    expect(await cli(["profile", "init", "fresh.yaml"])).toMatchObject({ code: 0 });
    expect(await cli(["profile", "check", "fresh.yaml"])).toMatchObject({ code: 0 });
    const again = await cli(["profile", "init", "fresh.yaml"]);
    expect(again.code).toBe(104);
    expect(again.stderr).toContain("--force");
    expect(readFileSync(join(folder.path, "fresh.yaml"), "utf8")).toContain("thresholds:");
    expect(await cli(["profile", "init", "fresh.yaml", "--force"])).toMatchObject({ code: 0 });
    expect(await cli(["profile", "init", "no-folder/x.yaml"])).toMatchObject({ code: 104 });
    expect(await cli(["profile", "init", "fresh.json"])).toMatchObject({ code: 104 });
  });

  it("the starter profile judges joining as well: nothing in it is left without samples", async () => {
    await cli(["profile", "init", "starter.yaml"]);
    const { stderr } = await cli(["profile", "check", "starter.yaml"]);
    expect(stderr).toBe("");
  });

  it("profile schema prints JSON Schema", async () => {
    const { code, stdout } = await cli(["profile", "schema"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", properties: { clients: { type: "integer" } } });
  });

  it("--version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await cli(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each(["", "--help", "run --help", "serve --help", "probe --help", "record --help", "profile --help"])(
    "%j is help of 80 columns",
    async (line) => {
      const { code, stdout } = await cli(line.split(" ").filter(Boolean));
      expect(code).toBe(0);
      expect(stdout).toContain("utp-load");
      expect(stdout.split("\n").filter((text) => text.length > 80)).toEqual([]);
    },
  );

  it("completion --help is help", async () => {
    const { code, stdout, stderr } = await cli(["completion", "--help"]);
    expect([code, stderr, stdout.startsWith("utp-load <command> [flags]")]).toEqual([0, "", true]);
  });

  it("completion knows commands and flags", async () => {
    expect((await cli(["completion"], { SHELL: "/bin/bash" })).stdout).toContain("complete -o bashdefault");
    const env = { SHELL: "/bin/bash" };
    expect((await cli(["--get-yargs-completions", "utp-load", "pro"], env)).stdout.split("\n")).toContain("probe");
    const flags = (await cli(["--get-yargs-completions", "utp-load", "run", "--"], env)).stdout.split("\n");
    expect(flags).toContain("--connect-timeout");
  });
});

// The package as a user gets it: packed, installed into an empty folder without scripts, used by its name.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/cli.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const isWindows = process.platform === "win32";
let folder: ReturnType<typeof temporaryFolder>;

function npm(args: readonly string[], cwd: string): string {
  return execFileSync(isWindows ? "npm.cmd" : "npm", args, { cwd, encoding: "utf8", shell: isWindows });
}

beforeAll(() => {
  folder = temporaryFolder();
  const packed = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder.path], ROOT));
  writeFileSync(join(folder.path, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  const archive = join(folder.path, packed[0].filename);
  npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", archive], folder.path);
}, 120_000);
afterAll(() => folder.remove());

it("says what it can do through npx", () => {
  const help = execFileSync(isWindows ? "npx.cmd" : "npx", ["utp-load", "--help"], {
    cwd: folder.path,
    encoding: "utf8",
    shell: isWindows,
  });
  expect(help).toMatch(/utp-load run/);
  expect(help).toMatch(/utp-load probe/);
});

it("ships what it needs and nothing else", () => {
  const { bin, files, engines } = JSON.parse(
    readFileSync(join(folder.path, "node_modules/utp-load/package.json"), "utf8"),
  );
  expect([bin, engines.node]).toEqual([{ "utp-load": "bin/utp-load.js" }, ">=20.19"]);
  expect(files).not.toContain("test");
});

it("can be imported by its three names, and has a client and a server that know each other", () => {
  const script = `
    import { run, profileFrom } from "utp-load";
    import { DataStreamReader, DataStreamWriter, UtpClient } from "utp-load/client";
    import { UtpServer } from "utp-load/server";
    const server = await UtpServer.listen({ port: 0, tickHz: 0, echo: true });
    const client = await UtpClient.connect(server.url);
    const echo = new Promise((resolve) => { client.onMessage = (payload) => resolve(new DataStreamReader(payload).readPackedUInt()); });
    const writer = new DataStreamWriter(new Uint8Array(16));
    writer.writePackedUInt(1000);
    client.send(writer.written);
    const said = await echo;
    await client.close();
    const profile = profileFrom(server.url, { clients: "3", ramp: "100ms", duration: "1s" });
    const { summary } = await run({ profile, outFolder: null });
    await server.close();
    console.log(JSON.stringify([said, summary.clients.connected, summary.messages.answered > 0]));`;
  writeFileSync(join(folder.path, "use.js"), script);
  const printed = execFileSync(process.execPath, ["use.js"], { cwd: folder.path, encoding: "utf8" });
  expect(JSON.parse(printed)).toEqual([1000, 3, true]);
});

it("has its JSON Schemas as files", () => {
  for (const name of ["summary", "profile"]) {
    const path = join(folder.path, "node_modules/utp-load/dist", `${name}.schema.json`);
    expect(JSON.parse(readFileSync(path, "utf8")).$schema).toMatch(/json-schema/);
  }
});

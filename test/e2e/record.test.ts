// A game's play through the recording proxy, and what comes of it: our own client plays the game, the reference server its server.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { UtpClient } from "../../src/client/index.js";
import { UtpServer } from "../../src/server/index.js";
import { ENDED, runCli, runJson, startRecord, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const TLS = fileURLToPath(new URL("../fixtures/tls/", import.meta.url));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** What a server has got: hex of the connect payload, then of the messages by pipeline, in order. */
type Heard = Record<string, string[]>;

/** A server that keeps what each of its clients says. */
async function hearingServer(): Promise<{ server: UtpServer; heard: Map<number, Heard> }> {
  const heard = new Map<number, Heard>();
  const note = (id: number, key: string, bytes: Uint8Array | undefined): void => {
    const of = heard.get(id) ?? {};
    of[key] = [...(of[key] ?? []), Buffer.from(bytes ?? []).toString("hex")];
    heard.set(id, of);
  };
  const server = await UtpServer.listen({
    tickHz: 0,
    echo: true,
    pipelines: "ngo",
    onConnect: ({ id }, payload) => note(id, "connect", payload),
    onMessage: ({ id }, payload, pipelineId) => note(id, String(pipelineId), payload),
  });
  open.push(server);
  return { server, heard };
}

/** Message `index`, no two alike. */
function message(index: number, lengthBytes: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, at) => (index * 37 + at + (at >> 8) * 11) & 0xff);
}

async function until(isReached: () => boolean, withinMs = 10_000): Promise<void> {
  for (let waitedMs = 0; !isReached() && waitedMs < withinMs; waitedMs += 10) await pause(10);
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

const count = (heard: Heard | undefined): number =>
  Object.values(heard ?? {}).reduce((sum, { length }) => sum + length, 0);

/** Logs in, talks on every pipeline, waits for the echoes, leaves. */
async function play(url: string, name: string): Promise<void> {
  const game = await UtpClient.connect(url, { pipelines: "ngo", payload: new TextEncoder().encode(`login:${name}`) });
  let echoes = 0;
  game.onMessage = () => echoes++;
  for (let round = 0; round < 3; round++) {
    for (const pipelineId of [0, 1, 2, 3]) game.send(message(10 * round + pipelineId, 40), { pipelineId });
    game.send(message(round, 3000), { pipelineId: 1 });
    game.send(message(50 + round, 3000), { pipelineId: 2 });
    await pause(60);
  }
  await until(() => echoes === 18);
  await game.close();
}

describe("a session of our own client through the proxy", () => {
  it("plays back with 50 clients: the server sees 50 times the same bytes, in order on each pipeline", async () => {
    const out = join(folder.path, "session.yaml");
    const { server, heard } = await hearingServer();
    const recorder = await startRecord(["--target", server.url, "--out", out]);
    await play(recorder.url, "alice");
    recorder.child.kill("SIGINT");
    const { code, stdout, stderr } = await recorder.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const figures = `18 messages to the server (18480 bytes), 18 from it (18480 bytes)`;
    expect(stdout).toContain(`session.yaml written: 1 client, ${figures}`);
    expect(stdout).toContain("not decoded: nothing");
    const [original] = heard.values();
    expect(count(original)).toBe(19);

    const check = await runCli(["profile", "check", out]);
    expect(check).toMatchObject({ code: 0, stderr: "" });
    heard.clear();
    const replay = await runJson([out, "--clients", 50, "--ramp", "500ms", "--out", join(folder.path, "replay")]);
    expect(ENDED).toContain(replay.code);
    expect(replay.summary.clients).toMatchObject({ planned: 50, connected: 50, failed: 0 });
    expect(replay.summary.disconnects.byReason).toEqual({ ClosedByClient: 50 });
    expect([...heard.values()]).toEqual(Array.from({ length: 50 }, () => original));
  });

  it("keeps the times of the game", async () => {
    const out = join(folder.path, "times.yaml");
    const { server } = await hearingServer();
    const recorder = await startRecord(["--target", server.url, "--out", out, "--duration", "5s"]);
    const game = await UtpClient.connect(recorder.url, { pipelines: "ngo" });
    game.send(message(1, 8));
    await pause(300);
    game.send(message(2, 8), { pipelineId: 3 });
    await pause(50);
    recorder.child.kill("SIGTERM");
    expect((await recorder.ended).code).toBe(0);
    const steps = [...readFileSync(out, "utf8").matchAll(/- \{ at: ([\d.]+)(m?s), send: (.*) \} # message/g)];
    const [first, second] = steps.map(([, value, unit]) => Number(value) * (unit === "s" ? 1000 : 1));
    expect(second! - first!).toBeGreaterThan(290);
    expect(second! - first!).toBeLessThan(1000);
    expect(steps.map(([, , , send]) => send)).toEqual([
      '[{ hex: "25262728292a2b2c" }]',
      '{ pipeline: reliable, payload: [{ hex: "4a4b4c4d4e4f5051" }] }',
    ]);
    await game.close();
  });

  it.each([
    ["trusted", ["--ca", `${TLS}ca.pem`], 0, "is in"],
    ["not trusted", [], 113, "the certificate's authority is unknown here"],
  ])("over TLS to the server, its certificate %s", async (name, flags, code, told) => {
    const tls = { cert: readFileSync(`${TLS}server.pem`), key: readFileSync(`${TLS}server-key.pem`) };
    const server = await UtpServer.listen({ tickHz: 0, tls });
    open.push(server);
    const out = join(folder.path, `${name}.yaml`);
    const recorder = await startRecord(["--target", server.url, "--out", out, ...flags]);
    const game = await UtpClient.connect(recorder.url).catch(() => undefined);
    game?.send(message(1, 8));
    await game?.close();
    recorder.child.kill("SIGINT");
    const ended = await recorder.ended;
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(told) });
    if (code === 0) expect(readFileSync(out, "utf8")).toContain(`target: "${server.url}"`);
  });

  it("makes a scenario of each client, and two plays are compared", async () => {
    const { server } = await hearingServer();
    const outs = ["alice", "bobby"].map((name) => join(folder.path, `${name}.yaml`));
    for (const [index, out] of outs.entries()) {
      const recorder = await startRecord(["--target", server.url, "--out", out, "--duration", "20s"]);
      const first = play(recorder.url, ["alice", "bobby"][index]!);
      await pause(100);
      await Promise.all([first, play(recorder.url, "carol")]);
      recorder.child.kill("SIGINT");
      expect((await recorder.ended).stdout).toContain("written: 2 clients");
      expect(readFileSync(out, "utf8")).toMatch(/^ {2}client-1:\n[\s\S]*^ {2}client-2:\n[\s\S]*disconnect: true/m);
    }
    const { code, stdout } = await runCli(["record", "--diff", ...outs]);
    expect(code).toBe(0);
    expect(stdout).toContain("may be a text, such as a name or token");
    expect(stdout).toMatch(/the connect payload \(11 bytes\), offset 6, length 5/);
    expect(stdout).toContain("19 messages in both");
  });
});

describe("what cannot be recorded", () => {
  it("a target that cannot be reached: the game is refused, the terminal says why, there is no profile", async () => {
    const { server } = await hearingServer();
    const { url } = server;
    await server.close();
    const out = join(folder.path, "refused.yaml");
    const recorder = await startRecord(["--target", url, "--out", out]);
    await expect(UtpClient.connect(recorder.url)).rejects.toMatchObject({ reason: "UpgradeRejected:502" });
    recorder.child.kill("SIGINT");
    const { code, stdout, stderr } = await recorder.ended;
    expect({ code, stdout }).toMatchObject({ code: 113, stdout: expect.stringContaining("1 client came, and none") });
    expect(stderr).toContain("cannot reach");
    expect(stderr).toContain("nothing listens there (ECONNREFUSED)");
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
    expect(() => readFileSync(`${out}.part`)).toThrow(/ENOENT/);
  });

  it("a port in use, told before anything is written", async () => {
    const { server } = await hearingServer();
    const out = join(folder.path, "port.yaml");
    const args = ["record", "--listen", server.port, "--target", server.url, "--out", out];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(104);
    expect(stderr).toContain("--listen (0: any free one)");
    expect(() => readFileSync(`${out}.part`)).toThrow(/ENOENT/);
  });

  it("nobody came until the time was over", async () => {
    const out = join(folder.path, "nobody.yaml");
    const { code, stdout } = await runCli([
      ...["record", "--listen", 0, "--target", "ws://127.0.0.1:1/", "--out", out, "--duration", "200ms"],
    ]);
    expect({ code, stdout }).toMatchObject({ code: 113, stdout: expect.stringContaining("no client came") });
  });
});

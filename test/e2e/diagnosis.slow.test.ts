// The diagnosis of real runs against `serve` with a tick and a queue: each pattern is found, out of what the clients saw alone.
import { once } from "node:events";
import net from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectBooksToBalance, parseSummary, runCli, startServe, temporaryFolder } from "../support/cli.js";
import { heartbeatOf, requestOf } from "../support/server-clients.js";
import { binaryFrame, UPGRADE } from "../support/wire-bytes.js";

/** What a machine that is busy with other things may add to any run: it is late, the server is late, and both are true. */
const BUSY = ["generator-invalid", "generator-suspect", "server-hitch", "rtt-quantised", "answers-missing"];
const RAW_CLIENT = 0x7fff;

let folder: ReturnType<typeof temporaryFolder>;
let server: Awaited<ReturnType<typeof startServe>> | undefined;
let runs = 0;
beforeAll(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  server?.child.kill("SIGKILL");
  server = undefined;
});
afterAll(() => folder.remove());

type Arguments = readonly (string | number)[];

/** Codes of a run against a server with these flags, the gravest first. */
async function codesOf(
  serve: Arguments,
  run: Arguments,
  meanwhile?: (port: number) => Promise<void>,
): Promise<string[]> {
  server = await startServe(serve);
  const flags = ["--no-progress", "--json", "--out", join(folder.path, `run-${runs++}`)];
  const running = runCli(["run", server.url, ...run, ...flags], { cwd: folder.path });
  await meanwhile?.(server.port);
  const summary = parseSummary(await running);
  expectBooksToBalance(summary);
  return summary.diagnosis.map(({ code }) => code);
}

const HELD = ["--duration", "6s", "--ramp", "2s"];

describe("the diagnosis of a run on sockets", () => {
  it.each<[string, string, Arguments, Arguments]>([
    [
      "90 clients at once at 20 Hz",
      "one-accept-a-tick",
      ["--tick", 20, "--queue", 4096, "--echo"],
      ["--clients", 90, "--ramp", "100ms", "--duration", "7s"],
    ],
    [
      "24 quiet clients on a queue of 32",
      "border-in-join-order",
      ["--tick", 30, "--queue", 32],
      ["--clients", 24, "--rate", 0, ...HELD],
    ],
    [
      "a server that stands still for 1 s",
      "server-hitch",
      ["--tick", 60, "--echo", "--stall", "1s@5s"],
      ["--clients", 20, ...HELD],
    ],
    [
      "150 clients through a door without a limit",
      "accepts-lost",
      ["--tick", 2, "--queue", 4096, "--limits", "reads,fin,control,send", "--echo"],
      ["--clients", 150, "--ramp", "1ms", "--duration", "6s"],
    ],
    [
      "clients that beat more slowly than the server waits",
      "disconnect-timeout",
      ["--tick", 60, "--disconnect-timeout", "2s"],
      ["--clients", 20, "--rate", 0, "--heartbeat", "10s", ...HELD],
    ],
    [
      "Netcode for Entities without its message",
      "netcode-approval",
      ["--tick", 60, "--kick-after", "5s"],
      ["--clients", 20, "--duration", "9s", "--ramp", "1s"],
    ],
    [
      "a server at 10 Hz",
      "rtt-quantised",
      ["--tick", 10, "--echo"],
      ["--clients", 30, "--rate", 7, "--ramp", "6s", "--duration", "6s"],
    ],
  ])("%s: %s", async (_what, code, serve, run) => {
    const codes = await codesOf(serve, run);
    expect(codes).toContain(code);
    expect(codes.filter((found) => found !== code && !BUSY.includes(found))).toEqual([]);
  });

  it("a client that does not read: send-queue-full", async () => {
    const serve = ["--tick", 500, "--queue", 64, "--echo", "--broadcast", "1300@500", "--disconnect-timeout", "2s"];
    const run = ["--clients", 4, "--ramp", "1s", "--duration", "26s"];
    const codes = await codesOf(serve, run, deafClient);
    expect(codes.filter((code) => !BUSY.includes(code))).toEqual(["send-queue-full"]);
  }, 90_000);

  it("a server that is healthy: nothing", async () => {
    const codes = await codesOf(["--tick", 0, "--echo"], ["--clients", 40, ...HELD]);
    expect(codes.filter((code) => !BUSY.includes(code))).toEqual([]);
  });
});

/** Asks for everything, reads nothing, beats for a while and then falls silent. */
async function deafClient(port: number): Promise<void> {
  const socket = net.connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.pause();
  socket.write(UPGRADE, "latin1");
  await later(500);
  socket.write(binaryFrame(requestOf(RAW_CLIENT)));
  for (let beats = 0; beats < 30; beats++) {
    await later(500);
    socket.write(binaryFrame(heartbeatOf(RAW_CLIENT)));
  }
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

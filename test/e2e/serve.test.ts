// The reference server on real sockets and as a process: `utp-load serve`, the public UtpServer, and the embedded server.
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { UtpClient } from "../../src/client/index.js";
import { EnvironmentError, UsageError } from "../../src/errors.js";
import { startEmbeddedServer } from "../../src/server/embedded-server.js";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import { bytes, hex } from "../support/bytes.js";
import { runCli, startServe } from "../support/cli.js";
import { packetsOf, RawClient } from "../support/raw-client.js";
import { dataOf, range, tokenOf } from "../support/server-clients.js";
import { ascii, join, UPGRADE } from "../support/wire-bytes.js";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.stop();
});

async function listening(options: UtpServerOptions): Promise<UtpServer> {
  const server = await UtpServer.listen(options);
  open.push({ stop: () => server.close(0) });
  return server;
}

async function serving(...args: readonly (string | number)[]): ReturnType<typeof startServe> {
  const serve = await startServe(args);
  open.push({
    stop: () => {
      serve.child.kill("SIGKILL");
      return serve.ended;
    },
  });
  return serve;
}

describe("UtpServer", () => {
  it("closes although a client refused its certificate in the handshake", async () => {
    const tls = { cert: readFileSync(fixture("server.pem")), key: readFileSync(fixture("server-key.pem")) };
    const server = await UtpServer.listen({ tls });
    await expect(UtpClient.connect(server.url)).rejects.toMatchObject({ reason: "TlsError" });
    await expect(server.close(0)).resolves.toBeUndefined();
  });

  it.each([0, 60])(
    "at %i Hz tells connect with payload, message and disconnect, sends and broadcasts",
    async (tickHz) => {
      const told: string[] = [];
      const server = await listening({
        tickHz,
        onConnect: (peer, payload) => told.push(`connect ${peer.id} ${hex(payload ?? new Uint8Array())}`),
        onMessage: (peer, payload, pipelineId) => {
          told.push(`message ${peer.id} ${hex(payload)} ${pipelineId}`);
          server.send(peer, bytes("AA"));
          server.broadcast(bytes("BB"));
        },
        onDisconnect: (peer, reason) => told.push(`disconnect ${peer.id} ${reason}`),
      });
      const client = new RawClient(server.port);
      client.write(ascii(UPGRADE));
      await client.until((parts) => parts.length === 1);
      client.send(join(bytes("55 54 50 01 01"), tokenOf(0), bytes("02 00 68 69")));
      await client.until((parts) => parts.some((part) => part.kind === "frame" && part.payload[4] === 2));
      client.send(dataOf(0, bytes("07")));
      const answers = packetsOf(await client.until((parts) => packetsOf(parts, 1).length === 2), 1);
      expect(answers.map((packet) => hex(packet.subarray(10)))).toEqual(["aa", "bb"]);
      client.send(join(bytes("02"), tokenOf(0)));
      await client.until((parts) => parts.at(-1)?.kind === "frame" && hex(parts.at(-1)!.bytes) === "880203e8");
      expect(told).toEqual(["connect 0 6869", "message 0 07 0", "disconnect 0 ClosedByRemote"]);
    },
  );

  it("disconnects a peer with 02, Close and FIN, and says false for it afterwards", async () => {
    const server = await listening({ tickHz: 0 });
    const client = await RawClient.joined(server.port, 0);
    const [peer] = server.peers;
    server.disconnect(peer!);
    const parts = await client.until((found) => found.length === 4);
    expect(parts.slice(2).map((part) => hex(part.bytes))).toEqual([`820902${hex(tokenOf(0))}`, "880203e8"]);
    expect(server.send(peer!, bytes("01"))).toBe(false);
    expect(client.isEnded).toBe(false);
    client.sendClose(1000);
    await client.ended();
  });

  it("closes all connections politely, and its port", async () => {
    const server = await UtpServer.listen({ tickHz: 60 });
    const clients = await Promise.all(range(20).map((id) => RawClient.joined(server.port, id)));
    const closing = server.close();
    for (const client of clients) {
      await client.until((parts) => hex(parts.at(-1)?.bytes ?? new Uint8Array()) === "880203e8");
      client.sendClose(1000);
    }
    await closing;
    expect(server.stats()).toMatchObject({ connections: 0, disconnects: { Default: 20 } });
    const late = new RawClient(server.port);
    await late.ended();
  });

  it.each([
    ["a connection reset", (client: RawClient) => client.socket.resetAndDestroy()],
    ["a FIN", (client: RawClient) => client.socket.end()],
  ])("takes %s as ProtocolError and answers a FIN", async (_name, end) => {
    const ended = new Promise<string>((resolve) => {
      void listening({ tickHz: 0, onDisconnect: (_peer, reason) => resolve(reason) })
        .then((server) => RawClient.joined(server.port, 0))
        .then(end);
    });
    expect(await ended).toBe("ProtocolError");
  });

  it("serves wss:// to a client that trusts its authority, and counts those that do not", async () => {
    const tls = { cert: readFileSync(fixture("server.pem")), key: readFileSync(fixture("server-key.pem")) };
    const server = await listening({ tickHz: 0, echo: true, tls });
    expect(server.url).toBe(`wss://127.0.0.1:${server.port}/`);
    const client = await RawClient.joined(server.port, 0, readFileSync(fixture("ca.pem"), "utf8"));
    client.send(dataOf(0, bytes("07")));
    await client.until((parts) => packetsOf(parts, 1).length === 1);
    const plain = new RawClient(server.port);
    plain.write(ascii(UPGRADE));
    await plain.ended();
    expect(server.stats().tlsErrors).toBe(1);
  });

  it("refuses a port in use, a host that is not here, wrong values and wrong certificates, in words", async () => {
    const server = await listening({});
    await expect(UtpServer.listen({ port: server.port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${server.port}: port must be free, got one in use`,
    );
    await expect(UtpServer.listen({ port: server.port })).rejects.toBeInstanceOf(EnvironmentError);
    await expect(UtpServer.listen({ host: "192.0.2.1" })).rejects.toThrow("host must be an address of this machine");
    await expect(UtpServer.listen({ tickHz: -1 })).rejects.toBeInstanceOf(UsageError);
    await expect(UtpServer.listen({ tls: { cert: "x", key: "y" } })).rejects.toBeInstanceOf(UsageError);
  });
});

describe("utp-load serve", () => {
  it("says where it listens and what its queue serves, prints stats, and leaves on SIGTERM with 02, Close and code 0", async () => {
    const { child, ended, port } = await serving("--echo", "--stats", "--queue", 64);
    const client = await RawClient.joined(port, 0);
    for (const i of range(3)) client.send(dataOf(0, Uint8Array.of(i)));
    await client.until((parts) => packetsOf(parts, 1).length === 3);
    const line = await new Promise<string>((resolve) => {
      child.stdout?.on("data", (text: Buffer) => String(text).includes('"messagesIn":3') && resolve(String(text)));
    });
    expect(JSON.parse(line.trim().split("\n").at(-1)!)).toMatchObject({
      connections: 1,
      messagesIn: 3,
      messagesOut: 3,
    });
    child.kill("SIGTERM");
    await client.until((parts) => hex(parts.at(-1)!.bytes) === "880203e8");
    expect(packetsOf(client.parts, 2)).toHaveLength(1);
    client.sendClose(1000);
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(`listening on ws://127.0.0.1:${port}/`);
    expect(lines[1]).toMatch(/^60 updates a second; a queue of 64 serves 32 idle clients, about 16 /);
  });

  it("with every flag serves all the same", async () => {
    const { port, url } = await serving(
      ...[
        "--host",
        "127.0.0.1",
        "--ws-path",
        "/game",
        "--echo",
        "--broadcast",
        "20@10",
        "--tick",
        100,
        "--queue",
        1024,
      ],
      ...["--limits", "accept,fin", "--latency", "1ms", "--jitter", "1ms", "--drop", "0%", "--duplicate", "0%"],
      ...["--stall", "100ms@1h", "--max-connections", 5, "--heartbeat", "100ms", "--disconnect-timeout", "5s"],
      ...["--max-message-size", 1200, "--accept-payload", "utf8:hi", "--kick-after", "300ms", "--pipelines", "ngo"],
      ...["--seed", 7, "--mtu-discovery", "2.6.0", "--refuse-with", "close", "--early-data", "queue"],
    );
    expect(url).toBe(`ws://127.0.0.1:${port}/game`);
    const client = new RawClient(port);
    client.write(ascii(UPGRADE.replace("GET /", "GET /game")));
    await client.until((parts) => parts.length === 1);
    client.send(join(bytes("55 54 50 01 01"), tokenOf(0)));
    const parts = await client.until((found) => packetsOf(found, 2).length === 1);
    expect(hex(packetsOf(parts, 0x55)[0]!)).toBe(`5554500102${hex(tokenOf(0))}02006869`);
    expect(packetsOf(parts, 4).length).toBeGreaterThan(0);
  });

  it.each([
    ["--tick", "-1"],
    ["--pipelines", "unity"],
  ])("refuses %s %s with code 104, and names flag, rule and value", async (flag, value) => {
    const { code, stdout, stderr } = await runCli(["serve", `${flag}=${value}`]);
    expect({ code, stdout }).toEqual({ code: 104, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^Cannot serve: ${flag} must be .+, got "?${value}"?\n.+`));
  });

  it("refuses a port in use with code 104 and says what to do", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { port } = blocker.address() as { port: number };
    const { code, stderr } = await runCli(["serve", "--port", port]);
    blocker.close();
    expect(code).toBe(104);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: port must be free, got one in use`);
    expect(stderr).toContain("--port");
  });
});

describe("the embedded server", () => {
  it("answers at once in a process of its own, and stops politely", async () => {
    const server = await startEmbeddedServer();
    expect(server.pid).not.toBe(process.pid);
    const client = await RawClient.joined(Number(new URL(server.url).port), 0);
    client.send(dataOf(0, bytes("07")));
    await client.until((parts) => packetsOf(parts, 1).length === 1);
    let exits = 0;
    server.onExit(() => exits++);
    const stopped = server.stop();
    await client.until((parts) => packetsOf(parts, 2).length === 1);
    client.sendClose(1000);
    await stopped;
    await server.stop();
    expect(exits).toBe(0);
    expect(isAlive(server.pid)).toBe(false);
  });

  it("tells when it ends by itself", async () => {
    const server = await startEmbeddedServer();
    const why = new Promise<string>((resolve) => server.onExit(resolve));
    process.kill(server.pid, "SIGKILL");
    expect(await why).toMatch(/SIGKILL|exit code/);
    await server.stop();
  });

  it("dies with the process that started it", async () => {
    const parent = fork(fileURLToPath(new URL("../fixtures/embedded-parent.js", import.meta.url)), { silent: true });
    const pid = await new Promise<number>((resolve) => parent.once("message", (message) => resolve(Number(message))));
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    for (let i = 0; i < 100 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(pid)).toBe(false);
  });

  it("that cannot start says why", async () => {
    await expect(startEmbeddedServer({ maxMessageSize: 5000 })).rejects.toThrow(/--max-message-size must be/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

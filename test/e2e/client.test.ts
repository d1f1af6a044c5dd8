// UtpClient on real sockets against the reference server, and against servers that are none.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type NodeClientOptions, UtpClient } from "../../src/client/index.js";
import { ConnectionError, UsageError } from "../../src/errors.js";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import { answering, fakeServer, fakeWebSocketServer, testCertificate, testPem } from "../support/fake-server.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function echoServer(options: UtpServerOptions = {}): Promise<UtpServer> {
  const server = await UtpServer.listen({ tickHz: 0, echo: true, ...options });
  open.push(server);
  return server;
}

async function client(url: string, options?: NodeClientOptions): Promise<UtpClient> {
  const connected = await UtpClient.connect(url, options);
  open.push(connected);
  return connected;
}

async function refusal(url: string, options?: NodeClientOptions): Promise<ConnectionError> {
  const error = await UtpClient.connect(url, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectionError);
  return error as ConnectionError;
}

function nextMessage(from: UtpClient): Promise<Uint8Array> {
  return new Promise((resolve) => {
    from.onMessage = resolve;
  });
}

describe.each(["patient", "native", "webgl"] as const)("UtpClient, %s", (kind) => {
  it("connects, gets its echoes, leaves", async () => {
    const left: string[] = [];
    const server = await echoServer({ onDisconnect: (_peer, reason) => left.push(reason) });
    const connected = await client(server.url, { kind });
    expect(connected.maxPayloadBytes).toBe(1376);
    for (const payload of [Uint8Array.of(1, 2, 3), new Uint8Array(1376).fill(9)]) {
      connected.send(payload);
      expect(await nextMessage(connected)).toEqual(payload);
    }
    const reasons: string[] = [];
    connected.onDisconnect = (reason) => reasons.push(reason);
    await connected.close();
    expect(reasons).toEqual(["ClosedByClient"]);
    expect(left).toEqual(["ClosedByRemote"]);
    expect(() => connected.send(Uint8Array.of(1))).toThrow(ConnectionError);
  });

  it("says why the server ended the connection", async () => {
    // With a tick, as Unity: a browser client loses a Disconnect that its Close comes along with.
    const server = await echoServer({ kickAfterMs: 50, tickHz: 60 });
    const connected = await client(server.url, { kind });
    const reason = await new Promise((resolve) => {
      connected.onDisconnect = resolve;
    });
    expect(reason).toBe("ClosedByServer");
    expect(connected.end).toMatchObject({ unityReason: "ClosedByRemote", wasConnected: true });
    await connected.close();
  });
});

describe("UtpClient", () => {
  it("exchanges payloads with the Accept", async () => {
    const payloads: number[][] = [];
    const server = await echoServer({
      acceptPayload: Uint8Array.of(7, 8),
      onConnect: (_peer, connectPayload) => payloads.push([...(connectPayload ?? [])]),
    });
    const connected = await client(server.url, { payload: Uint8Array.of(1, 2, 3) });
    expect(connected.acceptPayload).toEqual(Uint8Array.of(7, 8));
    expect(payloads).toEqual([[1, 2, 3]]);
  });

  it("keeps messages until there is a handler, and says when the end was before it", async () => {
    const server = await echoServer({ broadcast: { payloadBytes: 20, hz: 100 } });
    const connected = await client(server.url);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const sizes: number[] = [];
    connected.onMessage = (payload) => sizes.push(payload.length);
    expect(sizes.length).toBeGreaterThan(1);
    await connected.close();
    const reason = await new Promise((resolve) => {
      connected.onDisconnect = resolve;
    });
    expect(reason).toBe("ClosedByClient");
  });

  it("sends on the pipeline that it is given, and on none that does not exist", async () => {
    const ids: number[] = [];
    const server = await echoServer({ pipelines: "ngo", onMessage: (_peer, _payload, id) => ids.push(id) });
    const connected = await client(server.url, { pipelines: "ngo" });
    connected.send(Uint8Array.of(1), { pipelineId: 3 });
    await nextMessage(connected);
    expect(ids).toEqual([3]);
    expect(() => connected.send(Uint8Array.of(1), { pipelineId: 4 })).toThrow(/the pipeline must exist, got 4/);
    expect(() => connected.send(new Uint8Array(1377))).toThrow(/at most 1376 bytes, got 1377/);
  });

  it("stays up on heartbeats alone", async () => {
    const server = await echoServer({ parameters: { disconnectTimeoutMs: 300 } });
    const connected = await client(server.url, { parameters: { heartbeatTimeoutMs: 100, disconnectTimeoutMs: 800 } });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(connected.end).toBeUndefined();
    expect(server.peers).toHaveLength(1);
  });

  it("connects over wss with the server's own authority, or without a check", async () => {
    const server = await echoServer({ tls: testCertificate() });
    for (const options of [{ ca: testPem("ca.pem") }, { insecure: true }]) {
      const connected = await client(server.url, options);
      connected.send(Uint8Array.of(5));
      expect(await nextMessage(connected)).toEqual(Uint8Array.of(5));
      await connected.close();
    }
    const byName = await client(server.url.replace("127.0.0.1", "localhost"), { ca: testPem("ca.pem") });
    await byName.close();
  });

  it("connects from the address it is given, 100 clients at once", async () => {
    const server = await echoServer();
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => client(server.url, { localAddress: "127.0.0.1" })),
    );
    expect(server.peers).toHaveLength(100);
    await Promise.all(clients.map((each) => each.close()));
    expect(server.peers).toHaveLength(0);
  });

  it.each([
    ["http://127.0.0.1/", {}],
    ["ws://127.0.0.1:1/", { headers: [["a".repeat(126), "1"]] as const }],
  ])("refuses to try %s", async (url, options) => {
    await expect(UtpClient.connect(url, options)).rejects.toBeInstanceOf(UsageError);
  });

  it("refuses a connect payload that is too large", async () => {
    await expect(UtpClient.connect("ws://127.0.0.1:1/", { payload: new Uint8Array(1362) })).rejects.toThrow(/1361/);
  });
});

describe("UtpClient says why there is no connection", () => {
  it("nothing listens", async () => {
    const server = await fakeServer(() => {});
    await server.close();
    const error = await refusal(server.url());
    expect(error).toMatchObject({ reason: "ConnectionRefused", code: "E_CONNECTION" });
    expect(error.message).toContain(`Cannot connect to ${server.url()}: `);
    expect(error.hint).toMatch(/Start the server/);
  });

  it("no such host", async () => {
    expect((await refusal("ws://no-such-host.invalid:7777/")).reason).toBe("HostNotFound");
  });

  it.each([
    ["another path", answering("HTTP/1.1 404 Not Found\r\n\r\n"), "UpgradeRejected:404", /path/],
    ["no WebSocket", answering("SSH-2.0-OpenSSH\r\n"), "NotWebSocket", /port/],
    ["a FIN", answering(""), "ConnectionClosed", /log/],
  ])("%s", async (_name, script, reason, hint) => {
    const server = await fakeServer(script);
    open.push(server);
    const error = await refusal(server.url());
    expect(error.reason).toBe(reason);
    expect(error.hint).toMatch(hint);
  });

  it("a server that says nothing", async () => {
    const server = await fakeServer(() => {});
    open.push(server);
    expect((await refusal(server.url(), { connectBudgetMs: 200 })).reason).toBe("UpgradeTimeout");
  });

  it("a WebSocket without UTP", async () => {
    const server = await fakeWebSocketServer({});
    open.push(server);
    const error = await refusal(server.url(), { connectBudgetMs: 200 });
    expect(error.reason).toBe("UtpAcceptTimeout");
    expect(error.hint).toMatch(/Unity Transport 2/);
  });

  it("wss without the authority, against plain, and the reverse", async () => {
    const secure = await fakeServer(() => {}, { tls: true });
    const plain = await fakeServer(answering("HTTP/1.1 400 Bad Request\r\n\r\n"));
    open.push(secure, plain);
    const unknown = await refusal(secure.url());
    expect(unknown.reason).toBe("TlsError");
    expect(unknown.message).toMatch(/authority|self-signed/);
    const againstPlain = await refusal(plain.url("/", "wss"));
    expect(againstPlain.reason).toBe("TlsError");
    expect(againstPlain.message).toMatch(/does not speak TLS|plain ws/);
    const toTls = await refusal(secure.url("/", "ws"), { connectBudgetMs: 2000 });
    expect(["NotWebSocket", "ConnectionClosed", "ConnectionReset"]).toContain(toTls.reason);
  });
});

const BUILT = fileURLToPath(new URL("../../dist/client/index.js", import.meta.url));

describe.skipIf(!existsSync(BUILT))("a program", () => {
  it("ends by itself once its clients are closed", async () => {
    const server = await echoServer();
    const program = `import { UtpClient } from ${JSON.stringify(`file://${BUILT}`)};
      const client = await UtpClient.connect(${JSON.stringify(server.url)});
      await client.close();
      await UtpClient.connect("ws://127.0.0.1:1/").catch((error) => console.log(error.reason));`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const startMs = performance.now();
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    const [code] = await once(child, "exit");
    expect({ code, output }).toEqual({ code: 0, output: "ConnectionRefused\n" });
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});

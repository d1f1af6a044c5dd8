// The verdicts of `probe` once a WebSocket is open: servers that speak no UTP, servers that accept and drop, and healthy ones.
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import type { ProbeFrame } from "../../src/probe/observation.js";
import { encodeControl } from "../../src/protocol/wire.js";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import {
  acceptingScript,
  beat,
  fakeWebSocketServer,
  testCertificate,
  testPem,
  type WebSocketScript,
} from "../support/fake-server.js";
import { probed, started } from "../support/probing.js";

const serverOf = (options: UtpServerOptions) => started(UtpServer.listen({ tickHz: 0, ...options }));

describe("a WebSocket without an Accept", () => {
  it.each<[string, WebSocketScript, string, RegExp]>([
    ["silence", {}, "not-utp", /then silence/],
    ["text", { onOpen: (peer) => peer.send("hello") }, "not-utp", /text message/],
    ["close 1002", { onMessage: (peer) => peer.close(1002) }, "not-utp", /1002 \(protocol error/],
    ["close 1003", { onMessage: (peer) => peer.close(1003) }, "not-utp", /1003 \(unsupported data/],
    ["close 1007", { onMessage: (peer) => peer.close(1007) }, "not-utp", /1007 \(invalid data/],
    ["close 1008", { onMessage: (peer) => peer.close(1008) }, "not-utp", /1008 \(policy violation/],
    ["close 1001", { onMessage: (peer) => peer.close(1001) }, "closed-before-accept", /1001 \(going away/],
    ["a close without a code", { onMessage: (peer) => peer.close() }, "closed-before-accept", /1005 \(no code/],
    ["a cut", { onMessage: (peer) => peer.terminate() }, "closed-before-accept", /cut without a Close/],
    ["an echo of our request", { onMessage: (peer, message) => peer.send(message) }, "not-utp", /sends back/],
    [
      "other binary messages",
      { onOpen: (peer) => peer.send(Buffer.alloc(20, 7)) },
      "not-utp",
      /binary messages that are not UTP/,
    ],
    [
      "another version",
      { onMessage: (peer, message) => peer.send(Uint8Array.of(...message).fill(2, 3, 4)) },
      "other-version",
      /version 2/,
    ],
    [
      "heartbeats before the Accept",
      {
        onMessage: (peer, message) =>
          message[0] === 0x55 && peer.send(encodeControl("heartbeat", message.slice(5, 13))),
      },
      "at-limit",
      /no Accept came/,
    ],
    [
      "Unity's pings and nothing else",
      { onOpen: (peer) => peer.on("pong", () => peer.ping()).ping() },
      "no-accept",
      /behaves like Unity's/,
    ],
    [
      "a Disconnect in place of the Accept",
      { onMessage: (peer, message) => peer.send(encodeControl("disconnect", message.slice(5, 13))) },
      "refused",
      /in place of the Accept/,
    ],
  ])("%s", async (_name, script, code, message) => {
    const server = await started(fakeWebSocketServer(script));
    const report = await probed(server.url());
    expect(report.verdict).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(report.steps.filter(({ result }) => result === "failed").map(({ name }) => name)).toEqual(["accept"]);
  });

  it("a masked frame of the server", async () => {
    const raw = {
      onOpen: (peer: WebSocket) => rawSocket(peer).write("\x82\x81\x00\x00\x00\x00a", "latin1"),
    };
    const server = await started(fakeWebSocketServer(raw));
    expect((await probed(server.url())).verdict.message).toMatch(/1002/);
  });
});

/** The TCP socket below a ws connection: to send what ws would not. */
function rawSocket(peer: WebSocket): Socket {
  return (peer as unknown as { _socket: Socket })._socket;
}

describe("accepted, and then", () => {
  it("the Disconnect at once of a full server", async () => {
    const server = await serverOf({ maxConnections: 0 });
    const { verdict } = await probed(server.url);
    expect(verdict).toMatchObject({ code: "refused", message: expect.stringContaining("at once") });
  });

  it("a Disconnect in answer to our message", async () => {
    const then: Parameters<typeof acceptingScript>[0] = (peer, token) =>
      peer.once("message", () => peer.send(encodeControl("disconnect", token)));
    const server = await started(fakeWebSocketServer(acceptingScript(then)));
    expect((await probed(server.url())).verdict.code).toBe("message-refused");
  });

  it("a Disconnect after a while of its own", async () => {
    const server = await serverOf({ kickAfterMs: 1300 });
    const { verdict, steps } = await probed(server.url, { holdMs: 3000 });
    expect(verdict).toMatchObject({ code: "disconnected", message: expect.stringMatching(/after 1\.[3-9] s/) });
    expect(steps.at(-1)).toMatchObject({ name: "hold", result: "failed" });
  });

  it.concurrent.each([
    [5000, "approval-entities", "Netcode for Entities"],
    [10_000, "approval-gameobjects", "Netcode for GameObjects"],
  ])("the Disconnect of a netcode layer after %s ms", async (kickAfterMs, code, name) => {
    const server = await UtpServer.listen({ kickAfterMs, echo: false });
    const { verdict } = await probed(server.url, { holdMs: 12_000 });
    await server.close();
    expect(verdict).toMatchObject({ code, message: expect.stringContaining(name) });
    expect(verdict.message).toContain("This is a UTP server that can be reached");
    expect(verdict.next).toContain(`dropped after ${kickAfterMs / 1000} s`);
  });

  it.each<[string, (peer: WebSocket) => void, string, RegExp]>([
    ["a Close without a Disconnect", (peer) => peer.close(1011), "connection-lost", /1011/],
    ["a cut", (peer) => peer.terminate(), "connection-lost", /without Disconnect or Close/],
    ["a text message", (peer) => peer.send("hi"), "bad-frames", /text message/],
    ["a message over the limit", (peer) => peer.send(Buffer.alloc(1387)), "bad-frames", /size limit/],
  ])("%s", async (_name, then, code, message) => {
    const server = await started(fakeWebSocketServer(acceptingScript(then)));
    expect((await probed(server.url())).verdict).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("silence", async () => {
    const server = await started(fakeWebSocketServer(acceptingScript()));
    expect((await probed(server.url(), { holdMs: 2800 })).verdict.code).toBe("went-silent");
  });

  it("no answer to our Close", async () => {
    const server = await started(
      fakeWebSocketServer(
        acceptingScript((peer, token) => {
          beat(peer, token);
          setTimeout(() => rawSocket(peer).pause(), 200);
        }),
      ),
    );
    const { verdict, steps } = await probed(server.url());
    expect(verdict.code).toBe("unclean-close");
    expect(steps.slice(-2)).toMatchObject([
      { name: "disconnect", result: "failed" },
      { name: "fin", result: "note" },
    ]);
  });
});

describe("a server at its limit", () => {
  it("whose 101 is late", async () => {
    const server = await started(fakeWebSocketServer(acceptingScript(beat), { delayMs: 1100 }));
    const { verdict } = await probed(server.url(), { limitMs: 2000 });
    expect(verdict).toMatchObject({ code: "at-limit", message: expect.stringMatching(/101 took 1\d\d\d ms/) });
  });

  it("whose Accept is late", async () => {
    const server = await started(fakeWebSocketServer(acceptingScript(beat, 1100)));
    const { verdict } = await probed(server.url(), { limitMs: 2000 });
    expect(verdict).toMatchObject({
      code: "at-limit",
      message: expect.stringMatching(/Accept took 1\d\d\d ms and 2 requests/),
    });
  });
});

describe("healthy", () => {
  const ALL_STEPS = ["dns", "tcp", "upgrade", "accept", "message", "heartbeats", "hold", "disconnect", "fin"];

  it.each([0, 60])("an echo server with a tick of %s Hz", async (tickHz) => {
    const server = await serverOf({ tickHz, echo: true });
    const frames: ProbeFrame[] = [];
    const { verdict, steps } = await probed(server.url, { holdMs: 1300 }, undefined, frames);
    expect(verdict).toMatchObject({ code: "healthy", message: expect.stringContaining("echoed the data message") });
    expect(steps.map(({ name }) => name)).toEqual(ALL_STEPS);
    expect(steps.every(({ result }) => result === "ok")).toBe(true);
    expect(frames.slice(0, 4).map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
      "sent http",
      "received http",
      "sent binary",
      "received binary",
    ]);
    const lastOnes = frames.slice(-3).map(({ direction, kind, payload }) => [direction, kind, payload[0]]);
    expect(lastOnes).toEqual([
      ["sent", "binary", 2],
      ["sent", "close", 3],
      ["received", "close", 3],
    ]);
  });

  it("a server that does not echo, and none that is asked to", async () => {
    const server = await serverOf({ echo: false });
    expect((await probed(server.url)).verdict).toMatchObject({
      code: "healthy",
      message: expect.stringContaining("did not echo"),
    });
    const silent = await probed(server.url, { messageBytes: 0 });
    expect(silent.verdict).toMatchObject({
      code: "healthy",
      message: expect.stringContaining("No data message was sent"),
    });
    expect(silent.steps.map(({ name }) => name)).not.toContain("message");
  });

  it("over TLS, with --ca and with --insecure", async () => {
    const server = await serverOf({ echo: true, tls: testCertificate() });
    const trusted = await probed(server.url, { ca: testPem("ca.pem") });
    expect(trusted.verdict.code).toBe("healthy");
    expect(trusted.steps.map(({ name }) => name)).toEqual([...ALL_STEPS.slice(0, 2), "tls", ...ALL_STEPS.slice(2)]);
    expect((await probed(server.url, { insecure: true })).verdict.code).toBe("healthy");
  });

  it("is left politely when interrupted", async () => {
    let reason: string | undefined;
    const server = await serverOf({ onDisconnect: (_peer, why) => (reason = why) });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const { verdict } = await probed(server.url, { holdMs: 60_000, signal: controller.signal });
    expect(verdict.code).toBe("interrupted");
    expect(reason).toBe("ClosedByRemote");
  });
});

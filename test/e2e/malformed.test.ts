// A server that makes mistakes on purpose, and clients that survive each: what Unity's would drop is dropped and counted, what ends a
// connection ends it with its reason. Real sockets, `serve --malform` and `run` as a user has them.
import { afterEach, describe, expect, it } from "vitest";
import { UtpClient } from "../../src/client/index.js";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import { ENDED, expectBooksToBalance, runJson, startServe } from "../support/cli.js";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const RELIABLE = (window: number) => `[[{"stage":"reliableSequenced","window":${window}}]]`;

/** A short run of two clients against `serve` with these flags. */
async function loaded(serveFlags: readonly string[], runFlags: Readonly<Record<string, string>> = {}) {
  const server = await startServe(["--tick", 0, "--echo", ...serveFlags]);
  open.push({
    close: () => {
      server.child.kill("SIGTERM");
      return server.ended;
    },
  });
  const load = { clients: "2", duration: "1s", ramp: "0s", rate: "20", size: "40", ...runFlags };
  const flags = Object.entries(load).flatMap(([name, value]) => [`--${name}`, value]);
  const { code, summary } = await runJson([server.url, ...flags]);
  expectBooksToBalance(summary);
  return { code, summary };
}

describe("an Accept with a mistake", () => {
  it("of version 2 is dropped and counted: the client asks on until its time is over", async () => {
    // Without heartbeats, which would come early and be dropped as well.
    const { code, summary } = await loaded(["--malform", "version-2", "--heartbeat", "0"], {
      "connect-timeout": "2500ms",
      duration: "4s",
    });
    expect(code).toBe(113);
    expect(summary.connect.failures).toEqual({ UtpAcceptTimeout: 2 });
    // Two or three requests each, each answered.
    const { wrongVersion = 0, ...others } = summary.messages.protocolDrops;
    expect(others).toEqual({});
    expect(wrongVersion).toBeGreaterThanOrEqual(4);
    expect(wrongVersion).toBeLessThanOrEqual(6);
  });

  it.each([[[]], [["--accept-payload", "utf8:hello"]]])(
    "that lies about its payload connects, the payload ignored and counted (%j)",
    async (flags) => {
      const { code, summary } = await loaded(["--malform", "length-lie", ...flags]);
      expect(ENDED).toContain(code);
      expect(summary.clients.connected).toBe(2);
      expect(summary.messages.protocolDrops).toEqual({ badPayloadLength: 2 });
      expect(summary.messages.answered).toBe(summary.messages.sent);
      expect(summary.disconnects.byReason).toEqual({ ClosedByClient: 2 });
    },
  );

  it("and a payload lie gives the application no payload", async () => {
    const acceptPayload = new Uint8Array(20).fill(7);
    const server = await UtpServer.listen({ tickHz: 0, acceptPayload, malform: ["length-lie"] });
    open.push(server);
    const client = await UtpClient.connect(server.url);
    open.push(client);
    expect(client.acceptPayload).toBeUndefined();
    expect(server.stats().faults.malformed).toBe(1);
  });
});

describe("packets glued together", () => {
  it("are one packet to a client, as to Unity's: the second is part of the first one's payload", async () => {
    const { summary } = await loaded(["--malform", "glued"]);
    expect(summary.clients.connected).toBe(2);
    // The Accept's twin looks like a payload with a wrong length.
    expect(summary.messages.protocolDrops).toEqual({ badPayloadLength: 2 });
    const { received, payloadBytesReceived, sent } = summary.messages;
    expect(received).toBe(sent);
    expect(payloadBytesReceived).toBe(received * (40 + 10 + 40));
    expect(summary.disconnects.byReason).toEqual({ ClosedByClient: 2 });
  });
});

describe("a window of another class", () => {
  it.each([
    // The client reads 12 bytes of header where 16 were written: four of the mask's are payload to it.
    [32, 36, "ffffffff0405060708"],
    // It reads 16 where 12 were written; and its own four too many have come back as payload: an echo heals itself.
    [64, 44, "000102030405060708"],
  ])("than %i shifts the payload by four bytes, and the connection lives on", async (window, heardBytes, start) => {
    const pipelines = [[{ stage: "reliableSequenced" as const, window }]];
    const heard: number[] = [];
    const onMessage = (_peer: unknown, payload: Uint8Array): unknown => heard.push(payload.length);
    const server = await UtpServer.listen({
      tickHz: 0,
      echo: true,
      pipelines,
      malform: ["window-mismatch"],
      onMessage,
    });
    open.push(server);
    const client = await UtpClient.connect(server.url, { pipelines });
    open.push(client);
    const answers: Uint8Array[] = [];
    client.onMessage = (payload) => answers.push(payload);
    for (let i = 0; i < 10; i++)
      client.send(
        Uint8Array.from({ length: 40 }, (_, at) => at),
        { pipelineId: 1 },
      );
    for (let waitedMs = 0; answers.length < 10 && waitedMs < 5000; waitedMs += 10) await pause(10);
    expect(heard).toEqual(Array(10).fill(heardBytes));
    expect(answers.map((answer) => Buffer.from(answer).toString("hex").slice(0, 18))).toEqual(Array(10).fill(start));
    expect(client.end).toBeUndefined();
  });

  it("above 64 drops every packet: nothing is answered, and sends are refused when the window is full", async () => {
    const pipelines = RELIABLE(128);
    const serveFlags = ["--malform", "window-mismatch", "--pipelines", pipelines];
    const { summary } = await loaded(serveFlags, { pipelines, pipeline: "1", rate: "200", duration: "2s" });
    const { received, perPipeline, sent, dropped } = summary.messages;
    expect(received).toBe(0);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(2 * 128);
    expect(dropped).toBeGreaterThan(0);
    expect(perPipeline["1"]!.resent).toBeGreaterThan(0);
  });
});

describe("an ack of the future", () => {
  it.each(["ones", "zeros"] as const)(
    "(first mask of %s) does not stop a client: all its messages arrive, in order, and all answers",
    async (initialMask) => {
      const pipelines: UtpServerOptions["pipelines"] = [[{ stage: "reliableSequenced", initialMask }]];
      const heard: number[] = [];
      const server = await UtpServer.listen({
        tickHz: 0,
        echo: true,
        pipelines,
        malform: ["future-ack"],
        onMessage: (_peer, payload) => heard.push((payload[0]! << 8) | payload[1]!),
      });
      open.push(server);
      const client = await UtpClient.connect(server.url, { pipelines });
      open.push(client);
      const answers: number[] = [];
      client.onMessage = (payload) => answers.push((payload[0]! << 8) | payload[1]!);
      const numbers = Array.from({ length: 400 }, (_, index) => index);
      for (const index of numbers) {
        while (!client.send(Uint8Array.of(index >> 8, index & 0xff), { pipelineId: 1 })) await pause(2);
        if (index % 16 === 0) await pause(2);
      }
      for (let waitedMs = 0; answers.length < numbers.length && waitedMs < 10_000; waitedMs += 10) await pause(10);
      expect(server.stats().faults.malformed).toBe(1);
      expect(heard).toEqual(numbers);
      expect(answers).toEqual(numbers);
      expect(client.pipelineCounters(1)).toMatchObject({ sent: 400, received: 400, outOfWindow: 0 });
    },
  );
});

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

// Pipelines on real sockets through a server that drops and doubles what it sends: what is reliable comes whole and in order, what is
// not may be lost but is never torn.
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type NodeClientOptions, type PipelinesDescription, UtpClient } from "../../src/client/index.js";
import type { ClientKind } from "../../src/client/session-types.js";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import { expectBooksToBalance, runJson, temporaryFolder } from "../support/cli.js";

/** 1 `[Frag, Reliable]`, 2 `[Reliable]`, 3 `[Frag]`. */
const FRAGMENTATION = { stage: "fragmentation", payloadCapacityBytes: 6148 } as const;
const RELIABLE = { stage: "reliableSequenced", window: 64, maximumResendMs: 500 } as const;
const PIPELINES: PipelinesDescription = [[FRAGMENTATION, RELIABLE], [RELIABLE], [FRAGMENTATION]];
const BAD_NETWORK = { dropRatio: 0.1, duplicateRatio: 0.1, latencyMs: 2, jitterMs: 3 };

const folder = temporaryFolder();
afterAll(() => folder.remove());

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function echoServer(options: UtpServerOptions): Promise<UtpServer> {
  const server = await UtpServer.listen({ tickHz: 0, echo: true, pipelines: PIPELINES, ...options });
  open.push(server);
  return server;
}

async function client(server: UtpServer, options: NodeClientOptions = {}): Promise<UtpClient> {
  const connected = await UtpClient.connect(server.url, { pipelines: PIPELINES, ...options });
  open.push(connected);
  return connected;
}

/** Message `index`: each byte says where it stands, so that no two pieces can be mixed up unseen. */
function message(index: number, lengthBytes: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, at) => (index * 31 + at + (at >> 8) * 7) & 0xff);
}

/** Sends them all, as fast as the window takes them. */
async function sendAll(connected: UtpClient, pipelineId: number, messages: readonly Uint8Array[]): Promise<void> {
  for (const payload of messages) while (!connected.send(payload, { pipelineId })) await pause(5);
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

async function until(isReached: () => boolean, withinMs = 20_000): Promise<void> {
  for (let waitedMs = 0; !isReached() && waitedMs < withinMs; waitedMs += 10) await pause(10);
}

function collect(connected: UtpClient): Uint8Array[] {
  const received: Uint8Array[] = [];
  connected.onMessage = (payload) => received.push(payload);
  return received;
}

describe("through a server that drops and doubles packets", () => {
  it.each([
    ["5,000-byte messages on [Fragmentation, Reliable]", 1, 30, 5000],
    ["a burst of 100 on [Reliable]", 2, 100, 40],
  ])("%s arrive whole and in order", async (_name, pipelineId, count, lengthBytes) => {
    const server = await echoServer({ faults: BAD_NETWORK, seed: 5 });
    const connected = await client(server);
    const received = collect(connected);
    const messages = Array.from({ length: count }, (_, index) => message(index, lengthBytes));
    await sendAll(connected, pipelineId, messages);
    await until(() => received.length >= count);
    expect(received).toEqual(messages);
    const { faults, pipelines, windowFull } = server.stats();
    expect(faults.dropped).toBeGreaterThan(0);
    expect(faults.duplicated).toBeGreaterThan(0);
    expect(windowFull).toBe(0);
    expect(pipelines[String(pipelineId)]).toMatchObject({ received: count, sent: count, outOfWindow: 0 });
    expect(pipelines[String(pipelineId)]!.resent).toBeGreaterThan(0);
    expect(connected.pipelineCounters(pipelineId)).toMatchObject({ sent: count, received: count });
    expect(connected.pipelineCounters(pipelineId).duplicates).toBeGreaterThan(0);
  });

  it.each<[string, UtpServerOptions]>([
    [
      "the global simulator",
      { globalSimulator: { sendLossRatio: 0.1, receiveLossRatio: 0.1, sendDelayMs: 5, sendJitterMs: 10 } },
    ],
    [
      "the simulator stage",
      { stageSimulator: { maxPackets: 64, delayMs: 5, jitterMs: 5, dropInterval: 7, duplicatePercent: 10 } },
    ],
  ])("whole and in order through %s of Unity as well, both ways", async (_name, options) => {
    const server = await echoServer({ seed: 5, ...options });
    const connected = await client(server);
    const received = collect(connected);
    const messages = Array.from({ length: 40 }, (_, index) => message(index, 2000));
    await sendAll(connected, 1, messages);
    await until(() => received.length >= messages.length);
    expect(received).toEqual(messages);
    expect(server.stats().faults.dropped).toBeGreaterThan(0);
    expect(connected.pipelineCounters(1).resent).toBeGreaterThan(0);
  });

  it.each<ClientKind>(["native", "webgl"])("a %s client gets its burst from a server with a tick", async (kind) => {
    const server = await echoServer({ tickHz: 60, faults: BAD_NETWORK, seed: 6 });
    const connected = await client(server, { kind });
    const received = collect(connected);
    const messages = Array.from({ length: 60 }, (_, index) => message(index, 40));
    await sendAll(connected, 2, messages);
    await until(() => received.length >= messages.length);
    expect(received).toEqual(messages);
    expect(connected.refusedMessages).toBe(0);
  });

  it("on [Fragmentation] alone a loss is counted and nothing torn is delivered", async () => {
    const server = await echoServer({ faults: { dropRatio: 0.1, duplicateRatio: 0.05 }, seed: 7 });
    const connected = await client(server);
    const received = collect(connected);
    const messages = Array.from({ length: 100 }, (_, index) => message(index, 5000));
    for (const payload of messages) connected.send(payload, { pipelineId: 3 });
    await until(() => server.stats().messagesOut >= messages.length);
    await pause(200);
    const whole = new Set(messages.map((payload) => Buffer.from(payload).toString("hex")));
    expect(received.filter((payload) => !whole.has(Buffer.from(payload).toString("hex")))).toEqual([]);
    expect(received.length).toBeGreaterThan(20);
    expect(received.length).toBeLessThan(messages.length);
    const { dropped, reassembled, received: counted } = connected.pipelineCounters(3);
    expect({ reassembled, counted }).toEqual({ reassembled: received.length, counted: received.length });
    expect(dropped).toBeGreaterThan(0);
  });
});

describe("a run with pipelines", () => {
  it("counts by pipeline, times the acks, and its embedded server speaks the same pipelines", async () => {
    const load = ["--clients", 4, "--duration", "2s", "--ramp", "0s", "--rate", 20, "--size", 200];
    const out = join(folder.path, "run");
    const { code, summary } = await runJson(["embedded", ...load, "--pipeline", "reliable", "--out", out]);
    expectBooksToBalance(summary);
    expect(code).toBe(0);
    const { sent, received, answered, perPipeline, protocolDrops } = summary.messages;
    expect(protocolDrops).toEqual({});
    expect(sent).toBeGreaterThan(100);
    expect(answered).toBe(received);
    expect(perPipeline).toEqual({
      reliable: expect.objectContaining({ sent, received, outOfWindow: 0, reassembled: 0 }),
    });
    expect(summary.latencyMs.pipelineRtt.count).toBeGreaterThan(0);
    expect(summary.latencyMs.rtt.count).toBe(answered);
  });
});

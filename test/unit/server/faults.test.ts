// Fault injection: delay, order, loss, duplicates and stalls, as statistics on a virtual clock, and counted to the last message.
import { describe, expect, it } from "vitest";
import type { FaultOptions } from "../../../src/server/server-options.js";
import { bytes } from "../../support/bytes.js";
import { ServerBench } from "../../support/server-bench.js";
import { connect, dataOf, range, requestOf, send } from "../../support/server-clients.js";
import { clientFrame } from "../../support/wire-bytes.js";

/** Sends `count` messages, one every `everyMs`, and gives the delay and number of each echo. */
function echoes(faults: FaultOptions, count: number, everyMs: number, seed = 1): { delayMs: number; index: number }[] {
  const bench = new ServerBench({ tickHz: 0, echo: true, faults, seed, parameters: { heartbeatTimeoutMs: 0 } });
  connect(bench, 0);
  // A lost Accept makes the client ask again.
  for (let i = 0; i < 50; i++) {
    send(bench, 0, requestOf(0));
    bench.advanceTo(bench.nowMs + 1000);
  }
  const startMs = bench.nowMs;
  for (const index of range(count)) {
    send(bench, 0, dataOf(0, Uint8Array.of(index >> 8, index & 0xff)));
    bench.advanceTo(startMs + (index + 1) * everyMs);
  }
  bench.advanceTo(bench.nowMs + 10_000);
  const found: { delayMs: number; index: number }[] = [];
  for (const { atMs, bytes: output } of bench.written(0)) {
    // All frames here are shorter than 126 bytes.
    for (let at = 0; at < output.length; at += 2 + output[at + 1]!) {
      if (output[at] !== 0x82 || output[at + 2] !== 1) continue;
      const index = (output[at + 12]! << 8) | output[at + 13]!;
      found.push({ index, delayMs: atMs - (startMs + index * everyMs) });
    }
  }
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("latency and jitter", () => {
  it("delay each message by L", () => {
    const delays = echoes({ latencyMs: 20 }, 200, 10).map(({ delayMs }) => delayMs);
    expect(delays).toHaveLength(200);
    for (const delayMs of delays) expect(delayMs).toBe(20);
  });

  it("add between 0 and J, J/2 in the mean where messages are rarer than J", () => {
    const delays = echoes({ latencyMs: 20, jitterMs: 10 }, 2000, 20).map(({ delayMs }) => delayMs);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(20);
    // Up to 1 ms later, as the bench looks at its clock each ms.
    expect(Math.max(...delays)).toBeLessThanOrEqual(31);
    expect(mean(delays)).toBeGreaterThan(25);
    expect(mean(delays)).toBeLessThan(26.1);
  });

  it("have two humps, the second as often as it should be", () => {
    const faults = { latencyMs: 20, slow: { latencyMs: 80, ratio: 0.1 } };
    const delays = echoes(faults, 2000, 100).map(({ delayMs }) => delayMs);
    expect(new Set(delays)).toEqual(new Set([20, 80]));
    const slow = delays.filter((delayMs) => delayMs === 80).length;
    expect(slow / delays.length).toBeGreaterThan(0.08);
    expect(slow / delays.length).toBeLessThan(0.12);
  });

  it("keep the order, however large the jitter", () => {
    const order = echoes({ jitterMs: 500 }, 1000, 1).map(({ index }) => index);
    expect(order).toEqual(range(1000));
  });

  it("are the same for the same seed, and others for another", () => {
    const faults = { jitterMs: 50, dropRatio: 0.2, duplicateRatio: 0.2 };
    expect(echoes(faults, 100, 5, 7)).toEqual(echoes(faults, 100, 5, 7));
    expect(echoes(faults, 100, 5, 8)).not.toEqual(echoes(faults, 100, 5, 7));
  });

  it("let a Close wait until the held messages are out", () => {
    const bench = new ServerBench({ tickHz: 0, echo: true, faults: { latencyMs: 300 } });
    connect(bench, 0);
    send(bench, 0, requestOf(0));
    bench.advanceTo(400);
    send(bench, 0, dataOf(0, bytes("07")));
    bench.core.disconnectPeer([...bench.core.peers.values()][0]!, bench.nowMs);
    bench.core.flush();
    expect(bench.core.isSettling).toBe(true);
    bench.advanceTo(699);
    expect(bench.parts(0)).toHaveLength(2);
    bench.advanceTo(701);
    const said = bench.parts(0).map((part) => (part.kind === "frame" ? `${part.opcode}:${part.payload[0]}` : "http"));
    expect(said).toEqual(["http", "2:85", "2:1", "2:2", "8:3"]);
  });

  it("do not touch the upgrade, pongs and Close replies", () => {
    const bench = new ServerBench({ tickHz: 0, faults: { latencyMs: 1000, dropRatio: 1 } });
    connect(bench, 0);
    bench.input(0, clientFrame({ opcode: 9, payload: bytes("01") }));
    bench.input(0, clientFrame({ opcode: 8, payload: bytes("03 E8") }));
    expect(bench.parts(0)).toHaveLength(3);
    expect(bench.nowMs).toBe(0);
  });

  it("count what was held for a client that went away", () => {
    const bench = new ServerBench({ tickHz: 0, echo: true, faults: { latencyMs: 1000 } });
    connect(bench, 0);
    send(bench, 0, requestOf(0));
    bench.end(0);
    expect(bench.core.stats().faults).toMatchObject({ delayed: 1, discarded: 1 });
  });
});

describe("loss and duplicates", () => {
  it.each([0.01, 0.1, 0.5])("lose %f of the messages, and count each", (dropRatio) => {
    const arrived = echoes({ dropRatio }, 4000, 1).length;
    const spread = 4 * Math.sqrt(dropRatio * (1 - dropRatio) * 4000);
    expect(Math.abs(4000 * (1 - dropRatio) - arrived)).toBeLessThan(spread);
  });

  it("duplicate a share of them, the copy right behind", () => {
    const order = echoes({ duplicateRatio: 0.1 }, 4000, 1).map(({ index }) => index);
    expect(new Set(order).size).toBe(4000);
    expect(order.length - 4000).toBeGreaterThan(320);
    expect(order.length - 4000).toBeLessThan(480);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("lose everything at 1, the Accept too, and the books balance", () => {
    const bench = new ServerBench({ tickHz: 0, echo: true, faults: { dropRatio: 1 } });
    connect(bench, 0);
    send(bench, 0, requestOf(0));
    for (const index of range(10)) send(bench, 0, dataOf(0, Uint8Array.of(index)));
    expect(bench.packets(0)).toEqual([]);
    expect(bench.core.stats()).toMatchObject({ messagesIn: 10, messagesOut: 10, faults: { dropped: 11 } });
  });
});

describe("stalls", () => {
  it.each([0, 60])("stop a server of %i Hz for 1 s every 10 s: nothing is answered, nothing is lost", (tickHz) => {
    const bench = new ServerBench({ tickHz, echo: true, faults: { stall: { forMs: 1000, everyMs: 10_000 } } });
    connect(bench, 0);
    bench.advanceTo(100);
    send(bench, 0, requestOf(0));
    for (let i = 0; i < 250; i++) {
      bench.advanceTo(100 * (i + 2));
      send(bench, 0, dataOf(0, Uint8Array.of(i)));
    }
    bench.advanceTo(26_000);
    const times = bench.written(0).map(({ atMs }) => atMs);
    expect(times.filter((atMs) => atMs % 10_000 < 1000 && atMs >= 10_000)).toEqual([]);
    expect(bench.packets(0).filter((packet) => packet[0] === 1)).toHaveLength(250);
    expect(bench.core.stats()).toMatchObject({ messagesIn: 250, messagesOut: 250, faults: { stalls: 2 } });
  });

  it("let newcomers and leavers wait", () => {
    const bench = new ServerBench({ tickHz: 0, echo: true, faults: { stall: { forMs: 500, everyMs: 1000 } } });
    connect(bench, 0);
    send(bench, 0, requestOf(0));
    bench.advanceTo(1100);
    connect(bench, 1);
    send(bench, 0, dataOf(0, bytes("01")));
    bench.end(0);
    expect(bench.core.stats()).toMatchObject({ sockets: 1, waitingSockets: 1, connections: 1 });
    bench.advanceTo(1501);
    expect(bench.parts(1)).toHaveLength(1);
    expect(bench.core.stats()).toMatchObject({ sockets: 1, waitingSockets: 0, connections: 0, messagesIn: 1 });
  });
});

// The global simulator against protocol page 7.2, rule by rule, on a virtual clock; then as a server has it.
import { describe, expect, it } from "vitest";
import { GlobalSimulator } from "../../../src/server/global-simulator.js";
import type { ServerClient } from "../../../src/server/server-client.js";
import { emptyStats } from "../../../src/server/server-stats.js";
import { type GlobalSimulatorOptions, resolveGlobal } from "../../../src/server/simulator-options.js";
import { bytes } from "../../support/bytes.js";
import { ServerBench } from "../../support/server-bench.js";
import { connect, dataOf, joined, range, requestOf, send } from "../../support/server-clients.js";

interface Left {
  readonly index: number;
  readonly atMs: number;
}

/** Only named here, never asked. */
const CLIENT = {} as ServerClient;
const OTHER = {} as ServerClient;

function simulatorWith(options: GlobalSimulatorOptions, seed = 1) {
  const counts = emptyStats().faults;
  const simulator = new GlobalSimulator(resolveGlobal(options), seed, counts);
  const left: Left[] = [];
  let nowMs = 0;
  const transmit = (_client: ServerClient, packet: Uint8Array): boolean => {
    left.push({ index: (packet[0]! << 8) | packet[1]!, atMs: nowMs });
    return true;
  };
  const offer = (index: number, client = CLIENT): void => {
    simulator.offer(client, Uint8Array.of(index >> 8, index & 0xff), nowMs, transmit);
  };
  const releaseAt = (atMs: number): void => {
    nowMs = atMs;
    simulator.release(atMs, transmit);
  };
  return { simulator, counts, left, offer, releaseAt };
}

/** `count` packets, one a ms, the clock looked at each ms. */
function offerMany(options: GlobalSimulatorOptions, count: number, seed?: number) {
  const made = simulatorWith(options, seed);
  for (let ms = 0; ms < count + 1000; ms++) {
    made.releaseAt(ms);
    if (ms < count) made.offer(ms);
  }
  return made;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const indexes = (left: readonly Left[]): number[] => left.map(({ index }) => index);

describe("losses", () => {
  it.each([0.005, 0.1, 0.5])("of %f of what is sent; with loss only the order is kept", (sendLossRatio) => {
    const { left, counts } = offerMany({ sendLossRatio }, 4000);
    expect(left.length + counts.dropped).toBe(4000);
    const spread = 4 * Math.sqrt(sendLossRatio * (1 - sendLossRatio) * 4000);
    expect(Math.abs(counts.dropped - 4000 * sendLossRatio)).toBeLessThan(spread);
    expect(indexes(left)).toEqual([...indexes(left)].sort((a, b) => a - b));
    expect(left.every(({ index, atMs }) => atMs === index)).toBe(true);
  });

  it("of a share of what is received", () => {
    const { simulator, counts } = simulatorWith({ receiveLossRatio: 0.25 });
    const passed = range(4000).filter(() => simulator.passesIn(new Uint8Array(9))).length;
    expect(passed + counts.dropped).toBe(4000);
    expect(Math.abs(counts.dropped - 1000)).toBeLessThan(110);
  });

  it.each([
    [986, true],
    [987, false],
  ])("of a received packet of %i bytes with an MTU of 1000: 14 are reserved below", (lengthBytes, passes) => {
    const { simulator } = simulatorWith({ receiveMtuBytes: 1000 });
    expect(simulator.passesIn(new Uint8Array(lengthBytes))).toBe(passes);
  });
});

describe("delays", () => {
  it("without jitter are exact, and the order of packets due in one update is first, last, ..., second", () => {
    const { offer, releaseAt, left } = simulatorWith({ sendDelayMs: 40 });
    for (const index of range(5)) offer(index);
    releaseAt(39);
    expect(left).toEqual([]);
    releaseAt(40);
    expect(indexes(left)).toEqual([0, 4, 3, 2, 1]);
  });

  it("jitter only ever adds, and half of the packets have none", () => {
    const { left } = offerMany({ sendDelayMs: 40, sendJitterMs: 40 }, 4000);
    const delays = left.map(({ index, atMs }) => atMs - index);
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([40, 79]);
    const plain = delays.filter((delayMs) => delayMs === 40).length;
    // 40 of the 80 draws are below 0, one is 0.
    expect(Math.abs(plain / 4000 - 41 / 80)).toBeLessThan(0.03);
    expect(Math.abs(mean(delays.filter((delayMs) => delayMs > 40)) - 60)).toBeLessThan(1);
  });

  it("of all connections are in one store", () => {
    const { simulator, offer, releaseAt, left, counts } = simulatorWith({ sendDelayMs: 10 });
    for (const index of range(6)) offer(index, index % 2 === 0 ? CLIENT : OTHER);
    simulator.forget(OTHER);
    expect(counts).toMatchObject({ delayed: 6, discarded: 3 });
    releaseAt(10);
    expect(indexes(left)).toEqual([0, 4, 2]);
  });

  it("keep what finds no room for the next update", () => {
    const { simulator } = simulatorWith({ sendDelayMs: 10 });
    const sent: number[] = [];
    const refuse = (): boolean => false;
    const take = (_client: ServerClient, packet: Uint8Array): boolean => sent.push(packet[0]!) > 0;
    simulator.offer(CLIENT, bytes("07"), 0, take);
    simulator.release(10, refuse);
    expect(sent).toEqual([]);
    simulator.release(20, take);
    expect(sent).toEqual([7]);
  });
});

describe("copies", () => {
  it("leave before or after the original, from D - J to D + J - 1", () => {
    const { left, counts } = offerMany({ sendDelayMs: 40, sendJitterMs: 20, sendDuplicateRatio: 1 }, 2000);
    expect([left.length, counts.duplicated]).toEqual([4000, 2000]);
    const delays = left.map(({ index, atMs }) => atMs - index);
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([20, 59]);
    // A copy earlier than 40 ms is one that came before its original: half of them.
    expect(Math.abs(delays.filter((delayMs) => delayMs < 40).length / 2000 - 0.5)).toBeLessThan(0.05);
  });

  it("are made of the share that was asked for", () => {
    const { counts } = offerMany({ sendDuplicateRatio: 0.1 }, 4000);
    expect(Math.abs(counts.duplicated - 400)).toBeLessThan(80);
  });

  it("and all else are the same for the same seed", () => {
    const options = { sendDelayMs: 5, sendJitterMs: 30, sendLossRatio: 0.1, sendDuplicateRatio: 0.1 };
    expect(offerMany(options, 300, 3).left).toEqual(offerMany(options, 300, 3).left);
    expect(offerMany(options, 300, 4).left).not.toEqual(offerMany(options, 300, 3).left);
  });
});

describe("on a server", () => {
  it("delays the handshake and heartbeats too, not the upgrade", () => {
    const bench = new ServerBench({ tickHz: 50, globalSimulator: { sendDelayMs: 100 } });
    connect(bench, 0);
    bench.tick();
    expect(bench.parts(0)).toHaveLength(1);
    send(bench, 0, requestOf(0));
    const askedMs = bench.nowMs;
    bench.advanceTo(askedMs + 119);
    expect(bench.packets(0)).toEqual([]);
    bench.advanceTo(askedMs + 120);
    expect(bench.packets(0)).toHaveLength(1);
    bench.advanceTo(askedMs + 720);
    expect(bench.packets(0).map((packet) => packet[0])).toEqual([0x55, 3]);
  });

  it("loses what it receives before anything else sees it", () => {
    const bench = new ServerBench({ tickHz: 60, globalSimulator: { receiveMtuBytes: 30 } });
    joined(bench, 0);
    for (const index of range(5)) send(bench, 0, dataOf(0, new Uint8Array(index === 2 ? 7 : 6)));
    bench.tick();
    expect(bench.core.stats()).toMatchObject({ messagesIn: 4, faults: { dropped: 1 }, drops: {} });
  });

  it("never holds a Close back: the Disconnect that it delays is lost, and counted", () => {
    const bench = new ServerBench({ tickHz: 60, globalSimulator: { sendDelayMs: 100 } });
    joined(bench, 0);
    bench.advanceTo(300);
    bench.core.disconnectPeer([...bench.core.peers.values()][0]!, bench.nowMs);
    bench.tick(3);
    expect(bench.parts(0).at(-1)).toMatchObject({ kind: "frame", opcode: 8 });
    bench.end(0);
    bench.tick(10);
    expect(bench.packets(0).filter((packet) => packet[0] === 2)).toEqual([]);
    expect(bench.core.stats().faults.discarded).toBe(1);
  });
});

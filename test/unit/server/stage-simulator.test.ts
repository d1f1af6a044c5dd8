// The simulator stage against protocol page 7.1, rule by rule, on a virtual clock; then as a server has it.
import { describe, expect, it } from "vitest";
import { emptyStats } from "../../../src/server/server-stats.js";
import { resolveStage, type StageSimulatorOptions } from "../../../src/server/simulator-options.js";
import { StageSimulator } from "../../../src/server/stage-simulator.js";
import { bytes, hex } from "../../support/bytes.js";
import { ServerBench } from "../../support/server-bench.js";
import { dataOf, joined, range, send } from "../../support/server-clients.js";

interface Passed {
  readonly way: "sent" | "received";
  readonly index: number;
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** A stage with what has come out of it. Packets are numbered in their first two bytes. */
function stageWith(options: Partial<StageSimulatorOptions>, seed = 1) {
  const counts = emptyStats().faults;
  const passed: Passed[] = [];
  const note = (way: Passed["way"]) => (packet: Uint8Array, atMs: number) => {
    passed.push({ way, index: (packet[0]! << 8) | packet[1]!, atMs, bytes: packet.slice() });
    return true;
  };
  const settings = resolveStage({ maxPackets: 1_000_000, ...options });
  const stage = new StageSimulator(settings, seed, counts, note("sent"), note("received"));
  return { stage, counts, passed };
}

function packet(index: number, lengthBytes = 2): Uint8Array {
  const made = new Uint8Array(lengthBytes);
  made.set([index >> 8, index & 0xff]);
  return made;
}

/** `count` packets sent, one a ms, and everything released behind them. */
function sendMany(options: Partial<StageSimulatorOptions>, count: number, seed?: number) {
  const made = stageWith(options, seed);
  for (const index of range(count)) {
    made.stage.release(index);
    made.stage.send(packet(index), index);
  }
  for (let ms = count; ms < count + 1000; ms++) made.stage.release(ms);
  return made;
}

const indexes = (passed: readonly Passed[]): number[] => passed.map(({ index }) => index);

describe("rule 1: a packet larger than the limit passes untouched", () => {
  it("and is not counted by the interval", () => {
    const { stage, passed, counts } = stageWith({ maxPacketBytes: 10, dropInterval: 2, delayMs: 50 });
    for (const [index, length] of [10, 11, 10, 11, 10].entries()) stage.send(packet(index, length), 0);
    // Of the small ones the 1st and the 3rd are lost, the 2nd is held.
    expect(indexes(passed)).toEqual([1, 3]);
    expect(counts).toMatchObject({ dropped: 2, delayed: 1 });
  });
});

describe("rules 2 and 3: losses", () => {
  it.each([
    [1, []],
    [2, [1, 3, 5, 7]],
    [3, [1, 2, 4, 5, 7]],
    [5, [1, 2, 3, 4, 6, 7]],
  ])("an interval of %i loses the 1st, and each so many later", (dropInterval, left) => {
    const { passed, counts } = sendMany({ dropInterval }, 8);
    expect(indexes(passed)).toEqual(left);
    expect(counts.dropped).toBe(8 - left.length);
  });

  it("count both directions together", () => {
    const { stage, passed } = stageWith({ dropInterval: 3 });
    for (const index of range(9)) {
      if (index % 2 === 0) stage.send(packet(index), 0);
      else stage.receive(packet(index), 0);
    }
    expect(indexes(passed)).toEqual([1, 2, 4, 5, 7, 8]);
    expect(passed.map(({ way }) => way)).toEqual(["received", "sent", "sent", "received", "received", "sent"]);
  });

  it("count a copy like a packet", () => {
    // Each packet that stays makes a copy: counts 1 lost, 2 and 3 for the next, then 4 lost, ...
    const { passed, counts } = sendMany({ dropInterval: 3, duplicatePercent: 100 }, 6);
    expect(indexes(passed)).toEqual([1, 1, 3, 3, 5, 5]);
    expect(counts).toMatchObject({ dropped: 3, duplicated: 3 });
  });

  it("lose a percentage of those that the interval leaves", () => {
    const { counts } = sendMany({ dropInterval: 2, dropPercent: 20 }, 4000);
    expect(counts.dropped).toBeGreaterThan(2000 + 320);
    expect(counts.dropped).toBeLessThan(2000 + 480);
  });

  it.each([
    ["received", ["sent"]],
    ["sent", ["received"]],
    ["all", []],
    ["off", ["sent", "received"]],
  ] as const)("touch in mode %s what it names", (mode, left) => {
    const { stage, passed } = stageWith({ mode, dropPercent: 100 });
    stage.send(packet(0), 0);
    stage.receive(packet(1), 0);
    expect(passed.map(({ way }) => way)).toEqual(left);
  });
});

describe("rule 4: fuzz", () => {
  it("chooses one in a hundred more than the factor says, sent packets only", () => {
    const { counts } = sendMany({ fuzzPercent: 19 }, 10_000);
    expect(counts.fuzzed).toBeGreaterThan(1850);
    expect(counts.fuzzed).toBeLessThan(2150);
    const received = stageWith({ fuzzPercent: 100 });
    received.stage.receive(packet(7), 0);
    expect(received.counts.fuzzed).toBe(0);
    expect(indexes(received.passed)).toEqual([7]);
  });

  it("flips each bit behind the offset with that probability, and changes the sender's bytes in nothing", () => {
    const { stage, passed, counts } = stageWith({ fuzzPercent: 30, fuzzOffsetBytes: 4, maxPacketBytes: 4004 });
    const original = new Uint8Array(4004);
    for (let i = 0; i < 20; i++) stage.send(original, 0);
    expect(original.every((byte) => byte === 0)).toBe(true);
    const fuzzed = passed.filter(({ bytes: out }) => out.some((byte) => byte !== 0));
    expect(fuzzed).toHaveLength(counts.fuzzed);
    expect(fuzzed.length).toBeGreaterThan(0);
    for (const { bytes: out } of fuzzed) {
      expect(hex(out.subarray(0, 4))).toBe("00000000");
      const ones = out.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
      expect(Math.abs(ones / (8 * 4000) - 0.3)).toBeLessThan(0.02);
    }
  });

  it("goes into the copy as well: it comes before the duplicate", () => {
    const { passed } = sendMany({ fuzzPercent: 100, duplicatePercent: 100 }, 1);
    expect(passed.map(({ bytes: out }) => hex(out))).toEqual(["ffff", "ffff"]);
  });
});

describe("rules 5 to 8: copies and delays", () => {
  it("without delay and jitter the original passes at once, its copy at the next update", () => {
    const { stage, passed } = stageWith({ duplicatePercent: 100 });
    stage.send(packet(0), 10);
    expect(passed).toHaveLength(1);
    stage.release(27);
    expect(passed.map(({ atMs }) => atMs)).toEqual([10, 27]);
  });

  it("a delay alone is exact, at the grain of the updates", () => {
    const { stage, passed } = stageWith({ delayMs: 40 });
    stage.send(packet(0), 0);
    for (const ms of [17, 33, 39, 50]) stage.release(ms);
    expect(passed.map(({ atMs }) => atMs)).toEqual([50]);
  });

  it("jitter lies from D - J to D + J - 1, evenly, so that packets overtake each other", () => {
    const { passed } = sendMany({ delayMs: 40, jitterMs: 10 }, 4000);
    const delays = passed.map(({ index, atMs }) => atMs - index);
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([30, 49]);
    expect(Math.abs(delays.reduce((sum, delay) => sum + delay, 0) / delays.length - 39.5)).toBeLessThan(0.4);
    expect(indexes(passed)).not.toEqual(range(4000));
  });

  it("a jitter above the delay never asks for the past", () => {
    const { passed } = sendMany({ delayMs: 5, jitterMs: 20 }, 4000);
    const delays = passed.map(({ index, atMs }) => atMs - index);
    // What is due at once leaves at the next look, 1 ms later here.
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([1, 24]);
    expect(delays.filter((delay) => delay === 1).length).toBeGreaterThan(1000);
  });

  it("leave the earliest due first, whatever the order of arrival", () => {
    const { stage, passed } = stageWith({ delayMs: 50, jitterMs: 50 });
    for (const index of range(50)) stage.send(packet(index), 0);
    for (let ms = 1; ms <= 100; ms++) stage.release(ms);
    const stepwise = indexes(passed);
    const late = stageWith({ delayMs: 50, jitterMs: 50 });
    for (const index of range(50)) late.stage.send(packet(index), 0);
    late.stage.release(1000);
    expect(indexes(late.passed)).toEqual(stepwise);
  });

  it("a full store lets packets pass at once, each direction with its own", () => {
    const { stage, passed, counts } = stageWith({ delayMs: 50, maxPackets: 2 });
    for (const index of range(4)) stage.send(packet(index), 0);
    stage.receive(packet(9), 0);
    expect(indexes(passed)).toEqual([2, 3]);
    expect([counts.delayed, stage.heldCount]).toEqual([3, 3]);
    stage.release(50);
    expect(indexes(passed)).toEqual([2, 3, 0, 1, 9]);
  });

  it("are the same for the same seed, and others for another", () => {
    const options = { delayMs: 20, jitterMs: 20, dropPercent: 10, duplicatePercent: 10, fuzzPercent: 5 };
    const outcome = (seed: number) => sendMany(options, 300, seed).passed;
    expect(outcome(3)).toEqual(outcome(3));
    expect(outcome(4)).not.toEqual(outcome(3));
  });
});

describe("on a server", () => {
  const PIPELINES = [[{ stage: "unreliableSequenced" as const }], []];

  it("touches packets of pipelines only, each pipeline of each connection for itself", () => {
    const stageSimulator = { maxPackets: 64, dropInterval: 2, mode: "sent" as const };
    const bench = new ServerBench({ tickHz: 60, echo: true, pipelines: PIPELINES, stageSimulator });
    for (const id of [0, 1]) joined(bench, id);
    for (const id of [0, 1]) {
      for (const index of range(4)) {
        send(bench, id, dataOf(id, bytes(`0${index} 00`), 1));
        send(bench, id, dataOf(id, bytes(`0${index} 02`), 2));
        send(bench, id, dataOf(id, bytes(`0${index} 01`), 0));
      }
      bench.tick(3);
    }
    for (const id of [0, 1]) {
      const echoes = bench.packets(id).filter((out) => out[0] === 1);
      const last = (pipelineId: number) =>
        echoes.filter((out) => out[9] === pipelineId).map((out) => hex(out.subarray(-2)));
      // Without a pipeline nothing is lost; on each pipeline the 1st and the 3rd.
      expect(last(0)).toEqual(["0001", "0101", "0201", "0301"]);
      expect(last(2)).toEqual(["0102", "0302"]);
      // Behind the stage's own header, as the simulator is the last stage: sequence numbers 1 and 3.
      expect(last(1)).toEqual(["0100", "0300"]);
    }
  });

  it("delays in both directions, at the grain of its updates, and counts what was held at an end", () => {
    const stageSimulator = { maxPackets: 64, delayMs: 40 };
    const bench = new ServerBench({ tickHz: 50, echo: true, pipelines: [[]], stageSimulator });
    joined(bench, 0);
    const sentMs = bench.nowMs;
    send(bench, 0, dataOf(0, bytes("0A"), 1));
    bench.advanceTo(sentMs + 400);
    const echo = bench.written(0).find(({ bytes: out }) => out[0] === 0x82 && out.at(-1) === 0x0a);
    // Read 20 ms later, handed up 40 after that, sent 40 later again.
    expect(echo?.atMs).toBe(sentMs + 100);
    send(bench, 0, dataOf(0, bytes("0B"), 1));
    bench.tick();
    bench.end(0);
    bench.tick();
    expect(bench.core.stats().faults).toMatchObject({ delayed: 3, discarded: 1 });
  });
});

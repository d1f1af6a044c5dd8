// Sources of values: counters, chance, clocks and variables, each client with its own, the same for the same seed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ValueSource } from "../../../src/profile/scenario.js";
import { compareValues, type Value } from "../../../src/workload/value.js";
import { compileValue } from "../../../src/workload/value-source.js";
import { propertyParameters } from "../../support/property.js";
import { ScriptClients } from "../../support/script-client.js";

function draws(source: ValueSource, count: number, number = 0, seed = 1): (Value | undefined)[] {
  const clients = new ScriptClients([], seed);
  const value = compileValue(source, clients.layout);
  const client = clients.client(number);
  return Array.from({ length: count }, () => value.read(client));
}

const random = (min: number, max: number): ValueSource => ({ from: "random", min, max });

describe("counters", () => {
  it("begin at their start and go on by their step", () => {
    expect(draws({ from: "counter", start: 5, step: -2 }, 4)).toEqual([5, 3, 1, -1]);
    expect(draws({ from: "counter", start: 0, step: 0.1 }, 4)[3]).toBe(3 * 0.1);
  });

  it("are each client's and each use's own", () => {
    const clients = new ScriptClients();
    const source: ValueSource = { from: "counter", start: 0, step: 1 };
    const [one, other] = [compileValue(source, clients.layout), compileValue(source, clients.layout)];
    const [alice, bob] = [clients.client(0), clients.client(1)];
    const read = [one.read(alice), one.read(alice), other.read(alice), one.read(bob)];
    expect(read).toEqual([0, 1, 0, 0]);
  });
});

describe("variables", () => {
  it("have the built-in ones, and keep what is set", () => {
    const clients = new ScriptClients(["players.token"]);
    const names = ["client", "iteration", "players.token"];
    const values = names.map((name) => compileValue({ from: "variable", name }, clients.layout));
    const client = clients.client(7, { "players.token": "abc" });
    expect(values.map((value) => value.read(client))).toEqual([7, 0, "abc"]);
    expect(clients.faults.unset).toBe(0);
  });

  it("that nothing set are counted", () => {
    const clients = new ScriptClients(["later"]);
    const value = compileValue({ from: "variable", name: "later" }, clients.layout);
    expect(value.read(clients.client())).toBeUndefined();
    expect(clients.faults.unset).toBe(1);
  });

  it("that do not exist are refused, and those that do are named", () => {
    const { layout } = new ScriptClients(["score"]);
    expect(() => compileValue({ from: "variable", name: "scor" }, layout)).toThrow(
      new RangeError("Cannot compile a script: a variable must be one of client, iteration, score, got scor"),
    );
  });
});

it("nothing is compiled behind the first client's back", () => {
  const clients = new ScriptClients();
  clients.client();
  expect(() => compileValue({ from: "counter", start: 0, step: 1 }, clients.layout)).toThrow(RangeError);
});

it("clocks tell whole milliseconds of the run and of the epoch", () => {
  const clients = new ScriptClients();
  const clocks = (["run", "epoch"] as const).map((clock) => compileValue({ from: "time", clock }, clients.layout));
  clients.runMs = 12.75;
  clients.epochMs = 1_790_000_000_000.5;
  const client = clients.client();
  expect(clocks.map((clock) => clock.read(client))).toEqual([12, 1_790_000_000_000]);
});

describe("random numbers", () => {
  it("are the same for the same seed and client, others for others", () => {
    const of = (seed: number, client: number): string => draws(random(0, 1e9), 8, client, seed).join();
    expect(of(1, 2)).toBe(of(1, 2));
    expect(of(1, 2)).not.toBe(of(2, 2));
    expect(of(1, 2)).not.toBe(of(1, 3));
  });

  it("of one use do not depend on when another draws", () => {
    const drawn = [0, 3].map((others) => {
      const clients = new ScriptClients();
      const [one, other] = [compileValue(random(0, 1e9), clients.layout), compileValue(random(0, 1e9), clients.layout)];
      const client = clients.client();
      return Array.from({ length: 5 }, () => {
        for (let i = 0; i < others; i++) other.read(client);
        return one.read(client);
      });
    });
    expect(drawn[0]).toEqual(drawn[1]);
  });

  it.each([
    [1, 6],
    [0, 1],
    [-3, 3],
    [9, 9],
    [2 ** 32 - 2, 2 ** 32 + 1],
  ])("between %d and %d are whole, and all of them come, evenly", (min, max) => {
    const count = 3000;
    const seen = new Map<number, number>();
    for (const value of draws(random(min, max), count)) seen.set(Number(value), (seen.get(Number(value)) ?? 0) + 1);
    const size = max - min + 1;
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => min + index));
    for (const times of seen.values()) expect(Math.abs(times - count / size)).toBeLessThan(6 * Math.sqrt(count));
  });

  it("are real where an end is, and stay between them", () => {
    const values = draws(random(0.5, 2), 2000).map(Number);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...values)).toBeLessThanOrEqual(2);
    expect(values.some((value) => !Number.isInteger(value * 1024))).toBe(true);
    expect(values.reduce((sum, value) => sum + value, 0) / 2000).toBeCloseTo(1.25, 1);
  });

  it("have all 64 bits where the ends ask for them, the largest one meant by its rounded number", () => {
    const values = draws(random(-(2 ** 63), 2 ** 63), 400).map((value) => BigInt(value as number | bigint));
    for (const value of values) expect(BigInt.asIntN(64, value)).toBe(value);
    expect(new Set(values.map((value) => value & 0xfffn)).size).toBeGreaterThan(300);
    expect(values.filter((value) => value < 0n).length).toBeGreaterThan(150);
  });

  it("never leave their ends, however odd", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const whole = fc.maxSafeInteger();
    const ends = fc.oneof(fc.tuple(finite, finite), fc.tuple(whole, whole), fc.tuple(fc.integer(), fc.integer()));
    fc.assert(
      fc.property(ends, fc.nat(), ([one, other], seed) => {
        const [min, max] = [Math.min(one, other), Math.max(one, other)];
        for (const value of draws(random(min, max), 5, 0, seed)) {
          expect(compareValues(value!, ">=", min) && compareValues(value!, "<=", max)).toBe(true);
          if (Number.isInteger(min) && Number.isInteger(max)) expect(Number.isInteger(Number(value))).toBe(true);
        }
      }),
      propertyParameters("random ends", 300),
    );
  });

  it.each([
    [2, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ])("of %d to %d are refused", (min, max) => {
    expect(() => draws(random(min, max), 1)).toThrow(RangeError);
  });
});

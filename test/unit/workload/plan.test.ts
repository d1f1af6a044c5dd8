// The plan: stages become clients with a start and a stop, and shares add up to the plan.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivalsIn, clientsBeyond, makePlan, partOfPlan, shareOfClients } from "../../../src/workload/plan.js";

const times = (stages: { durationMs: number; target: number }[]): [number, number][] =>
  makePlan(stages).clients.map((client) => [client.startMs, client.stopMs]);

describe("makePlan()", () => {
  it("starts the first client at once and the last one step before the ramp's end", () => {
    expect(
      times([
        { durationMs: 400, target: 4 },
        { durationMs: 600, target: 4 },
      ]),
    ).toEqual([
      [0, 1000],
      [100, 1000],
      [200, 1000],
      [300, 1000],
    ]);
  });

  it("stops the last one that came first, and the last stop at the stage's end", () => {
    expect(
      times([
        { durationMs: 0, target: 2 },
        { durationMs: 200, target: 0 },
      ]),
    ).toEqual([
      [0, 200],
      [0, 100],
    ]);
  });

  it("makes new clients after a ramp-down", () => {
    const plan = makePlan([
      { durationMs: 0, target: 3 },
      { durationMs: 100, target: 1 },
      { durationMs: 100, target: 3 },
    ]);
    expect(plan.clients.map((client) => client.number)).toEqual([0, 1, 2, 3, 4]);
    expect(plan.peakClients).toBe(3);
    expect(plan.durationMs).toBe(200);
  });

  it("is empty without stages", () => {
    expect(makePlan([])).toEqual({ clients: [], durationMs: 0, peakClients: 0 });
  });

  it("lets arrivals come at an even rate beside the others, each for its own time", () => {
    const plan = makePlan([
      { durationMs: 0, target: 1 },
      { durationMs: 1000, target: 1, arrivals: { perSecond: 4, stayMs: 600 } },
      { durationMs: 100, target: 1 },
    ]);
    expect(plan.clients.map(({ startMs, stopMs }) => [startMs, stopMs])).toEqual([
      [0, 1100],
      [0, 600],
      [250, 850],
      [500, 1100],
      [750, 1100],
    ]);
    expect(plan.peakClients).toBe(4);
  });

  it.each([
    [1000, 10, 10],
    [1000, 3, 3],
    [100, 0.5, 1],
    [100, 11, 2],
    [2500, 1, 3],
    [0, 10, 0],
  ])("counts the arrivals of %d ms at %d a second: %d", (durationMs, perSecond, count) => {
    const stage = { durationMs, target: 0, arrivals: { perSecond, stayMs: 1 } };
    expect([arrivalsIn(stage), makePlan([stage]).clients.length]).toEqual([count, count]);
  });

  const stages = fc.array(
    fc.record({ durationMs: fc.integer({ min: 0, max: 10_000 }), target: fc.integer({ min: 0, max: 50 }) }),
    { maxLength: 8 },
  );

  it("holds each stage's target at its end, and every client stops no earlier than it starts", () => {
    fc.assert(
      fc.property(stages, (list) => {
        const { clients, durationMs } = makePlan(list);
        const last = list.at(-1)?.target ?? 0;
        expect(clients.filter((client) => client.stopMs >= durationMs).length).toBeGreaterThanOrEqual(last);
        for (const client of clients) expect(client.stopMs).toBeGreaterThanOrEqual(client.startMs);
      }),
    );
  });

  it("is shared exactly, for any number of parts", () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 9 }), (list, count) => {
        const plan = makePlan(list);
        const parts = Array.from({ length: count }, (_, index) => shareOfClients(plan.clients, { index, count }));
        expect(parts.flat().sort((a, b) => a.number - b.number)).toEqual(plan.clients);
      }),
    );
  });

  it("is cut into shards that add up to it, clients keeping their numbers and times", () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 9 }), (list, count) => {
        const whole = makePlan(list);
        const shards = Array.from({ length: count }, (_, index) => partOfPlan(whole, { index, count }));
        expect(shards.flatMap(({ clients }) => clients).sort((a, b) => a.number - b.number)).toEqual(whole.clients);
        for (const { durationMs, clients, peakClients } of shards) {
          expect(durationMs).toBe(whole.durationMs);
          expect(peakClients).toBeLessThanOrEqual(clients.length);
        }
      }),
    );
  });

  it("says how many clients a shard has at once", () => {
    const upAndDown = [
      { durationMs: 400, target: 4 },
      { durationMs: 400, target: 0 },
      { durationMs: 200, target: 2 },
    ];
    const whole = makePlan(upAndDown);
    expect([0, 1].map((index) => partOfPlan(whole, { index, count: 2 }).peakClients)).toEqual([2, 2]);
    expect(whole.peakClients).toBe(4);
  });
});

describe("clientsBeyond", () => {
  const plan = makePlan([{ durationMs: 20_000, target: 4 }]);

  it.each([
    ["a few within a second", 4, 5000, [5000, 5250, 5500, 5750]],
    ["before the end, however near it is", 2, 19_900, [19_900, 19_950]],
  ])("start %s, and stay to the end", (_, count, fromMs, starts) => {
    const clients = clientsBeyond(plan, 4, count, fromMs);
    expect(clients.map(({ startMs }) => startMs)).toEqual(starts);
    expect(clients.map(({ number }) => number)).toEqual(starts.map((_start, k) => 4 + k));
    expect(new Set(clients.map(({ stopMs }) => stopMs))).toEqual(new Set([20_000]));
  });

  it("come at 50 a second, within 10 s", () => {
    expect(clientsBeyond(plan, 4, 200, 0).at(-1)?.startMs).toBe(3980);
    expect(clientsBeyond(plan, 4, 2000, 0).at(-1)?.startMs).toBe(9995);
  });

  it("are none once the plan is over", () => {
    expect(() => clientsBeyond(plan, 4, 1, 20_000)).toThrow(RangeError);
  });
});

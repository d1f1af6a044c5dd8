// The ways through a script: loops, branches, choices, and that none of them holds others up.
import { describe, expect, it } from "vitest";
import type { Step } from "../../../src/profile/scenario.js";
import { every, literal, log, repeat, send, set, variable, wait, when } from "./script-steps.js";
import { UserBench } from "./user-bench.js";

const playing = (...steps: Step[]): UserBench => UserBench.playing({ scenario: { steps } });

describe("ways through the steps", () => {
  const WAYS: { what: string; steps: Step[]; sent: number[] }[] = [
    { what: "repeats", steps: [repeat(3, send(1)), send(2)], sent: [1, 1, 1, 2] },
    { what: "repeats not at all", steps: [repeat(0, send(1)), send(2)], sent: [2] },
    { what: "repeats within repeats", steps: [repeat(2, repeat(2, send(1)), send(2))], sent: [1, 1, 2, 1, 1, 2] },
    { what: "sets and tests", steps: [set("x", literal(5)), when(variable("x"), 5, [send(1)], [send(2)])], sent: [1] },
    {
      what: "takes the other way",
      steps: [set("x", literal(4)), when(variable("x"), 5, [send(1)], [send(2)])],
      sent: [2],
    },
    { what: "goes on behind both", steps: [when(literal(1), 1, [], [send(2)]), send(3)], sent: [3] },
    {
      what: "counts on",
      steps: [repeat(3, set("n", { from: "counter", start: 5, step: 2 }), send(variable("n")))],
      sent: [5, 7, 9],
    },
    {
      what: "chooses what has weight",
      steps: [
        repeat(4, {
          do: "choose",
          options: [
            { weight: 0, steps: [send(1)] },
            { weight: 1, steps: [send(2)] },
          ],
        }),
        send(3),
      ],
      sent: [2, 2, 2, 2, 3],
    },
    { what: "knows its client and its iteration", steps: [send(variable("client"), variable("iteration"))], sent: [0] },
  ];

  it.each(WAYS)("$what", ({ steps, sent }) => {
    const bench = playing(...steps);
    bench.clock.advanceTo(1);
    expect(bench.sent.map(({ payload }) => payload[0])).toEqual(sent);
  });

  it("chooses by weight, the same way for the same seed and client", () => {
    const options = [9, 1].map((weight, index) => ({ weight, steps: [send(index)] }));
    const steps: Step[] = [repeat(500, { do: "choose", options })];
    const choices = (seed: number, number: number): string => {
      const bench = UserBench.playing({ number, profile: { seed }, scenario: { steps } });
      bench.clock.advanceTo(100);
      return bench.sent.map(({ payload }) => payload[0]).join("");
    };
    const first = choices(1, 0);
    const ones = first.replaceAll("0", "").length;
    expect(first.length).toBe(500);
    expect(ones).toBeGreaterThan(25);
    expect(ones).toBeLessThan(80);
    expect(choices(1, 0)).toBe(first);
    expect(choices(1, 1)).not.toBe(first);
  });

  it.each([
    { what: "no time passes", steps: [repeat(undefined, set("x", literal(1)))] },
    { what: "waits are of 0 ms", steps: [repeat(undefined, wait(0))] },
  ])("gives others their turn in a loop in which $what", ({ steps }) => {
    const bench = playing(every(10), ...steps);
    bench.clock.advanceTo(100);
    expect(bench.sent.length).toBe(11);
  });

  it("says what it has to say, in its name", () => {
    const bench = UserBench.playing({ number: 7, scenario: { name: "fighter", steps: [log("hello")] } });
    expect(bench.logged).toEqual(["client 7 (fighter): hello"]);
    expect(bench.books().sum("script_logs")).toBe(1);
  });
});

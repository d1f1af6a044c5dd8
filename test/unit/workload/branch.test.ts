// Conditions and choices: what is true for a client, and how often each option comes.
import { describe, expect, it } from "vitest";
import type { Condition, ValueSource } from "../../../src/profile/scenario.js";
import { compileChoice, compileCondition } from "../../../src/workload/branch.js";
import type { Value } from "../../../src/workload/value.js";
import { ScriptClients } from "../../support/script-client.js";

const score: ValueSource = { from: "variable", name: "score" };
const literal = (value: number | string): ValueSource => ({ from: "literal", value });

describe("compileCondition()", () => {
  it.each<[Value | undefined, Condition["operator"], number | string, boolean, number]>([
    [10, ">", 9, true, 0],
    ["10", ">", 9, true, 0],
    ["ten", ">", 9, true, 0],
    [2n ** 63n, ">", 9, true, 0],
    ["bob", "==", "bob", true, 0],
    [undefined, "==", "", false, 1],
    [undefined, "<", 1, false, 1],
    [undefined, "!=", 1, true, 1],
  ])("%s %s %s is %s", (value, operator, right, expected, unset) => {
    const clients = new ScriptClients(["score"]);
    const test = compileCondition({ left: score, operator, right: literal(right) }, clients.layout);
    expect(test(clients.client(0, value === undefined ? {} : { score: value }))).toBe(expected);
    expect(clients.faults.unset).toBe(unset);
  });

  it("goes on with a counter each time", () => {
    const clients = new ScriptClients();
    const left: ValueSource = { from: "counter", start: 1, step: 1 };
    const test = compileCondition({ left, operator: "<=", right: literal(2) }, clients.layout);
    const client = clients.client();
    expect([test(client), test(client), test(client)]).toEqual([true, true, false]);
  });
});

describe("compileChoice()", () => {
  function shares(weights: readonly number[]): number[] {
    const clients = new ScriptClients();
    const draw = compileChoice(weights, clients.layout);
    const client = clients.client();
    const counts = weights.map(() => 0);
    for (let i = 0; i < 10_000; i++) counts[draw(client)]!++;
    return counts.map((count) => count / 10_000);
  }

  it.each([[[1]], [[1, 3]], [[70, 20, 10]], [[0, 1, 0]], [[0.5, 0, 0.5]]])("%j", (weights) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [option, share] of shares(weights).entries()) {
      expect(Math.abs(share - weights[option]! / sum)).toBeLessThan(0.02);
      if (weights[option] === 0) expect(share).toBe(0);
    }
  });

  it.each([[[]], [[0, 0]], [[1, -1, 1]], [[Number.NaN]], [[Number.POSITIVE_INFINITY]]])(
    "refuses %j",
    (weights: number[]) => {
      expect(() => compileChoice(weights, new ScriptClients().layout)).toThrow(RangeError);
    },
  );
});

// `--allow`: what it takes, and what is a regression beyond it.
import { describe, expect, it } from "vitest";
import { readAllowance, regressionsOf } from "../../../src/comparison/allowance.js";
import type { FigureComparison, Word } from "../../../src/comparison/compare-runs.js";

describe("readAllowance", () => {
  it.each([
    ["rtt.p95: 10%", { name: "rtt.p95", by: "percent", amount: 10 }],
    ["rtt:5ms", { name: "rtt", by: "absolute", amount: 5 }],
    [" connect_total : 0.5s ", { name: "connect_total", by: "absolute", amount: 500 }],
    ["messages_received: 100/s", { name: "messages_received", by: "absolute", amount: 100 }],
    ["disconnects: 2pp", { name: "disconnects", by: "absolute", amount: 0.02 }],
    ["connect_failed: 0%", { name: "connect_failed", by: "percent", amount: 0 }],
  ])("%j", (text, allowance) => {
    expect(readAllowance(text)).toEqual(allowance);
  });

  it.each([
    ["rtt.p95 10%", "FIGURE: AMOUNT"],
    ["rtt.p95: -1%", "FIGURE: AMOUNT"],
    ["rtt.p95: 10", "FIGURE: AMOUNT"],
    ["rt.p95: 10%", "got rt.p95"],
    ["rtt.p9: 10%", "got rtt.p9"],
    ["messages_received: 5ms", "a unit of messages_received"],
  ])("refuses %j", (text, words) => {
    expect(() => readAllowance(text)).toThrow(words);
  });
});

describe("regressionsOf", () => {
  const figure = (id: string, word: Word, difference: number, percent: number | null): FigureComparison => {
    const sides = { base: 40, new: 40 + difference };
    return { id, unit: "ms", better: "lower", ...sides, difference, percent, interval: null, effect: null, word };
  };
  const figures = [
    figure("rtt.p50", "worse", 4, 10),
    figure("rtt.p95", "worse", 20, 50),
    figure("ping.p50", "better", -20, -50),
    figure("ping.p95", "unsure", 20, 50),
    figure("connect_failed", "worse", 0.2, null),
  ];

  it.each([
    [[], ["rtt.p50", "rtt.p95", "connect_failed"]],
    [["rtt: 10%"], ["rtt.p95", "connect_failed"]],
    [["rtt: 9.9%"], ["rtt.p50", "rtt.p95", "connect_failed"]],
    [["rtt: 20ms", "connect_failed: 20pp"], []],
    [
      ["rtt: 100%", "rtt.p95: 1ms"],
      ["rtt.p95", "connect_failed"],
    ],
    [["connect_failed: 1000%"], ["rtt.p50", "rtt.p95", "connect_failed"]],
  ])("with %j: %j", (texts, ids) => {
    expect(regressionsOf(figures, texts.map(readAllowance)).map(({ id }) => id)).toEqual(ids);
  });
});

// A comparison as text and as Markdown: what is told, in which words, and that nothing of others becomes markup.
import { describe, expect, it } from "vitest";
import type { FigureComparison } from "../../../src/comparison/compare-runs.js";
import type { Comparison } from "../../../src/comparison/comparison.js";
import { outcomeOf } from "../../../src/comparison/outcome.js";
import { comparisonMarkdown } from "../../../src/report/comparison-markdown.js";
import { comparisonText } from "../../../src/report/comparison-text.js";

const RUN = { folder: "results/a", id: "a", startedAt: "2026-11-23T01:46:00.000Z", target: "ws://h/", profile: "p" };

function figure(changes: Partial<FigureComparison>): FigureComparison {
  const interval = { low: 18.2, high: 21.9 };
  const sides = { base: 40, new: 60.1, difference: 20.1, percent: 50.25, interval, effect: 0.93 };
  return { id: "rtt.p95", unit: "ms", better: "lower", ...sides, word: "worse", ...changes };
}

function comparison(figures: FigureComparison[], regressions: string[] = [], warnings: string[] = []): Comparison {
  const sides = { base: [RUN], new: [{ ...RUN, folder: "results/b" }] };
  return {
    schema: "utp-load/comparison@1",
    ...sides,
    method: "seconds",
    confidence: 0.95,
    warnings,
    figures,
    regressions,
  };
}

const SAME = figure({ id: "ping.p50", difference: 0.01, percent: 0.02, word: "same" });
const UNSURE = figure({ id: "connect_total.p99", interval: null, word: "unsure" });
const RATE = figure({
  id: "messages_received",
  unit: "perSecond",
  better: "higher",
  base: 1000,
  new: 20_000,
  difference: 19_000,
  percent: 1900,
  interval: { low: 18_000, high: 20_000 },
  word: "better",
});
const LOST = figure({
  id: "disconnects",
  unit: "share",
  base: 0,
  new: 0.25,
  difference: 0.25,
  percent: null,
  interval: { low: 0.1, high: 0.4 },
});

describe("outcomeOf", () => {
  it.each([
    ["worse", comparison([figure({}), RATE], ["rtt.p95"]), "rtt.p95; better: messages_received"],
    ["allowed", comparison([figure({})]), "no more than is allowed: rtt.p95"],
    ["better", comparison([RATE, SAME]), "messages_received"],
    ["same", comparison([SAME]), "no figure differs"],
    ["unsure", comparison([SAME, UNSURE]), "1 of 2 figures are the same"],
    ["unsure", comparison([]), "0 of 0"],
  ])("%s", (outcome, whole, words) => {
    expect(outcomeOf(whole).outcome).toBe(outcome);
    expect(outcomeOf(whole).why).toContain(words);
  });
});

describe("comparisonText", () => {
  const whole = comparison([figure({}), SAME, UNSURE, RATE, LOST], ["rtt.p95", "disconnects"], ["the seed differs"]);
  const text = comparisonText(whole, { useColor: false });

  it("begins with the outcome, both sides and the warnings", () => {
    expect(text.split("\n").slice(0, 4)).toEqual([
      "WORSE        rtt.p95, disconnects; better: messages_received",
      "base         results/a",
      "new          results/b",
      "warning      the seed differs",
    ]);
  });

  it.each([
    /^rtt\.p95 +40\.0 +60\.1 +\+20\.1 +\+50\.3% +\+18\.2\.\.\+21\.9 +0\.93 {2}worse$/m,
    /^connect_total\.p99 .* - +0\.93 {2}unsure$/m,
    /^messages_received +1,000\/s +20\.0k\/s +\+19\.0k +\+1900% +\+18\.0k\.\.\+20\.0k .*better$/m,
    /^disconnects +0% +25% +\+25% +- +\+10%\.\.\+40% .*worse$/m,
    /no interval: /,
    /unsure: .* three runs a side/s,
  ])("holds %s", (line) => {
    expect(text).toMatch(line);
  });

  it("is at most 80 columns wide, whatever the figures are", () => {
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("has colours only where they are wanted", () => {
    expect(text).not.toContain("\u001b");
    expect(comparisonText(whole, { useColor: true })).toContain("\u001b[31mWORSE");
  });
});

describe("comparisonMarkdown", () => {
  it("has a row a figure, the regressions marked", () => {
    const markdown = comparisonMarkdown(comparison([figure({}), SAME], ["rtt.p95"]));
    expect(markdown).toMatch(/^## ❌ Worse\n\nrtt\.p95\.\n/);
    expect(markdown).toContain(
      "| <code>rtt.p95</code> | 40.0 | 60.1 | +20.1 | +50.3% | +18.2..+21.9 | 0.93 (large) | ❌ **worse** |",
    );
    expect(markdown).toContain("| <code>ping.p50</code> |");
    expect(comparisonMarkdown(comparison([figure({})]))).toContain("⚠️ worse");
  });

  it("makes no markup of a folder's name or a warning", () => {
    const whole = comparison([SAME], [], ["<b>|*x*"]);
    const hostile = { ...whole, base: [{ ...RUN, folder: "<script>|" }] };
    const markdown = comparisonMarkdown(hostile);
    expect(markdown).not.toContain("<script>");
    expect(markdown).not.toContain("<b>");
    expect(markdown).toContain("&#60;b&#62;&#124;&#42;x&#42;");
  });
});

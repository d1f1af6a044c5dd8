// comparison.html: both sides in each chart, the figures, and a page whose parts do not get into each other's way.
import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../../src/comparison/comparison.js";
import { comparisonPage } from "../../../../src/report/html/comparison-page.js";
import type { ChartSpec } from "../../../../src/report/page/chart-spec.js";
import { summaryOf } from "../../result/sample-run.js";
import { NO_ASSETS, seconds, sourceOf } from "./sample-report.js";

const RUN = {
  folder: "results/<b>a</b>",
  id: "a",
  startedAt: "2026-11-23T01:46:00.000Z",
  target: "ws://h/",
  profile: "p",
};
const interval = { low: 18, high: 22 };
const values = { base: 40, new: 60, difference: 20, percent: 50, interval, effect: 0.9 };
const COMPARISON: Comparison = {
  schema: "utp-load/comparison@1",
  base: [RUN, RUN],
  new: [RUN],
  method: "seconds",
  confidence: 0.95,
  warnings: ["the seed <i>differs</i>"],
  figures: [{ id: "rtt.p95", unit: "ms", better: "lower", ...values, word: "worse" }],
  regressions: ["rtt.p95"],
};

const reported = (count: number) => ({ source: sourceOf(seconds().slice(0, count)), summary: summaryOf() });
const page = comparisonPage(COMPARISON, [reported(4), reported(2)], [reported(3)], NO_ASSETS);
const charts = JSON.parse(
  /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)![1]!,
) as ChartSpec[];

describe("comparisonPage", () => {
  it("draws every run of both sides in each chart", () => {
    expect(charts.map(({ id }) => id)).toContain("rtt-p95");
    for (const { series } of charts) {
      expect(series.map(({ label, look }) => `${label} ${look}`)).toEqual([
        "base 1 dashed",
        "base 2 dashed",
        "new line",
      ]);
    }
  });

  it("leaves the end of a shorter run empty", () => {
    const { xs, series } = charts.find(({ id }) => id === "rtt-p95")!;
    expect(xs).toHaveLength(4);
    expect(series[1]?.values.map((value) => value === null)).toEqual([false, false, true, true]);
  });

  it("tells the word, the warnings and the figures, a regression marked", () => {
    expect(page).toContain("WORSE");
    expect(page).toMatch(/<tr class="bad"><th scope="row"><code>rtt\.p95<\/code>/);
  });

  it("has no id twice: the script finds its data by one", () => {
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("makes no markup of the names of others", () => {
    expect(page).not.toContain("<b>a</b>");
    expect(page).not.toContain("<i>differs</i>");
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });
});

// What a dashboard shows: the newest second in figures, the last minutes in charts, thresholds on all that is measured.
import { describe, expect, it } from "vitest";
import { LiveView, SHOWN_SECONDS } from "../../../src/live/dashboard/live-view.js";
import { intervalOf, snapshotOf, summaryOf } from "../result/sample-run.js";

const second = (index: number, rttMs = 10, clients = 7) =>
  intervalOf(index, snapshotOf({ messages_received: 50 }, { rtt: [rttMs] }, clients));

function viewOf(seconds: number): LiveView {
  const view = new LiveView([{ metric: "rtt", expression: "max<20" }]);
  for (let index = 0; index < seconds; index++) view.add(second(index));
  return view;
}

describe("LiveView", () => {
  it("has nothing but its phase before the first second", () => {
    expect(viewOf(0).state(false)).toMatchObject({ phase: "starting", figures: [] });
  });

  it("shows the newest second, and thresholds so far", () => {
    const view = viewOf(3);
    expect(view.state(false)).toMatchObject({
      phase: "running",
      words: "3 s, hold",
      thresholds: [{ name: "rtt: max<20", value: "10.0 ms", isOk: true }],
    });
    view.add(second(3, 30, 9));
    const { figures, thresholds } = view.state(true);
    expect(view.state(true).phase).toBe("paused");
    expect(figures.map(({ term, value }) => [term, value]).slice(0, 3)).toEqual([
      ["clients connected", "9"],
      ["round trip median", "30.0 ms"],
      ["messages received", "50/s"],
    ]);
    expect(thresholds[0]).toMatchObject({ isOk: false });
  });

  it("gives no unit to a delay that no sample has", () => {
    const view = new LiveView([]);
    view.add(intervalOf(0, snapshotOf({})));
    const texts = view.state(false).figures.flatMap(({ value, more }) => [value, more]);
    expect(texts).toEqual(expect.arrayContaining(["-", "p99 -"]));
    expect(texts.join()).not.toContain("- ms");
  });

  it("leaves the warm-up out of thresholds, as the summary does", () => {
    const view = new LiveView([{ metric: "rtt", expression: "max<20" }]);
    view.add({ ...second(0, 500), isWarmup: true });
    view.add(second(1));
    expect(view.state(false).thresholds[0]).toMatchObject({ isOk: true });
  });

  it("keeps the last minutes of charts, however long the run", () => {
    const charts = viewOf(SHOWN_SECONDS + 50).state(false).charts;
    const clients = charts.find(({ id }) => id === "clients");
    expect([clients?.xs.length, clients?.xs[0], clients?.xs.at(-1)]).toEqual([SHOWN_SECONDS, 51, SHOWN_SECONDS + 50]);
    expect(charts.map(({ id }) => id)).toContain("rtt");
  });

  it("tells the verdict at the end", () => {
    const { phase, words } = viewOf(1).state(false, summaryOf({}, { run_adjustments: 1 }));
    expect(phase).toBe("ended");
    expect(words).toMatch(/^[A-Z]+: .*the load was changed by hand/);
  });
});

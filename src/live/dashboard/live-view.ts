// What the dashboard shows of a run, kept up second by second: the last minutes for the charts, sums and thresholds of all of it.
import type { Interval } from "../../metrics/interval.js";
import { SnapshotTotal } from "../../metrics/snapshot.js";
import { evaluateThresholds, type ThresholdResult } from "../../metrics/thresholds.js";
import type { ThresholdSpec } from "../../metrics/thresholds-parser.js";
import { CHARTS, clientsChart, reasonsChart, serverIntervalChart, timeChart } from "../../report/html/run-charts.js";
import { RunSeries } from "../../report/html/run-series.js";
import { bytesText, countText, msText, rateText } from "../../report/numbers.js";
import type { ChartSpec } from "../../report/page/chart-spec.js";
import type { LiveFigure, LiveState } from "../../report/page/live-state.js";
import { clockText } from "../../report/page/value-text.js";
import { thresholdName, thresholdValue, verdictReasons, verdictWord } from "../../report/verdict-words.js";
import { type Sample, sampleOf } from "../../result/sample.js";
import type { Summary } from "../../result/summary.js";

/** Ten minutes: memory stays flat, and a browser is not asked to draw a day every second. */
export const SHOWN_SECONDS = 600;

export class LiveView {
  readonly #thresholds: readonly ThresholdSpec[];
  readonly #samples: Sample[] = [];
  /** Without the warm-up: what thresholds are judged on. */
  readonly #measured = new SnapshotTotal();
  readonly #whole = new SnapshotTotal();
  #measuredMs = 0;
  #isStopping = false;

  constructor(thresholds: readonly ThresholdSpec[]) {
    this.#thresholds = thresholds;
  }

  add(interval: Interval): void {
    const { total, isWarmup, phase } = interval;
    this.#samples.push(sampleOf(interval, 0));
    if (this.#samples.length > SHOWN_SECONDS) this.#samples.shift();
    this.#whole.addSums(total.sums);
    this.#isStopping = phase === "stopping";
    if (isWarmup) return;
    this.#measured.addTotal(total);
    this.#measuredMs += interval.endMs - interval.startMs;
    if (!this.#isStopping) Object.assign(this.#measured.gauges, total.gauges);
  }

  /** Of this moment; with `summary` of the end. */
  state(isPaused: boolean, summary?: Summary): LiveState {
    const results = evaluateThresholds(this.#thresholds, this.#measured, this.#measuredMs / 1000);
    return {
      phase: summary !== undefined ? "ended" : this.#phase(isPaused),
      words: summary === undefined ? this.#words() : endWords(summary),
      figures: this.#figures(),
      thresholds: (summary?.thresholds ?? results).map(thresholdOf),
      charts: this.#charts(),
    };
  }

  #phase(isPaused: boolean): LiveState["phase"] {
    if (this.#samples.length === 0) return "starting";
    if (this.#isStopping) return "stopping";
    return isPaused ? "paused" : "running";
  }

  #words(): string {
    const last = this.#samples.at(-1);
    if (last === undefined) return "The first figures come after a second.";
    return `${clockText(last.elapsedMs / 1000)}, ${last.isWarmup ? "warm-up" : last.phase}`;
  }

  #figures(): LiveFigure[] {
    const last = this.#samples.at(-1);
    if (last === undefined) return [];
    const whole = this.#whole;
    const lost = whole.sum("disconnects") - whole.sum("disconnects{reason:ClosedByClient}");
    const [name, median, high] =
      last.rttP50Ms === null ? ["ping", last.pingP50Ms, last.pingP99Ms] : ["round trip", last.rttP50Ms, last.rttP99Ms];
    return [
      {
        term: "clients connected",
        value: countText(last.clientsConnected),
        more: `${countText(whole.sum("connect_failed_attempts"))} failed attempts`,
      },
      { term: `${name} median`, value: delayText(median), more: `p99 ${delayText(high)}` },
      {
        term: "messages received",
        value: `${rateText(last.receivedPerSecond)}/s`,
        more: `${rateText(last.sentPerSecond)}/s sent`,
      },
      { term: "connections lost", value: countText(lost), more: "that no client wanted to end" },
      {
        term: "generator",
        value: `${Math.round(last.cpuPercent)}% CPU`,
        more: `send lag p99 ${delayText(last.sendLagP99Ms)}, ${bytesText(last.rssBytes)}`,
      },
    ];
  }

  #charts(): ChartSpec[] {
    const series = new RunSeries(this.#samples);
    const plans = [
      clientsChart(undefined),
      CHARTS.rtt,
      CHARTS.messages,
      serverIntervalChart([]),
      reasonsChart("disconnects", "disconnects", series),
      CHARTS.lateness,
      CHARTS.cpu,
    ];
    return plans.map((plan) => timeChart(plan, series));
  }
}

/** A second without samples has no delay. */
function delayText(delayMs: number | null): string {
  return delayMs === null ? "-" : `${msText(delayMs)} ms`;
}

function endWords(summary: Summary): string {
  return `${verdictWord(summary).toUpperCase()}: ${verdictReasons(summary).join("; ")}`;
}

function thresholdOf(result: ThresholdResult): LiveState["thresholds"][number] {
  return { name: thresholdName(result), value: thresholdValue(result), isOk: result.ok };
}

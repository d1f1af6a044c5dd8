// What one run says of its load: whether the server held it, what broke, and whether that was the server at all. Pure.
import type { EndOfRun, RunFigures } from "../metrics/interval.js";
import { evaluateThresholds } from "../metrics/thresholds.js";
import { type ThresholdSpec, unitOf } from "../metrics/thresholds-parser.js";
import type { Summary } from "../result/summary.js";
import { INVALID, wasNeverReached } from "../result/verdict.js";
import type { TrialOutcome } from "./load-search.js";
import { type LevelFigures, levelFigures } from "./trial-figures.js";

/** A rule that a run broke. */
export interface BrokenRule {
  /** As asked for, `rtt: p(95)<80`, or in words one of those that hold unasked. */
  readonly rule: string;
  /** The measured value, times in ms; null: there were no samples. */
  readonly value: number | null;
  /** What was measured, for a person. */
  readonly words: string;
}

/** An objective; those of joining count the whole run, the others what comes behind the settling time. */
export interface Objective {
  readonly spec: ThresholdSpec;
  readonly isOfJoining: boolean;
}

/** One run with one load. */
export interface Trial {
  readonly load: number;
  /** Below the search's folder; null: there was no run. */
  readonly folder: string | null;
  readonly outcome: TrialOutcome;
  /** Empty where it held. */
  readonly broken: readonly BrokenRule[];
  /** Why the generator's figures are in doubt, in words. */
  readonly generatorWhy: readonly string[];
  /** null: there was no run. */
  readonly figures: LevelFigures | null;
}

/** What a run came to. */
export interface TrialRun {
  readonly summary: Summary;
  readonly figures: Pick<RunFigures, "whole" | "measured" | "measuredSeconds" | "laggingSeconds"> &
    Pick<EndOfRun, "end">;
}

/** Unasked, 99 of 100 clients must get in and stay; objectives on `connect_failed` and `disconnects` replace it. */
const LOST_SHARE = 0.01;

/** Judges a run that was not interrupted. */
export function judgeTrial(load: number, folder: string, run: TrialRun, objectives: readonly Objective[]): Trial {
  const broken = brokenRules(run, objectives);
  return {
    load,
    folder,
    outcome: outcomeOf(run, broken),
    broken,
    generatorWhy: run.summary.generator.why,
    figures: levelFigures(run),
  };
}

/** The load that this machine cannot even start. */
export function unstartedTrial(load: number, why: string): Trial {
  return { load, folder: null, outcome: "generator", broken: [], generatorWhy: [why], figures: null };
}

/**
 * Never the server's fault: a run that is invalid, unless all that made it so is a server that does not read; sockets that this machine
 * did not open; times that broke while the generator was late. A late generator makes times longer, so what held all the same holds.
 */
function outcomeOf(run: TrialRun, broken: readonly BrokenRule[]): TrialOutcome {
  const { generator, clients, connect } = run.summary;
  if (generator.trust === "invalid" && !isServersDoing(run)) return "generator";
  if ((connect.failures.LocalResourceLimit ?? 0) > 0) return "generator";
  if (wasNeverReached(clients)) return "unreached";
  if (broken.length === 0) return "held";
  return generator.trust === "suspect" && broken.every(isOfTimes) ? "generator" : "broke";
}

function isOfTimes({ rule, value }: BrokenRule): boolean {
  const colonAt = rule.lastIndexOf(":");
  return (
    value !== null &&
    colonAt > 0 &&
    unitOf({ metric: rule.slice(0, colonAt), expression: rule.slice(colonAt + 1) }) === "ms"
  );
}

/** Drops of a server that does not read, or does not ack, and no second of our own lateness beside them. */
function isServersDoing(run: TrialRun): boolean {
  const { planned, dropped } = run.summary.messages;
  const isOurs = dropped - droppedByServer(run) > planned * INVALID.droppedShare;
  const isWhole = run.figures.end !== "generatorLost";
  return !isOurs && isWhole && run.figures.laggingSeconds < INVALID.laggingSeconds;
}

function droppedByServer({ figures: { measured } }: TrialRun): number {
  return measured.sum("dropped_sends{why:serverNotReading}") + measured.sum("dropped_sends{why:windowFull}");
}

function brokenRules(run: TrialRun, objectives: readonly Objective[]): BrokenRule[] {
  return [...brokenObjectives(run, objectives), ...brokenUnasked(run, objectives)];
}

function brokenObjectives({ summary, figures }: TrialRun, objectives: readonly Objective[]): BrokenRule[] {
  return objectives.flatMap(({ spec, isOfJoining }) => {
    const [total, seconds] = isOfJoining
      ? [figures.whole, summary.run.durationMs / 1000]
      : [figures.measured, figures.measuredSeconds];
    return evaluateThresholds([spec], total, seconds)
      .filter(({ ok }) => !ok)
      .map(({ metric, expression, value }) => {
        return { rule: `${metric}: ${expression}`, value, words: measuredWords(spec, value) };
      });
  });
}

function measuredWords(spec: ThresholdSpec, value: number | null): string {
  if (value === null) return "nothing was measured";
  const units = { ms: " ms", share: "", perSecond: "/s", none: "" };
  return `measured ${Number(value.toPrecision(4))}${units[unitOf(spec)]}`;
}

function brokenUnasked(run: TrialRun, objectives: readonly Objective[]): BrokenRule[] {
  const { clients, connect, disconnects, messages } = run.summary;
  const asksFor = (name: string): boolean => objectives.some(({ spec }) => spec.metric.startsWith(name));
  const outside = clients.started - clients.connected;
  const ends = Object.entries(disconnects.byReason).filter(([reason]) => reason !== "ClosedByClient");
  const lost = ends.reduce((sum, [, count]) => sum + count, 0);
  const unsent = droppedByServer(run);
  return [
    ...(asksFor("connect_failed")
      ? []
      : beyondShare("99% of the clients get in", outside, clients.started, "did not get in", connect.failures)),
    ...(asksFor("disconnects")
      ? []
      : beyondShare("99% of the connections stay", lost, connect.established, "were lost", Object.fromEntries(ends))),
    ...beyondShare("99% of the sends leave", unsent, messages.planned, "found the server not reading", {}),
  ];
}

function beyondShare(
  rule: string,
  part: number,
  whole: number,
  verb: string,
  reasons: Readonly<Record<string, number>>,
): BrokenRule[] {
  if (part <= whole * LOST_SHARE) return [];
  const causes = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
  const words = `${part} of ${whole} ${verb}${causes.length === 0 ? "" : ` (${causes.join(", ")})`}`;
  return [{ rule, value: 1 - part / whole, words }];
}

// What a run is going to do, in lines for a person: settings with their origin, stages, sends, shares, needs. Starts nothing.
import { formatDuration } from "../profile/duration.js";
import type { Profile } from "../profile/profile.js";
import { DATA_HEADER_BYTES } from "../protocol/parameters.js";
import { makePlan, shareOfPlan } from "../workload/plan.js";
import { descriptorsNeeded } from "./preflight.js";
import { stageText } from "./resolve-load.js";
import type { ResolvedRun, ResolvedSetting } from "./resolved-run.js";

const LABEL_COLUMNS = 14;
const MASK_BYTES = 4;

/** The plan as numbers; sends and bytes are those of clients that connect at once. */
export interface PlanFigures {
  readonly durationMs: number;
  readonly plannedClients: number;
  readonly peakClients: number;
  readonly peakMessagesPerSecond: number;
  readonly totalSends: number;
  /** Clients of each worker. */
  readonly shares: readonly number[];
  /** One way, WebSocket frames with headers, at full load. */
  readonly peakBytesPerSecond: number;
  readonly descriptorsNeeded: number;
}

export function planFigures({ profile, workers }: ResolvedRun): PlanFigures {
  const plan = makePlan(profile.stages);
  const clientMs = plan.clients.reduce((sum, { startMs, stopMs }) => sum + stopMs - startMs, 0);
  const peakMessagesPerSecond = plan.peakClients * profile.ratePerSecond;
  return {
    durationMs: plan.durationMs,
    plannedClients: plan.clients.length,
    peakClients: plan.peakClients,
    peakMessagesPerSecond,
    totalSends: Math.round((clientMs / 1000) * profile.ratePerSecond),
    shares: Array.from({ length: workers }, (_, index) => shareOfPlan(plan, index, workers).length),
    peakBytesPerSecond: peakMessagesPerSecond * frameBytes(profile),
    descriptorsNeeded: descriptorsNeeded(plan.peakClients),
  };
}

/** A client's frame: header, mask, UTP header, payload. */
function frameBytes({ payloadBytes }: Profile): number {
  const packetBytes = DATA_HEADER_BYTES + payloadBytes;
  return (packetBytes > 125 ? 4 : 2) + MASK_BYTES + packetBytes;
}

export function planLines(run: ResolvedRun): string[] {
  const { profile } = run;
  const plan = planFigures(run);
  const perClient = `${plan.peakClients} clients x ${profile.ratePerSecond}/s`;
  return [
    line("profile", profile.name),
    line("target", profile.target === "embedded" ? "embedded server, in a process of its own" : profile.target),
    ...profile.stages.map((stage, index) => line(index === 0 ? "stages" : "", stageText(stage))),
    line("length", `${formatDuration(plan.durationMs)}, then up to ${formatDuration(profile.gracefulStopMs)} to leave`),
    line("clients", `${plan.plannedClients} in all, ${plan.peakClients} at once`),
    line(
      "messages",
      `${rounded(plan.peakMessagesPerSecond)}/s at full load (${perClient}), ${profile.payloadBytes} bytes each`,
    ),
    line("sends", `${plan.totalSends} in all`),
    line("workers", `${run.workers}, with ${sharesText(plan.shares)} clients`),
    line(
      "bandwidth",
      `${megabits(plan.peakBytesPerSecond)} Mbit/s to the server at full load, as much back from an echo`,
    ),
    line("descriptors", `${plan.descriptorsNeeded} needed`),
    ...profile.thresholds.map(({ metric, expression }, index) =>
      line(index === 0 ? "thresholds" : "", `${metric}: ${expression}`),
    ),
  ];
}

/** Each setting, its value and where it comes from, in columns. */
export function settingLines(settings: readonly ResolvedSetting[]): string[] {
  const widest = (texts: string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const nameColumns = widest(settings.map(({ name }) => name)) + 2;
  const valueColumns = Math.min(32, widest(settings.map(({ value }) => value))) + 2;
  return settings.map(({ name, value, source }) => `${name.padEnd(nameColumns)}${value.padEnd(valueColumns)}${source}`);
}

function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_COLUMNS)}${text}`;
}

/** Shares differ by one at most: `250`, or `251 or 250`. */
function sharesText(shares: readonly number[]): string {
  return [...new Set(shares)].join(" or ");
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function megabits(bytesPerSecond: number): string {
  return ((bytesPerSecond * 8) / 1e6).toFixed(2);
}

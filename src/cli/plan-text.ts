// What a run is going to do, in lines for a person: settings with their origin, stages, sends, shares, needs. Starts nothing.
import { formatDuration } from "../profile/duration.js";
import type { Profile } from "../profile/profile.js";
import { runPlan } from "../virtual-user/run-plan.js";
import { shareOfClients } from "../workload/plan.js";
import { descriptorsNeeded } from "./preflight.js";
import { stageText } from "./resolve-load.js";
import type { ResolvedRun, ResolvedSetting } from "./resolved-run.js";
import { frameBytes, type ScenarioLoad, scenarioLoad } from "./scenario-load.js";

const LABEL_COLUMNS = 14;

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

export function planFigures({ profile, workers, coordination }: ResolvedRun): PlanFigures {
  const plan = runPlan(profile, coordination.shard);
  const clientMs = plan.clients.reduce((sum, { startMs, stopMs }) => sum + stopMs - startMs, 0);
  const load = loadOf(profile);
  return {
    durationMs: plan.durationMs,
    plannedClients: plan.clients.length,
    peakClients: plan.peakClients,
    peakMessagesPerSecond: plan.peakClients * load.messagesPerSecond,
    totalSends: Math.round((clientMs / 1000) * load.messagesPerSecond + plan.clients.length * load.onceMessages),
    shares: Array.from(
      { length: workers },
      (_, index) => shareOfClients(plan.clients, { index, count: workers }).length,
    ),
    peakBytesPerSecond: plan.peakClients * load.bytesPerSecond,
    descriptorsNeeded: descriptorsNeeded(plan.peakClients),
  };
}

/** Of a client on average, over all scenarios. */
function loadOf({ scenarios, ratePerSecond, payloadBytes }: Profile): ScenarioLoad {
  if (scenarios === undefined) {
    const bytesPerSecond = ratePerSecond * frameBytes(payloadBytes);
    return { messagesPerSecond: ratePerSecond, bytesPerSecond, onceMessages: 0 };
  }
  const weights = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: keyof ScenarioLoad): number =>
    scenarios.reduce((sum, scenario) => sum + (scenario.weight / weights) * scenarioLoad(scenario)[of], 0);
  return {
    messagesPerSecond: mean("messagesPerSecond"),
    bytesPerSecond: mean("bytesPerSecond"),
    onceMessages: mean("onceMessages"),
  };
}

export function planLines(run: ResolvedRun): string[] {
  const { profile } = run;
  const plan = planFigures(run);
  return [
    line("profile", profile.name),
    line("target", profile.target === "embedded" ? "embedded server, in a process of its own" : profile.target),
    ...profile.stages.map((stage, index) => line(index === 0 ? "stages" : "", stageText(stage))),
    line("length", `${formatDuration(plan.durationMs)}, then up to ${formatDuration(profile.gracefulStopMs)} to leave`),
    ...shardLines(run),
    line("clients", `${plan.plannedClients} in all, ${plan.peakClients} at once`),
    ...messageLines(profile, plan),
    line("sends", `${profile.scenarios === undefined ? "" : "about "}${plan.totalSends} in all`),
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

function shardLines({ coordination: { shard, barrier, startAtMs } }: ResolvedRun): string[] {
  const waits = barrier === undefined ? "" : `; waits up to ${formatDuration(barrier.timeoutMs)} for the others`;
  return [
    ...(shard === undefined ? [] : [line("shard", `${shard.index} of ${shard.count}${waits}`)]),
    ...(startAtMs === undefined ? [] : [line("start", `at ${new Date(startAtMs).toISOString()} or later`)]),
  ];
}

function messageLines({ scenarios, ratePerSecond, payloadBytes }: Profile, plan: PlanFigures): string[] {
  const peak = `${rounded(plan.peakMessagesPerSecond)}/s at full load`;
  if (scenarios === undefined) {
    return [line("messages", `${peak} (${plan.peakClients} clients x ${ratePerSecond}/s), ${payloadBytes} bytes each`)];
  }
  const weights = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  return [
    ...scenarios.map((scenario, index) => {
      const { messagesPerSecond, onceMessages } = scenarioLoad(scenario);
      const share = `${rounded((100 * scenario.weight) / weights)}% of the clients`;
      const once = onceMessages > 0 ? `, and ${rounded(onceMessages)} once` : "";
      const sends =
        scenario.bot === undefined ? `${rounded(messagesPerSecond)} messages/s each${once}` : scenario.bot.file;
      const start = scenario.startMs === undefined ? "" : `, from ${formatDuration(scenario.startMs)} on`;
      const kind = scenario.playedAs === undefined ? "" : `, as ${scenario.playedAs.client} clients`;
      const text = `${scenario.name}: ${share}, ${sends}${kind}${start}`;
      return line(index === 0 ? "scenarios" : "", text);
    }),
    line("messages", `about ${peak}${botsText(scenarios)}`),
  ];
}

/** Nobody knows before the run what a bot will send. */
export function botsText(scenarios: Profile["scenarios"] = []): string {
  return scenarios.some(({ bot }) => bot !== undefined) ? ", and what the bots send" : "";
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

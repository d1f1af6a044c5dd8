// The load over time: stages as written, or those that clients, ramp and duration make. Pure.
import { formatDuration } from "../profile/duration.js";
import { FIELDS, MAX_CLIENTS, type Ramp } from "../profile/fields.js";
import type { Stage } from "../profile/profile.js";
import type { ProfileInput } from "../profile/schema.js";
import { arrivalsIn, makePlan } from "../workload/plan.js";
import type { SettingReader, SettingSpec, Source } from "./setting-reader.js";

const CLIENTS = { flag: "clients", key: "clients", field: FIELDS.clients } as const;
const RAMP = { flag: "ramp", key: "ramp", field: FIELDS.ramp } as const;
const DURATION = { flag: "duration", key: "duration", field: FIELDS.duration } as const;
const DEFAULT_CLIENTS = 10;
const DEFAULT_DURATION = "30s";
const LONGEST_RAMP_MS = 31 * 86_400_000;

type WrittenStages = NonNullable<ProfileInput["stages"]>;

/** Adds to `notes` what a person should know: flags that replace a profile's stages. */
export function resolveStages(reader: SettingReader, notes: string[]): Stage[] {
  const written = reader.fromProfile<WrittenStages>("stages");
  const typed = [CLIENTS, RAMP, DURATION].flatMap((spec: SettingSpec<unknown>) => reader.typed(spec) ?? []);
  if (written === undefined) return rampAndHold(reader, DEFAULT_CLIENTS);
  const stages = stagesOf(written.value);
  checkStages(reader, stages, written.source);
  if (typed.length === 0) {
    reader.note("stages", stages.map(stageText).join(", "), written.source);
    return stages;
  }
  notes.push(`${typed.map(({ source }) => source.place).join(", ")} in place of the profile's stages`);
  return rampAndHold(reader, makePlan(stages).peakClients);
}

/** Stages of arrivals leave the others as they are. */
function stagesOf(written: WrittenStages): Stage[] {
  let target = 0;
  return written.map(({ duration, target: own, arrivals, stay }): Stage => {
    target = own ?? target;
    const stage = { durationMs: duration, target };
    return arrivals === undefined ? stage : { ...stage, arrivals: { perSecond: arrivals, stayMs: stay! } };
  });
}

/** `10s to 500 clients`, or `10s with 5 clients/s that stay 1m` */
export function stageText({ durationMs, target, arrivals }: Stage): string {
  if (arrivals !== undefined) {
    const { perSecond, stayMs } = arrivals;
    return `${formatDuration(durationMs)} with ${perSecond} clients/s that stay ${formatDuration(stayMs)}`;
  }
  return `${formatDuration(durationMs)} to ${target} client${target === 1 ? "" : "s"}`;
}

/** Clients that start in all, over every rise, and with all arrivals. */
export function plannedClients(stages: readonly Stage[]): number {
  return stages.reduce((sum, stage, index) => {
    return sum + Math.max(0, stage.target - (stages[index - 1]?.target ?? 0)) + arrivalsIn(stage);
  }, 0);
}

function rampAndHold(reader: SettingReader, defaultClients: number): Stage[] {
  const { value: clients } = reader.read(CLIENTS, defaultClients, String(defaultClients));
  const rampMs = defaultRampMs(clients);
  const ramp = reader.read(RAMP, { durationMs: rampMs } as Ramp, formatDuration(rampMs));
  const { value: durationMs } = reader.read(DURATION, 30_000, DEFAULT_DURATION);
  const rampDurationMs =
    "durationMs" in ramp.value ? ramp.value.durationMs : (clients / ramp.value.clientsPerSecond) * 1000;
  if (rampDurationMs > LONGEST_RAMP_MS) {
    throw reader.error(ramp.source, `fast enough for ${clients} clients in 744h`, ramp.text);
  }
  return [
    { durationMs: rampDurationMs, target: clients },
    { durationMs, target: clients },
  ];
}

/** The longer of 1 s and clients/50 s, 10 s at most. */
function defaultRampMs(clients: number): number {
  return Math.min(10_000, Math.max(1000, (clients / 50) * 1000));
}

function checkStages(reader: SettingReader, stages: readonly Stage[], source: Source): void {
  const total = plannedClients(stages);
  if (total === 0) throw reader.error(source, "stages of which one reaches a client", stages.map(stageText).join(", "));
  if (total > MAX_CLIENTS) throw reader.error(source, `stages that start at most ${MAX_CLIENTS} clients in all`, total);
  if (stages.every(({ durationMs }) => durationMs === 0)) {
    throw reader.error(source, "stages that last longer than 0s", stages.map(stageText).join(", "));
  }
}

// Runs that never were: clients with random lives, told second by second to the real books and the real journal. No socket, no clock.
import { type SeriesPoint, seriesPointOf } from "../../src/analysis/observations.js";
import { summarize } from "../../src/analysis/summarize.js";
import { RunRecord } from "../../src/engine/run-record.js";
import type { RunEnd } from "../../src/engine/run-types.js";
import type { ClientOutcome } from "../../src/metrics/client-outcome.js";
import { Recorder } from "../../src/metrics/recorder.js";
import type { Snapshot } from "../../src/metrics/snapshot.js";
import type { Profile } from "../../src/profile/profile.js";
import { Journal } from "../../src/result/journal.js";
import { createResultsFolder } from "../../src/result/results-folder.js";
import { runFileOf, type Shard } from "../../src/result/run-file.js";
import type { Summary } from "../../src/result/summary.js";
import { makePlan } from "../../src/workload/plan.js";
import { CONTEXT, PROFILE, START_MS } from "../unit/result/sample-run.js";
import { seededRandom } from "./random.js";

export interface SimulatedLoad {
  readonly seed: number;
  readonly clients: number;
  readonly seconds: number;
  readonly profile?: Partial<Profile>;
}

export interface SimulatedPart {
  /** Null: all clients. */
  readonly shard: Shard | null;
  /** How much later than START_MS its plan starts; its seconds begin there too. */
  readonly laterMs?: number;
  readonly end?: Exclude<RunEnd, "cut">;
  /** Killed after this many seconds: no end is written. */
  readonly killedAfter?: number;
}

/** Writes the folder of a run; gives its summary, as far as it got. */
export function simulateRun(folder: string, load: SimulatedLoad, part: SimulatedPart = { shard: null }): Summary {
  const { shard, laterMs = 0, end = "completed", killedAfter } = part;
  const profile = profileOf(load);
  const lives = livesOf(load).filter((_, number) => shard === null || number % shard.count === shard.index);
  const plan = { ...makePlan(profile.stages), clients: lives.map(({ planned }) => planned) };
  const record = new RunRecord(profile, plan, 1, START_MS + laterMs);
  const facts = { ...CONTEXT, ...record.start, profile, shard, flags: [], settings: [] };
  const journal = new Journal(createResultsFolder(folder).path, runFileOf(facts), () => undefined);
  const series: SeriesPoint[] = [];
  const random = seededRandom(load.seed + laterMs);
  const ended = { end, why: end === "completed" ? undefined : "as the test has it" };
  let nowMs = record.start.startedAtMs;
  const last = killedAfter === undefined ? load.seconds : Math.min(killedAfter, load.seconds - 1);
  const recorders = { clients: new Recorder(), loop: new Recorder() };
  for (let second = 0; second < last; second++) {
    nowMs += 950 + Math.floor(random() * 100);
    const parts = [{ index: 0, snapshot: snapshotOf(lives, second, recorders, random) }];
    const isLast = second === load.seconds - 1;
    const interval = isLast ? record.addLast(parts, nowMs, true, ended, []) : record.add(parts, nowMs, false);
    journal.onInterval(interval);
    series.push(seriesPointOf(interval));
  }
  const summary = summarize(
    { ...record.figures(), ...ended },
    profile,
    { ...CONTEXT, node: process.version, shard },
    series,
  );
  if (killedAfter === undefined) journal.finish(summary);
  return summary;
}

export function profileOf({ clients, seconds, profile }: SimulatedLoad): Profile {
  return { ...PROFILE, stages: [{ durationMs: seconds * 1000, target: clients }], ...profile };
}

type Event = (recorder: Recorder) => void;

/** What happens to one client, by second; the same in whichever part it plays. */
interface Life {
  readonly planned: { number: number; startMs: number; stopMs: number };
  readonly events: readonly (readonly Event[])[];
  /** By second, what became known of it. */
  readonly outcomes: readonly (ClientOutcome | undefined)[];
  /** Seconds in which it is connected at the end. */
  readonly connected: readonly boolean[];
}

function livesOf({ seed, clients, seconds }: SimulatedLoad): Life[] {
  return Array.from({ length: clients }, (_, number) => lifeOf(number, seconds, seededRandom(seed * 7919 + number)));
}

function lifeOf(number: number, seconds: number, random: () => number): Life {
  const first = Math.floor((random() * seconds) / 3);
  const willFail = random() < 0.1;
  const last = random() < 0.2 ? first + Math.floor(random() * (seconds - first)) : seconds - 1;
  const events: Event[][] = Array.from({ length: seconds }, () => []);
  const outcomes: (ClientOutcome | undefined)[] = Array.from({ length: seconds }, () => undefined);
  const startedMs = first * 900 + Math.round(random() * 1000) / 1000;
  const outcome = { number, startedMs, upgradeMs: startedMs + 2, acceptMs: startedMs + 3, endedMs: undefined };
  if (willFail) {
    events[first]!.push(failed);
    const end = { acceptMs: undefined, endedMs: startedMs + 4, endReason: "UpgradeTimeout", sent: 0, answered: 0 };
    outcomes[first] = { ...outcome, ...end };
  } else {
    events[first]!.push((recorder) => connected(recorder, random));
    outcomes[first] = { ...outcome, endReason: undefined, sent: 0, answered: 0 };
    for (let second = first; second <= last; second++) events[second]!.push((recorder) => talk(recorder, random));
    const reason = last < seconds - 1 ? "Silence" : "ClosedByClient";
    events[last]!.push((recorder) => leave(recorder, reason));
    outcomes[last] = { ...outcome, endedMs: last * 900 + 1, endReason: reason, sent: 9, answered: 9 };
  }
  const isConnected = Array.from({ length: seconds }, (_, second) => !willFail && second >= first && second < last);
  return { planned: { number, startMs: 0, stopMs: seconds * 1000 }, events, outcomes, connected: isConnected };
}

function failed(recorder: Recorder): void {
  for (const name of ["clients_started", "clients_failed", "connect_attempts", "connect_failed_attempts"]) {
    recorder.count(name);
  }
  recorder.count("connect_failures{reason:UpgradeTimeout}");
  recorder.count("give_ups_native{reason:UpgradeTimeout}");
}

function connected(recorder: Recorder, random: () => number): void {
  for (const name of ["clients_started", "clients_connected_ever", "connect_attempts", "connect_established"]) {
    recorder.count(name);
  }
  for (const name of ["connect_tcp", "connect_upgrade", "connect_utp", "connect_total"]) {
    recorder.trend(name, 1 + random() * 200);
  }
}

function talk(recorder: Recorder, random: () => number): void {
  const messages = Math.floor(random() * 10);
  recorder.hot.messages_planned += messages;
  recorder.hot.messages_sent += messages;
  recorder.hot.messages_received += messages;
  recorder.hot.messages_answered += messages;
  recorder.count("pipeline_sent{pipeline:reliable}", messages);
  for (let message = 0; message < messages; message++) {
    recorder.trend("rtt", 200 * random() ** 4);
    recorder.trend("rtt{scenario:fighters}", 100 * random());
    recorder.trend("send_lag", random() < 0.02 ? 20 : random());
  }
  recorder.gauge("server_tick", Math.floor(random() * 1000));
}

function leave(recorder: Recorder, reason: string): void {
  recorder.count("disconnects");
  recorder.count(`disconnects{reason:${reason}}`);
  recorder.count(`disconnects_unity{reason:${reason === "Silence" ? "Timeout" : "Default"}}`);
  recorder.trend("session_duration", 5000);
}

function snapshotOf(
  lives: readonly Life[],
  second: number,
  { clients, loop }: { clients: Recorder; loop: Recorder },
  random: () => number,
): Snapshot {
  for (const life of lives) for (const event of life.events[second]!) event(clients);
  const now = lives.filter((life) => life.connected[second]).length;
  for (let turn = 0; turn < 10; turn++) loop.trend("send_lag", 10 * random());
  const { send_lag: eventLoopDelay } = loop.take({}).trends;
  return {
    ...clients.take({ clients_connected: now, clients_connected_peak: now }),
    outcomes: lives.flatMap((life) => life.outcomes[second] ?? []),
    ...(eventLoopDelay !== undefined && { eventLoopDelay }),
  };
}

// Runs that never were: clients with random lives, told second by second to the real books and the real journal. No socket, no clock.
import { type Observations, type SeriesPoint, seriesPointOf } from "../../src/analysis/observations.js";
import { summarize } from "../../src/analysis/summarize.js";
import { RunRecord } from "../../src/engine/run-record.js";
import type { RunEnd } from "../../src/engine/run-types.js";
import type { ClientOutcome, FirstFailure } from "../../src/metrics/client-outcome.js";
import { Recorder } from "../../src/metrics/recorder.js";
import type { Snapshot, ThreadFigures } from "../../src/metrics/snapshot.js";
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

export interface SimulatedRun {
  readonly summary: Summary;
  readonly observations: Observations;
}

/** The second of them plays no clients. */
const WORKERS = 2;

/** Writes the folder of a run; gives its summary, as far as it got, and what it was diagnosed of. */
export function simulateRun(folder: string, load: SimulatedLoad, part: SimulatedPart = { shard: null }): SimulatedRun {
  const { shard, laterMs = 0, end = "completed", killedAfter } = part;
  const profile = profileOf(load);
  const lives = livesOf(load).filter((_, number) => shard === null || number % shard.count === shard.index);
  const plan = { ...makePlan(profile.stages), clients: lives.map(({ planned }) => planned) };
  const record = new RunRecord(profile, plan, WORKERS, START_MS + laterMs);
  const context = { ...CONTEXT, workers: WORKERS, node: process.version, shard };
  const facts = { ...context, ...record.start, profile, flags: [], settings: [] };
  const journal = new Journal(createResultsFolder(folder).path, runFileOf(facts), () => undefined);
  const series: SeriesPoint[] = [];
  const random = seededRandom(load.seed + laterMs);
  const ended = { end, why: end === "completed" ? undefined : "as the test has it" };
  let nowMs = record.start.startedAtMs;
  const last = killedAfter === undefined ? load.seconds : Math.min(killedAfter, load.seconds - 1);
  const recorders = { clients: new Recorder(), thread: new Recorder() };
  for (let second = 0; second < last; second++) {
    nowMs += 950 + Math.floor(random() * 100);
    const elapsedMs = nowMs - record.start.startedAtMs;
    const parts = [
      { index: 0, snapshot: snapshotOf(lives, second, elapsedMs, recorders, random) },
      { index: 1, snapshot: { sums: {}, gauges: {}, trends: {}, thread: threadOf(recorders.thread, random) } },
    ];
    const isLast = second === load.seconds - 1;
    const lost = end === "generatorLost" && second >= load.seconds - 2 ? [1] : [];
    const interval = isLast ? record.addLast(parts, nowMs, true, ended, lost) : record.add(parts, nowMs, false, lost);
    journal.onInterval(interval);
    series.push(seriesPointOf(interval));
  }
  const figures = record.figures();
  const summary = summarize({ ...figures, ...ended }, profile, context, series);
  if (killedAfter === undefined) journal.finish(summary);
  return { summary, observations: { profile, series, outcomes: figures.outcomes } };
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
    const firstFailure = { ...failureAt(startedMs), endedMs: startedMs + 4 };
    outcomes[first] = { ...outcome, ...end, firstFailure };
  } else {
    events[first]!.push((recorder) => connected(recorder, random));
    outcomes[first] = { ...outcome, endReason: undefined, sent: 0, answered: 0 };
    for (let second = first; second <= last; second++) events[second]!.push((recorder) => talk(recorder, random));
    const reason = last < seconds - 1 ? "Silence" : "ClosedByClient";
    events[last]!.push((recorder) => leave(recorder, reason));
    const rtt = { lowestMs: 1 + random(), highestMs: 90 * random(), lastMs: 9 * random(), lastAnswerMs: last * 900 };
    outcomes[last] = { ...outcome, endedMs: last * 900 + 1, endReason: reason, sent: 9, answered: 9, rtt };
  }
  const isConnected = Array.from({ length: seconds }, (_, second) => !willFail && second >= first && second < last);
  return { planned: { number, startMs: 0, stopMs: seconds * 1000 }, events, outcomes, connected: isConnected };
}

function failureAt(startedMs: number): Omit<FirstFailure, "endedMs"> {
  const steps = {
    tcpMs: startedMs + 1,
    tlsMs: undefined,
    upgradeMs: undefined,
    requestMs: undefined,
    acceptMs: undefined,
  };
  return { attempt: 1, startedMs, ...steps, reason: "UpgradeTimeout", detail: "no 101" };
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
  const dropped = random() < 0.02 ? 1 : 0;
  recorder.hot.messages_planned += messages + dropped;
  recorder.hot.dropped_sends += dropped;
  if (random() < 0.3)
    recorder.highestBacklogBytes = Math.max(recorder.highestBacklogBytes, Math.floor(1000 * random()));
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
  elapsedMs: number,
  { clients, thread }: { clients: Recorder; thread: Recorder },
  random: () => number,
): Snapshot {
  for (const life of lives) for (const event of life.events[second]!) event(clients);
  const now = lives.filter((life) => life.connected[second]).length;
  const eventLoopDelay = histogramOf(thread, 10, random);
  const silentMs = Math.floor(600 * random());
  return {
    ...clients.take({
      clients_connected: now,
      clients_connected_peak: now,
      socket_backlog_bytes: clients.takeBacklogBytes(),
    }),
    outcomes: lives.flatMap((life) => life.outcomes[second] ?? []),
    eventLoopDelay,
    thread: threadOf(thread, random),
    ...(now > 0 && { silence: { fromMs: Math.max(0, elapsedMs - silentMs - 20), toMs: elapsedMs - 20 } }),
  };
}

function threadOf(recorder: Recorder, random: () => number): ThreadFigures {
  return { cpuMs: 900 * random(), gcPauses: histogramOf(recorder, 1 + Math.floor(3 * random()), random) };
}

/** Encoded, of that many durations. */
function histogramOf(recorder: Recorder, count: number, random: () => number): string {
  for (let turn = 0; turn < count; turn++) recorder.trend("ping", 10 * random());
  return recorder.take({}).trends.ping!;
}

// All virtual users of one thread. Knows no threads: a test runs it on a virtual clock and an in-memory transport.
import { ClientSession } from "../client/client-session.js";
import type { SessionEnd, SessionListener, SessionOptions } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { Recorder } from "../metrics/recorder.js";
import type { Snapshot } from "../metrics/snapshot.js";
import type { ClientSettings } from "../profile/client-settings.js";
import type { Profile } from "../profile/profile.js";
import { handshakePayloadLimit } from "../protocol/connection-options.js";
import { PATIENT_RULES } from "../protocol/connection-rules.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { Scheduler } from "../time/clock.js";
import type { TransportFactory, TransportTarget } from "../transport/transport.js";
import type { Session } from "../virtual-user/attempt.js";
import type { BotStage } from "../virtual-user/bot-role.js";
import { castClients } from "../virtual-user/casting.js";
import type { Role } from "../virtual-user/role.js";
import { countValueFaults, rolesOf } from "../virtual-user/roles.js";
import type { UserContext } from "../virtual-user/user-context.js";
import { VirtualUser } from "../virtual-user/virtual-user.js";
import type { ValueClock } from "../workload/client-variables.js";
import type { PlannedClient } from "../workload/plan.js";
import { LogLimit } from "./log-limit.js";
import { LoopProbe } from "./loop-probe.js";
import { PipelineSums } from "./pipeline-sums.js";

export interface ClientPoolOptions {
  readonly profile: Profile;
  readonly clients: readonly PlannedClient[];
  readonly plannedClients: number;
  /** The target's URL, `embedded` resolved, and its numeric address where it has just one. */
  readonly url: string;
  readonly address: string | undefined;
  /** Start of the plan on the scheduler's clock, and since the epoch. */
  readonly originMs: number;
  readonly originEpochMs: number;
  readonly scheduler: Scheduler;
  readonly transportFactory: TransportFactory;
  /** 8 strong random bytes a call. */
  readonly newToken: () => Uint8Array;
  /** All users are done; so many there have been. It may come again where clients are added. */
  readonly onDone: (clients: number) => void;
  readonly onFailed: (end: SessionEnd) => void;
  /** Needed where scenarios have bots. */
  readonly bots?: BotStage;
  /** A script has something to say; so many lines a second get through. */
  readonly onLog: (line: string) => void;
}

/** Stages of a client's life that its outcome is told at. */
const NOTHING_NEW = 0;
const LET_IN = 1;
const OVER = 2;

/** Of all scripts of a thread together. */
const LOG_LINES_PER_SECOND = 10;

export class ClientPool implements UserContext {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly originMs: number;
  readonly plannedClients: number;
  readonly maxConnectPayloadBytes: number;
  connected = 0;
  readonly #options: ClientPoolOptions;
  readonly #recorder = new Recorder();
  readonly #pipelines: PipelineSums;
  readonly #roles: readonly Role[];
  readonly #users: VirtualUser[] = [];
  /** Role of each client of the plan, by its number. */
  readonly #cast: Uint16Array;
  readonly #logLimit: LogLimit;
  /** By what the role imitates. */
  readonly #sessionOptions: ReadonlyMap<Role, Omit<SessionOptions, "token" | "connectPayload">>;
  /** Each role has its own, which count what goes over the wire for it. */
  readonly #targets: ReadonlyMap<Role, readonly TransportTarget[]>;
  readonly #loop: LoopProbe;
  /** How far the outcome of each user was when it was last told. */
  readonly #toldStages: number[] = [];
  #peakConnected = 0;
  #left = 0;
  /** Undefined: there is no pause. */
  #pausedSinceMs: number | undefined;

  constructor(options: ClientPoolOptions) {
    this.#options = options;
    this.profile = options.profile;
    this.scheduler = options.scheduler;
    this.originMs = options.originMs;
    this.plannedClients = options.plannedClients;
    this.#pipelines = new PipelineSums(options.profile.pipelines ?? "none");
    this.maxConnectPayloadBytes = handshakePayloadLimit(options.profile.parameters, PATIENT_RULES);
    this.#logLimit = new LogLimit(options.scheduler, LOG_LINES_PER_SECOND, options.onLog);
    this.#roles = rolesOf(options.profile, this.#recorder, clockOf(options), options.bots);
    this.#sessionOptions = new Map(
      this.#roles.map((role) => [role, sessionOptionsOf(role.scenario.playedAs ?? options.profile, this.#pipelines)]),
    );
    this.#targets = new Map(this.#roles.map((role) => [role, targetsOf(options, role)]));
    this.#loop = new LoopProbe(options.scheduler);
    this.#cast = castClients(
      this.#roles.map(({ scenario }) => scenario.weight),
      options.plannedClients,
    );
    this.add(options.clients);
    if (this.#left === 0) options.onDone(0);
  }

  /** More clients. Those that are beyond the plan are cast as its first ones are. */
  add(clients: readonly PlannedClient[]): void {
    if (clients.length > 0) this.#loop.start();
    this.#left += clients.length;
    for (const planned of clients) {
      const role = this.#roles[this.#cast[planned.number % this.#cast.length] ?? 0]!;
      const user = new VirtualUser(this, role, planned);
      if (this.#pausedSinceMs !== undefined) user.pause(this.scheduler.nowMs());
      this.#users.push(user);
      this.#toldStages.push(NOTHING_NEW);
    }
  }

  /** So many of the users that are there leave, those that came last first. */
  removeLast(count: number): void {
    const nowMs = this.scheduler.nowMs();
    const there = this.#users.filter(({ state }) => state === "playing" || state === "joining" || state === "away");
    for (const user of there.slice(-count)) user.leave(nowMs, nowMs);
  }

  /** No user starts and none sends until `resumeAll`. */
  pauseAll(): void {
    const nowMs = this.scheduler.nowMs();
    this.#pausedSinceMs ??= nowMs;
    for (const user of this.#users) user.pause(nowMs);
  }

  resumeAll(): void {
    const nowMs = this.scheduler.nowMs();
    const pausedMs = nowMs - (this.#pausedSinceMs ?? nowMs);
    this.#pausedSinceMs = undefined;
    for (const user of this.#users) user.resume(pausedMs, nowMs);
  }

  /** Every user leaves: with a Disconnect where connected; one that has not started never will. */
  leaveAll(): void {
    const nowMs = this.scheduler.nowMs();
    for (const user of this.#users) user.leave(nowMs, nowMs);
  }

  /** The hard end: sockets are dropped, connections that were still up are counted as alive. */
  cutAll(): void {
    for (const user of this.#users) if (user.state !== "done") user.cut();
    this.#loop.stop();
  }

  /** What was measured since the last call. */
  takeSnapshot(): Snapshot {
    const peak = this.#peakConnected;
    this.#peakConnected = this.connected;
    this.#pipelines.moveTo(this.#recorder);
    for (const role of this.#roles) countValueFaults(role);
    const heldLines = this.#logLimit.takeHeld();
    if (heldLines > 0) this.#recorder.count("script_logs_held", heldLines);
    const snapshot = this.#recorder.take({ clients_connected: this.connected, clients_connected_peak: peak });
    return { ...snapshot, eventLoopDelay: this.#loop.take(), outcomes: this.#takeOutcomes() };
  }

  noteConnected(): void {
    this.connected++;
    if (this.connected > this.#peakConnected) this.#peakConnected = this.connected;
  }

  connect(listener: SessionListener, role: Role, number: number, connectPayload: Uint8Array | undefined): Session {
    const { scheduler, transportFactory, newToken } = this.#options;
    const options = {
      ...this.#sessionOptions.get(role)!,
      token: newToken(),
      ...(connectPayload !== undefined && { connectPayload }),
    };
    const session = new ClientSession(options, scheduler, transportFactory, listener);
    const targets = this.#targets.get(role)!;
    session.connect(targets[number % targets.length]!);
    return session;
  }

  onLog(line: string): void {
    this.#logLimit.log(line);
  }

  onFailed(end: SessionEnd): void {
    this.#options.onFailed(end);
  }

  onDone(): void {
    if (--this.#left > 0) return;
    this.#loop.stop();
    this.#options.onDone(this.#users.length);
  }

  /** Of clients that were let in, or are over, since the last call: each is told twice at most, however long it stays. */
  #takeOutcomes(): ClientOutcome[] {
    const told: ClientOutcome[] = [];
    for (const [index, user] of this.#users.entries()) {
      const stage = user.state === "done" ? OVER : user.state === "playing" ? LET_IN : NOTHING_NEW;
      if (stage <= this.#toldStages[index]!) continue;
      this.#toldStages[index] = stage;
      if (user.outcome !== undefined) told.push(user.outcome);
    }
    return told;
  }
}

function sessionOptionsOf(
  settings: ClientSettings,
  { set, counters }: PipelineSums,
): Omit<SessionOptions, "token" | "connectPayload"> {
  return {
    kind: settings.client,
    parameters: settings.parameters,
    connectBudgetMs: settings.connectBudgetMs,
    updateHz: settings.updateHz,
    pingIntervalMs: settings.pingIntervalMs,
    pipelines: set,
    pipelineCounters: counters,
  };
}

function clockOf({ scheduler, originMs, originEpochMs }: ClientPoolOptions): ValueClock {
  const runMs = (): number => scheduler.nowMs() - originMs;
  return { runMs, epochMs: () => originEpochMs + runMs() };
}

/** One target per source address; clients take them in turn. */
function targetsOf(options: ClientPoolOptions, role: Role): TransportTarget[] {
  const { profile, url, address } = options;
  const target: TransportTarget = {
    url,
    headers: profile.headers,
    insecure: profile.insecure,
    maxMessageBytes: maxWebSocketMessageBytes(profile.parameters),
    meter: role.recorder.hot,
    ...(address !== undefined && { address }),
    ...(profile.ca !== undefined && { ca: profile.ca }),
  };
  if (profile.localAddresses.length === 0) return [target];
  return profile.localAddresses.map((localAddress) => ({ ...target, localAddress }));
}

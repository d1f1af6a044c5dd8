// All virtual users of one thread. Knows no threads: a test runs it on a virtual clock and an in-memory transport.
import { ClientSession } from "../client/client-session.js";
import type { SessionEnd, SessionListener, SessionOptions } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { Recorder } from "../metrics/recorder.js";
import type { Snapshot } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import { handshakePayloadLimit } from "../protocol/connection-options.js";
import { PATIENT_RULES } from "../protocol/connection-rules.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { Scheduler } from "../time/clock.js";
import type { TransportFactory, TransportTarget } from "../transport/transport.js";
import type { Session } from "../virtual-user/attempt.js";
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
import { SilenceWatch } from "./silence-watch.js";

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
  /** All users are done. */
  readonly onDone: () => void;
  readonly onFailed: (end: SessionEnd) => void;
  /** A script has something to say; so many lines a second get through. */
  readonly onLog: (line: string) => void;
}

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
  readonly #users: readonly VirtualUser[];
  readonly #logLimit: LogLimit;
  readonly #sessionOptions: Omit<SessionOptions, "token" | "connectPayload">;
  /** Each role has its own, which count what goes over the wire for it. */
  readonly #targets: ReadonlyMap<Role, readonly TransportTarget[]>;
  readonly #silence: SilenceWatch;
  readonly #loop: LoopProbe;
  #peakConnected = 0;
  #left: number;

  constructor(options: ClientPoolOptions) {
    this.#options = options;
    this.profile = options.profile;
    this.scheduler = options.scheduler;
    this.originMs = options.originMs;
    this.plannedClients = options.plannedClients;
    this.#pipelines = new PipelineSums(options.profile.pipelines ?? "none");
    this.#sessionOptions = sessionOptionsOf(options.profile, this.#pipelines);
    this.maxConnectPayloadBytes = handshakePayloadLimit(options.profile.parameters, PATIENT_RULES);
    this.#logLimit = new LogLimit(options.scheduler, LOG_LINES_PER_SECOND, options.onLog);
    this.#roles = rolesOf(options.profile, this.#recorder, clockOf(options));
    this.#targets = new Map(this.#roles.map((role) => [role, targetsOf(options, role)]));
    this.#silence = new SilenceWatch(options.originMs);
    this.#loop = new LoopProbe(options.scheduler, (delayMs, nowMs) => this.#listen(delayMs, nowMs));
    this.#left = options.clients.length;
    this.#users = this.#castUsers();
    if (this.#left === 0) options.onDone();
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
    this.#listen(this.#loop.delayMs, this.scheduler.nowMs());
    const silence = this.#silence.take();
    const peak = this.#peakConnected;
    this.#peakConnected = this.connected;
    this.#pipelines.moveTo(this.#recorder);
    for (const role of this.#roles) countValueFaults(role);
    const heldLines = this.#logLimit.takeHeld();
    if (heldLines > 0) this.#recorder.count("script_logs_held", heldLines);
    const snapshot = this.#recorder.take({ clients_connected: this.connected, clients_connected_peak: peak });
    return { ...snapshot, eventLoopDelay: this.#loop.take(), ...(silence !== undefined && { silence }) };
  }

  /** What became of each client that was started. */
  outcomes(): ClientOutcome[] {
    return this.#users.flatMap((user) => user.outcome ?? []);
  }

  noteConnected(): void {
    this.connected++;
    if (this.connected > this.#peakConnected) this.#peakConnected = this.connected;
  }

  connect(listener: SessionListener, role: Role, number: number, connectPayload: Uint8Array | undefined): Session {
    const { scheduler, transportFactory, newToken } = this.#options;
    const options = {
      ...this.#sessionOptions,
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
    this.#options.onDone();
  }

  #listen(delayMs: number, nowMs: number): void {
    let heardBytes = 0;
    for (const { recorder } of this.#roles) heardBytes += recorder.hot.wireBytesReceived;
    this.#silence.look(this.connected, heardBytes, delayMs, nowMs);
  }

  #castUsers(): VirtualUser[] {
    const { clients, plannedClients } = this.#options;
    const weights = this.#roles.map(({ scenario }) => scenario.weight);
    const cast = castClients(weights, plannedClients);
    return clients.map((planned) => new VirtualUser(this, this.#roles[cast[planned.number]!]!, planned));
  }
}

function sessionOptionsOf(
  profile: Profile,
  { set, counters }: PipelineSums,
): Omit<SessionOptions, "token" | "connectPayload"> {
  return {
    kind: profile.client,
    parameters: profile.parameters,
    connectBudgetMs: profile.connectBudgetMs,
    updateHz: profile.updateHz,
    pingIntervalMs: profile.pingIntervalMs,
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

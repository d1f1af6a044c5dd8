// All virtual users of one thread. Knows no threads: a test runs it on a virtual clock and an in-memory transport.
import { ClientSession } from "../client/client-session.js";
import type { SessionEnd, SessionListener, SessionOptions } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../metrics/histogram.js";
import { Recorder } from "../metrics/recorder.js";
import type { Snapshot } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { Scheduler, TimerEntry } from "../time/clock.js";
import type { TransportFactory, TransportTarget } from "../transport/transport.js";
import type { UserContext } from "../virtual-user/user-context.js";
import { type Session, VirtualUser } from "../virtual-user/virtual-user.js";
import type { PlannedClient } from "../workload/plan.js";

export interface ClientPoolOptions {
  readonly profile: Profile;
  readonly clients: readonly PlannedClient[];
  readonly plannedClients: number;
  /** The target's URL, `embedded` resolved, and its numeric address where it has just one. */
  readonly url: string;
  readonly address: string | undefined;
  /** Start of the plan on the scheduler's clock. */
  readonly originMs: number;
  readonly scheduler: Scheduler;
  readonly transportFactory: TransportFactory;
  /** 8 strong random bytes a call. */
  readonly newToken: () => Uint8Array;
  /** All users are done. */
  readonly onDone: () => void;
  readonly onFailed: (end: SessionEnd) => void;
}

/** How often the thread's lateness is sampled. */
const LOOP_SAMPLE_MS = 20;

export class ClientPool implements UserContext {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly recorder = new Recorder();
  readonly originMs: number;
  readonly plannedClients: number;
  connected = 0;
  readonly #options: ClientPoolOptions;
  readonly #users: VirtualUser[];
  readonly #sessionOptions: Omit<SessionOptions, "token">;
  readonly #targets: readonly TransportTarget[];
  readonly #loop: LoopProbe;
  #peakConnected = 0;
  #left: number;

  constructor(options: ClientPoolOptions) {
    this.#options = options;
    this.profile = options.profile;
    this.scheduler = options.scheduler;
    this.originMs = options.originMs;
    this.plannedClients = options.plannedClients;
    this.#sessionOptions = sessionOptionsOf(options.profile);
    this.#targets = targetsOf(options, this.recorder);
    this.#loop = new LoopProbe(options.scheduler);
    this.#left = options.clients.length;
    this.#users = options.clients.map((planned) => new VirtualUser(this, planned));
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
    const peak = this.#peakConnected;
    this.#peakConnected = this.connected;
    const snapshot = this.recorder.take({ clients_connected: this.connected, clients_connected_peak: peak });
    return { ...snapshot, eventLoopDelay: this.#loop.take() };
  }

  /** What became of each client that was started. */
  outcomes(): ClientOutcome[] {
    return this.#users.flatMap((user) => user.outcome ?? []);
  }

  noteConnected(): void {
    this.connected++;
    if (this.connected > this.#peakConnected) this.#peakConnected = this.connected;
  }

  connect(listener: SessionListener, number: number): Session {
    const { scheduler, transportFactory, newToken } = this.#options;
    const options = { ...this.#sessionOptions, token: newToken() };
    const session = new ClientSession(options, scheduler, transportFactory, listener);
    session.connect(this.#targets[number % this.#targets.length]!);
    return session;
  }

  onFailed(end: SessionEnd): void {
    this.#options.onFailed(end);
  }

  onDone(): void {
    if (--this.#left > 0) return;
    this.#loop.stop();
    this.#options.onDone();
  }
}

function sessionOptionsOf(profile: Profile): Omit<SessionOptions, "token"> {
  const hex = profile.connectPayloadHex;
  return {
    kind: profile.client,
    parameters: profile.parameters,
    connectBudgetMs: profile.connectBudgetMs,
    updateHz: profile.updateHz,
    pingIntervalMs: profile.pingIntervalMs,
    ...(hex !== undefined && { connectPayload: Uint8Array.from(Buffer.from(hex, "hex")) }),
  };
}

/** One target per source address; clients take them in turn. */
function targetsOf(options: ClientPoolOptions, recorder: Recorder): TransportTarget[] {
  const { profile, url, address } = options;
  const target: TransportTarget = {
    url,
    headers: profile.headers,
    insecure: profile.insecure,
    maxMessageBytes: maxWebSocketMessageBytes(profile.parameters),
    meter: recorder.hot,
    ...(address !== undefined && { address }),
    ...(profile.ca !== undefined && { ca: profile.ca }),
  };
  if (profile.localAddresses.length === 0) return [target];
  return profile.localAddresses.map((localAddress) => ({ ...target, localAddress }));
}

/** Samples how late the thread's timer fires: the generator's own honesty. */
class LoopProbe implements TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #scheduler: Scheduler;
  readonly #delays = newRecordingHistogram();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    scheduler.schedule(this, scheduler.nowMs() + LOOP_SAMPLE_MS);
  }

  fire(nowMs: number): void {
    recordMs(this.#delays, nowMs - this.dueMs);
    this.#scheduler.schedule(this, nowMs + LOOP_SAMPLE_MS);
  }

  take(): string {
    const text = encodeHistogram(this.#delays);
    this.#delays.reset();
    return text;
  }

  stop(): void {
    this.#scheduler.cancel(this);
  }
}

// All virtual users of one thread. Knows no threads: a test runs it on a virtual clock and an in-memory transport.
import { ClientSession } from "../client/client-session.js";
import type { SessionEnd, SessionListener, SessionOptions } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { Recorder } from "../metrics/recorder.js";
import type { Snapshot } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { Scheduler } from "../time/clock.js";
import type { TransportFactory, TransportTarget } from "../transport/transport.js";
import type { Session } from "../virtual-user/attempt.js";
import { castClients } from "../virtual-user/casting.js";
import type { Role } from "../virtual-user/role.js";
import { rolesOf } from "../virtual-user/roles.js";
import type { UserContext } from "../virtual-user/user-context.js";
import { VirtualUser } from "../virtual-user/virtual-user.js";
import type { PlannedClient } from "../workload/plan.js";
import { LoopProbe } from "./loop-probe.js";

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

export class ClientPool implements UserContext {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  readonly originMs: number;
  readonly plannedClients: number;
  connected = 0;
  readonly #options: ClientPoolOptions;
  readonly #recorder = new Recorder();
  readonly #users: VirtualUser[];
  readonly #sessionOptions: Omit<SessionOptions, "token">;
  /** Each role has its own, which count what goes over the wire for it. */
  readonly #targets: ReadonlyMap<Role, readonly TransportTarget[]>;
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
    const roles = rolesOf(options.profile, this.#recorder);
    this.#targets = new Map(roles.map((role) => [role, targetsOf(options, role)]));
    this.#loop = new LoopProbe(options.scheduler);
    this.#left = options.clients.length;
    this.#users = this.#castUsers(roles);
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
    const snapshot = this.#recorder.take({ clients_connected: this.connected, clients_connected_peak: peak });
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

  connect(listener: SessionListener, role: Role, number: number): Session {
    const { scheduler, transportFactory, newToken } = this.#options;
    const options = { ...this.#sessionOptions, token: newToken() };
    const session = new ClientSession(options, scheduler, transportFactory, listener);
    const targets = this.#targets.get(role)!;
    session.connect(targets[number % targets.length]!);
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

  #castUsers(roles: readonly Role[]): VirtualUser[] {
    const { clients, plannedClients } = this.#options;
    const weights = roles.map(({ scenario }) => scenario.weight);
    const cast = castClients(weights, plannedClients);
    return clients.map((planned) => new VirtualUser(this, roles[cast[planned.number]!]!, planned));
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

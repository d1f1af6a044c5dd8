// One player on a virtual clock whose sessions do nothing by themselves: the test plays the server. Opens no socket.
import type { SessionEnd, SessionListener, SessionTimings } from "../../../src/client/session-types.js";
import { Recorder } from "../../../src/metrics/recorder.js";
import { SnapshotTotal } from "../../../src/metrics/snapshot.js";
import type { Profile } from "../../../src/profile/profile.js";
import type { Scenario } from "../../../src/profile/scenario.js";
import type { Reason } from "../../../src/protocol/disconnect-reason.js";
import { DEFAULT_PARAMETERS } from "../../../src/protocol/parameters.js";
import type { Session } from "../../../src/virtual-user/attempt.js";
import type { BotStage } from "../../../src/virtual-user/bot-role.js";
import type { Role } from "../../../src/virtual-user/role.js";
import { countValueFaults, rolesOf } from "../../../src/virtual-user/roles.js";
import type { UserContext } from "../../../src/virtual-user/user-context.js";
import { VirtualUser } from "../../../src/virtual-user/virtual-user.js";
import { virtualScheduler } from "../../support/virtual-clock.js";

const END: SessionEnd = { reason: "ClosedByServer", unityReason: "ClosedByRemote", wasConnected: true, detail: "" };

export const PROFILE: Profile = {
  name: "test",
  target: "ws://127.0.0.1:1/",
  stages: [],
  ratePerSecond: 10,
  payloadBytes: 16,
  pipelineId: 0,
  warmupMs: 0,
  seed: 1,
  client: "patient",
  updateHz: 60,
  parameters: DEFAULT_PARAMETERS,
  connectBudgetMs: 60_000,
  pingIntervalMs: 0,
  headers: [],
  insecure: false,
  localAddresses: [],
  gracefulStopMs: 5000,
  thresholds: [],
};

const MAX_MESSAGE_BYTES = 1376;
/** Start of the plan, since the epoch. */
export const EPOCH_MS = 1_700_000_000_000;

/** A scenario that does nothing, with what the test gives it. */
export function scenarioWith(parts: Partial<Scenario>): Scenario {
  return {
    name: "test",
    weight: 1,
    tags: {},
    connectPayload: undefined,
    steps: [],
    decode: [],
    feeders: [],
    reconnect: undefined,
    ...parts,
  };
}

/** One attempt as the test sees it. */
export class PlayedSession implements Session {
  readonly listener: SessionListener;
  readonly sent: { readonly atMs: number; readonly pipelineId: number; readonly payload: Uint8Array }[] = [];
  readonly timings: SessionTimings;
  bufferedBytes = 0;
  readonly connectPayload: Uint8Array | undefined;
  readonly #nowMs: () => number;
  #isEnded = false;
  #isReleased = false;

  constructor(listener: SessionListener, connectPayload: Uint8Array | undefined, nowMs: () => number) {
    const startMs = nowMs();
    this.listener = listener;
    this.connectPayload = connectPayload;
    this.#nowMs = nowMs;
    this.timings = {
      startMs,
      tcpMs: startMs + 1,
      tlsMs: undefined,
      upgradeSentMs: startMs + 1,
      openMs: startMs + 3,
      requestMs: startMs + 3,
      acceptMs: undefined,
    };
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  maxMessageBytes(): number {
    return MAX_MESSAGE_BYTES;
  }

  send(pipelineId: number, payload: Uint8Array): boolean {
    if (this.#isEnded) return false;
    this.sent.push({ atMs: this.#nowMs(), pipelineId, payload: payload.slice() });
    return true;
  }

  close(): void {
    this.ends({ reason: "ClosedByClient", unityReason: "Default" });
  }

  destroy(reason: Reason): void {
    this.ends({ reason, unityReason: "Default" });
    this.released();
  }

  accepts(): void {
    this.timings.acceptMs = this.#nowMs();
    this.listener.onConnected(undefined, this.#nowMs());
  }

  says(payload: Uint8Array, batch = 1, pipelineId = 0): void {
    this.listener.onMessage(pipelineId, payload, batch, this.#nowMs());
  }

  /** The end, without the socket's. */
  ends(end: Partial<SessionEnd> = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.listener.onEnd({ ...END, wasConnected: this.timings.acceptMs !== undefined, ...end }, this.#nowMs());
  }

  released(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.listener.onReleased();
  }
}

export interface UserBenchOptions {
  readonly startMs?: number;
  readonly stopMs?: number;
  readonly profile?: Partial<Profile>;
  readonly scenario?: Partial<Scenario>;
  readonly number?: number;
  readonly bots?: BotStage;
}

export class UserBench {
  readonly scheduler = virtualScheduler();
  readonly clock = this.scheduler.clock;
  readonly recorder = new Recorder();
  /** One per attempt. */
  readonly sessions: PlayedSession[] = [];
  readonly user: VirtualUser;
  readonly #roles: readonly Role[];
  done = 0;
  failed = 0;
  readonly logged: string[] = [];

  /** The player's first attempt is under way. */
  constructor(options: UserBenchOptions = {}) {
    const { scenario, number = 0, startMs = 0, stopMs = 10_000 } = options;
    const scenarios = scenario === undefined ? [] : [scenarioWith(scenario)];
    const profile: Profile = { ...PROFILE, scenarios, ...options.profile };
    const context: UserContext = {
      profile,
      scheduler: this.scheduler.queue,
      originMs: 0,
      plannedClients: 1,
      connected: 0,
      noteConnected: () => context.connected++,
      maxConnectPayloadBytes: 1361,
      connect: (listener, _role, _number, connectPayload) => this.#connect(listener, connectPayload),
      onLog: (line) => this.logged.push(line),
      onFailed: () => this.failed++,
      onDone: () => this.done++,
    };
    const clock = { runMs: () => this.clock.nowMs(), epochMs: () => EPOCH_MS + this.clock.nowMs() };
    this.#roles = rolesOf(profile, this.recorder, clock, options.bots);
    this.user = new VirtualUser(context, this.#roles[0]!, { number, startMs, stopMs });
    this.clock.advanceTo(0);
  }

  /** A player whose first attempt was accepted at 0. */
  static playing(options: UserBenchOptions = {}): UserBench {
    const bench = new UserBench(options);
    bench.session.accepts();
    return bench;
  }

  get session(): PlayedSession {
    return this.sessions.at(-1)!;
  }

  /** Everything that was sent, over all attempts. */
  get sent(): PlayedSession["sent"][number][] {
    return this.sessions.flatMap((session) => session.sent);
  }

  /** What was counted since the last call. */
  books(): SnapshotTotal {
    for (const role of this.#roles) countValueFaults(role);
    const total = new SnapshotTotal();
    total.add(this.recorder.take({}));
    return total;
  }

  #connect(listener: SessionListener, connectPayload: Uint8Array | undefined): Session {
    const session = new PlayedSession(listener, connectPayload, () => this.clock.nowMs());
    this.sessions.push(session);
    return session;
  }
}

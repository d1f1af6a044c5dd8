// One simulated player: starts when the plan says, connects, plays, comes back where its scenario says so, leaves in time. It measures,
// and never waits.
import type { SessionEnd } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { TimerEntry } from "../time/clock.js";
import type { PlannedClient } from "../workload/plan.js";
import type { AttemptOwner } from "./attempt.js";
import { Attempts } from "./attempts.js";
import { Comebacks } from "./comebacks.js";
import { recordPhases } from "./connect-phases.js";
import { countDisconnect, countFailedAttempt } from "./connection-books.js";
import { CountedEvents } from "./counted-events.js";
import { LifeStory } from "./life-story.js";
import type { Role } from "./role.js";
import { type ScriptHost, ScriptRunner } from "./script-runner.js";
import type { UserContext } from "./user-context.js";

/**
 * `waiting`: not started. `joining`: attempt under way. `playing`: connected. `away`: will connect again. `left`: over, a socket may
 * linger. `done`: nothing left.
 */
export type UserState = "waiting" | "joining" | "playing" | "away" | "left" | "done";

export class VirtualUser extends CountedEvents implements AttemptOwner, ScriptHost, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly number: number;
  readonly #context: UserContext;
  readonly #role: Role;
  /** For when the attempt under way, or the next one, was planned. */
  #plannedMs: number;
  #stopMs: number;
  #state: UserState = "waiting";
  readonly #attempts = new Attempts(this);
  #comebacks: Comebacks | undefined;
  /** We asked for the end: it is no reason to come back. */
  #isLeaving = false;
  /** The script asked for the end: to come back this long after, or because it failed. */
  #scriptReturnMs: number | undefined;
  #isScriptFailed = false;
  /** Made when the client starts. */
  #script: ScriptRunner | undefined;
  readonly #story = new LifeStory();
  #connectedMs = 0;

  /** Times of the plan become times of the context's clock here. */
  constructor(context: UserContext, role: Role, planned: PlannedClient) {
    super(role.recorder);
    this.#context = context;
    this.#role = role;
    this.number = planned.number;
    this.#plannedMs = context.originMs + planned.startMs;
    this.#stopMs = context.originMs + planned.stopMs;
    context.scheduler.schedule(this, this.#plannedMs);
  }

  get attemptId(): number {
    return this.#attempts.currentId;
  }

  get state(): UserState {
    return this.#state;
  }

  /** What became of it; undefined: it was never started. */
  get outcome(): ClientOutcome | undefined {
    return this.#story.outcome(this.number, this.#context.originMs, this.#script?.outlet);
  }

  fire(nowMs: number): void {
    if (this.#state === "waiting") return this.#start(nowMs);
    if (nowMs >= this.#stopMs) return this.leave(this.#stopMs, nowMs);
    if (this.#state === "away") return this.#connect(nowMs);
    this.#script?.run(nowMs, this.#stopMs);
    this.#scheduleNext();
  }

  /** Leaves now, in good order: whatever was intended before `stopMs` is sent first. Not started: never will. */
  leave(stopMs: number, nowMs: number): void {
    this.#stopMs = Math.min(this.#stopMs, stopMs);
    this.#isLeaving = true;
    const session = this.#attempts.session;
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "away") return this.#stayAway(false);
    if (this.#state === "joining") return session?.destroy("Cancelled");
    if (this.#state !== "playing" || session === undefined) return;
    this.#script?.run(nowMs, this.#stopMs);
    session.close();
  }

  /** The hard end. A connection that is still up counts as alive at the end. */
  cut(): void {
    this.#isLeaving = true;
    if (this.#state === "joining") this.#attempts.session?.destroy("Cancelled");
    if (this.#state === "away") this.#stayAway(false);
    if (this.#state === "playing") {
      this.recorder.count("clients_alive_at_end");
      this.#context.connected--;
    }
    if (this.#state === "done") return;
    this.#finish();
    this.#attempts.destroyAll();
  }

  onConnected(_acceptPayload: Uint8Array | undefined, nowMs: number): void {
    const { recorder } = this;
    const session = this.#attempts.session;
    this.#state = "playing";
    this.#connectedMs = nowMs;
    this.forgetBatch();
    this.#context.noteConnected();
    if (!this.#story.wasConnected) recorder.count("clients_connected_ever");
    this.#story.connected(session?.timings);
    recorder.count("connect_established");
    recordPhases(recorder, session?.timings);
    recorder.trend("connect_total", nowMs - this.#plannedMs);
    if (session !== undefined) this.#script?.begin(session, nowMs);
    this.#scheduleNext();
  }

  onMessage(pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void {
    if (this.#state !== "playing") return;
    this.countArrival(payload.length, batch, nowMs);
    if (this.#script?.receive(pipelineId, payload, nowMs) === true) this.#scheduleNext();
  }

  onSendRefused(_pipelineId: number, payloadBytes: number, wasTaken: boolean): void {
    this.#script?.outlet.refused(payloadBytes, wasTaken);
  }

  onEnd(ended: SessionEnd, nowMs: number): void {
    if (this.#state === "done") return;
    const isOurs = ended.reason === "ClosedByClient";
    const end: SessionEnd = isOurs && this.#isScriptFailed ? { ...ended, reason: "ScriptError" } : ended;
    this.#story.ended(end.reason, nowMs);
    if (end.wasConnected) this.#disconnected(end, isOurs, nowMs);
    else this.#failed(end);
    const returnMs = this.#returnMs(end, nowMs);
    if (returnMs === undefined) return this.#stayAway(end.reason === "Cancelled");
    this.#state = "away";
    this.#plannedMs = returnMs;
    this.#context.scheduler.schedule(this, returnMs);
  }

  onScriptDisconnect(): void {
    this.#isLeaving = true;
    this.#attempts.session?.close();
  }

  onScriptReconnect(afterMs: number): void {
    this.#scriptReturnMs = afterMs;
    this.#attempts.session?.close();
  }

  onScriptFailed(): void {
    this.#isScriptFailed = true;
    this.#attempts.session?.close();
  }

  onScriptLog(text: string): void {
    this.recorder.count("script_logs");
    this.#context.onLog(`client ${this.number} (${this.#role.scenario.name}): ${text}`);
  }

  onSocketGone(): void {
    if (this.#state === "left" && !this.#attempts.isAnyOpen) this.#finish();
  }

  /** A client for which a feeder has no row never starts. */
  #start(nowMs: number): void {
    this.#script = new ScriptRunner(this.#context, this.#role, this.number, this);
    if (!this.#script.isFed) {
      this.recorder.count("clients_without_row");
      return this.#finish();
    }
    this.recorder.count("clients_started");
    this.#connect(nowMs);
  }

  /** The first attempt, or one more. */
  #connect(nowMs: number): void {
    const { recorder } = this;
    if (this.attemptId > 0) recorder.count("reconnects");
    recorder.count("connect_attempts");
    this.#state = "joining";
    this.#isScriptFailed = false;
    const attempt = this.#attempts.next();
    const payload = this.#script?.connectPayload();
    if ((payload?.length ?? 0) > this.#context.maxConnectPayloadBytes) return this.#failUnsent(nowMs);
    this.#scheduleNext();
    const session = this.#context.connect(attempt, this.#role, this.number, payload);
    attempt.session = session;
    this.#story.attempted(session.timings, nowMs);
  }

  /** The script made a connect payload that no Connection Request can carry. */
  #failUnsent(nowMs: number): void {
    this.#story.attempted(undefined, nowMs);
    const detail = `the connect payload is over ${this.#context.maxConnectPayloadBytes} bytes`;
    this.onEnd({ reason: "ScriptError", unityReason: "Default", wasConnected: false, detail }, nowMs);
  }

  /** When to come back after this end; undefined: never, or not before the stop. */
  #returnMs(end: SessionEnd, nowMs: number): number | undefined {
    const delayMs = this.#scriptReturnMs ?? this.#policyDelayMs(end.reason);
    this.#scriptReturnMs = undefined;
    if (delayMs === undefined || this.#isLeaving) return undefined;
    return nowMs + delayMs < this.#stopMs ? nowMs + delayMs : undefined;
  }

  #policyDelayMs(reason: Reason): number | undefined {
    const policy = this.#role.scenario.reconnect;
    if (policy === undefined || this.#isLeaving) return undefined;
    this.#comebacks ??= new Comebacks(policy, this.#context.profile.seed, this.number);
    return this.#comebacks.takeDelayMs(reason);
  }

  /** No attempt will follow: what became of the client is settled. */
  #stayAway(isCancelled: boolean): void {
    this.#state = "left";
    this.#context.scheduler.cancel(this);
    if (!this.#story.wasConnected) this.recorder.count(isCancelled ? "clients_cancelled" : "clients_failed");
    if (!this.#attempts.isAnyOpen) this.#finish();
  }

  #finish(): void {
    this.#state = "done";
    this.#context.scheduler.cancel(this);
    this.#context.onDone();
  }

  #scheduleNext(): void {
    if (this.#state !== "playing" && this.#state !== "joining") return;
    const nextMs = this.#script?.nextMs ?? Number.POSITIVE_INFINITY;
    this.#context.scheduler.schedule(this, Math.min(nextMs, this.#stopMs));
  }

  #disconnected(end: SessionEnd, isOurs: boolean, nowMs: number): void {
    this.#context.connected--;
    countDisconnect(this.recorder, end, nowMs - this.#connectedMs);
    this.#script?.end(nowMs, this.#stopMs, isOurs);
  }

  #failed(end: SessionEnd): void {
    countFailedAttempt(this.recorder, end, this.#attempts.session?.timings);
    if (end.reason !== "Cancelled") this.#context.onFailed(end);
  }
}

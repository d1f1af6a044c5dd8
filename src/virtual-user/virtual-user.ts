// One simulated player: starts when the plan says, connects, plays, may come back, leaves in time. It measures, and never waits.
import type { SessionEnd } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
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
import { refusedEnd, type Script, type ScriptHost } from "./script.js";
import { scriptOf } from "./script-of.js";
import type { UserContext } from "./user-context.js";

/** `waiting`: not started. `joining`: attempt under way. `away`: will connect again. `left`: over, a socket may linger. */
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
  readonly #comebacks: Comebacks;
  /** We asked for the end: it is no reason to come back. */
  #isLeaving = false;
  #isScriptFailed = false;
  #isPaused = false;
  #script: Script | undefined;
  readonly #story = new LifeStory();
  #connectedMs = 0;

  constructor(context: UserContext, role: Role, planned: PlannedClient) {
    super(role.recorder);
    this.#context = context;
    this.#role = role;
    this.number = planned.number;
    this.#comebacks = new Comebacks(role.scenario.reconnect, context.profile.seed, planned.number);
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
    const { sent = 0, answered = 0 } = this.#script?.outlet ?? {};
    return this.#story.outcome(this.number, this.#context.originMs, sent, answered);
  }

  fire(nowMs: number): void {
    // What falls due in a pause waits for its end, but for the stop.
    if (this.#isPaused && nowMs < this.#stopMs) return this.#context.scheduler.schedule(this, this.#stopMs);
    const isTooLate = this.#isPaused || this.#plannedMs >= this.#stopMs;
    if (this.#state === "waiting") return isTooLate ? this.#finish() : this.#start(nowMs);
    if (nowMs >= this.#stopMs) return this.leave(this.#stopMs, nowMs);
    if (this.#state === "away") return this.#connect(nowMs);
    this.#script?.run(nowMs, this.#stopMs);
    this.#scheduleNext();
  }

  /** From now on it starts and sends nothing; what is open stays open. */
  pause(nowMs: number): void {
    this.#isPaused = true;
    this.#script?.pause(nowMs, this.#stopMs);
    this.#scheduleNext();
  }

  /** What was held back comes `pausedMs` later than it would have, the stop when it was planned. */
  resume(pausedMs: number, nowMs: number): void {
    this.#isPaused = false;
    this.#script?.resume(pausedMs, nowMs);
    if (this.#state === "waiting" || this.#state === "away") this.#plannedMs += pausedMs;
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
    this.#story.ended(end, nowMs);
    if (end.wasConnected) {
      this.#context.connected--;
      countDisconnect(this.recorder, end, nowMs - this.#connectedMs);
      this.#script?.end(end.reason, isOurs, nowMs, this.#stopMs);
    } else {
      countFailedAttempt(this.recorder, end, this.#attempts.session?.timings);
      if (end.reason !== "Cancelled") this.#context.onFailed(end);
    }
    const returnMs = this.#returnMs(end, nowMs);
    if (returnMs === undefined) return this.#stayAway(end.reason === "Cancelled");
    this.#state = "away";
    this.#plannedMs = returnMs;
    this.#scheduleNext();
  }

  onScriptDisconnect(): void {
    this.#isLeaving = true;
    this.#endNow("Cancelled");
  }

  onScriptReconnect(afterMs: number): void {
    this.#comebacks.ask(afterMs);
    this.#attempts.session?.close();
  }

  onScriptFailed(isOver: boolean): void {
    this.#isScriptFailed = true;
    if (isOver) this.#isLeaving = true;
    this.#endNow("ScriptError");
  }

  onScriptTimer(): void {
    this.#scheduleNext();
  }

  onSocketGone(): void {
    if (this.#state === "left" && !this.#attempts.isAnyOpen) this.#finish();
  }

  /** The script wants no more of it, wherever it is. */
  #endNow(reasonWhileJoining: "Cancelled" | "ScriptError"): void {
    if (this.#state === "away") this.#stayAway(false);
    else if (this.#state === "joining") this.#attempts.session?.destroy(reasonWhileJoining);
    else if (this.#state === "playing") this.#attempts.session?.close();
  }

  #start(nowMs: number): void {
    this.#script = scriptOf(this.#context, this.#role, this.number, this);
    if (!this.#script.isFed) {
      this.recorder.count("clients_without_row");
      return this.#finish();
    }
    this.recorder.count("clients_started");
    this.#connect(nowMs);
  }

  #connect(nowMs: number): void {
    if (this.attemptId > 0) this.recorder.count("reconnects");
    this.recorder.count("connect_attempts");
    this.#state = "joining";
    this.#isScriptFailed = false;
    const attempt = this.#attempts.next();
    const request = this.#script!.connectRequest(this.#context.maxConnectPayloadBytes);
    if ("refusal" in request) {
      this.#story.attempted(undefined, nowMs);
      return this.onEnd(refusedEnd(request.refusal), nowMs);
    }
    this.#scheduleNext();
    const session = this.#context.connect(attempt, this.#role, this.number, request.payload);
    attempt.session = session;
    this.#story.attempted(session.timings, nowMs);
  }

  /** When to come back after this end; undefined: never, or not before the stop. */
  #returnMs(end: SessionEnd, nowMs: number): number | undefined {
    const delayMs = this.#comebacks.takeDelayMs(end.reason);
    if (delayMs === undefined || this.#isLeaving) return undefined;
    return nowMs + delayMs < this.#stopMs ? nowMs + delayMs : undefined;
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
    if (this.#state === "left" || this.#state === "done") return;
    const isBefore = this.#state === "waiting" || this.#state === "away";
    const nextMs = isBefore ? this.#plannedMs : (this.#script?.nextMs ?? Number.POSITIVE_INFINITY);
    this.#context.scheduler.schedule(this, Math.min(nextMs, this.#stopMs));
  }
}

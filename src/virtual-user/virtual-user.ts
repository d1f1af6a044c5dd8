// One simulated player: starts when the plan says, connects, plays, comes back where its scenario says so, leaves in time. It measures,
// and never waits.
import type { SessionEnd, SessionTimings } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { ProtocolDrop } from "../protocol/connection-effects.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { TimerEntry } from "../time/clock.js";
import type { PlannedClient } from "../workload/plan.js";
import { Attempt, type AttemptOwner } from "./attempt.js";
import { Comebacks } from "./comebacks.js";
import { recordPhases } from "./connect-phases.js";
import { countDisconnect, countFailedAttempt } from "./connection-books.js";
import type { Role } from "./role.js";
import type { UserContext } from "./user-context.js";
import { UserTraffic } from "./user-traffic.js";

/**
 * `waiting`: not started. `joining`: attempt under way. `playing`: connected. `away`: will connect again. `left`: over, a socket may
 * linger. `done`: nothing left.
 */
export type UserState = "waiting" | "joining" | "playing" | "away" | "left" | "done";

const NOBODY: readonly Attempt[] = [];

export class VirtualUser implements AttemptOwner, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly number: number;
  /** Counts from 1; 0: no attempt yet. */
  attemptId = 0;
  readonly #context: UserContext;
  readonly #role: Role;
  /** For when the attempt under way, or the next one, was planned. */
  #plannedMs: number;
  #stopMs: number;
  #state: UserState = "waiting";
  #attempt: Attempt | undefined;
  /** Earlier attempts whose sockets may still close. */
  #lingering: readonly Attempt[] = NOBODY;
  #openSockets = 0;
  #comebacks: Comebacks | undefined;
  /** We asked for the end: it is no reason to come back. */
  #isLeaving = false;
  #wasConnected = false;
  #traffic: UserTraffic | undefined;
  #sent = 0;
  #answered = 0;
  /** Of the first attempt, then of the first that was accepted; kept for the outcome. */
  #timings: SessionTimings | undefined;
  #startedMs = 0;
  #endedMs: number | undefined;
  #endReason: Reason | undefined;
  #connectedMs = 0;
  #batch = -1;
  #batchMs = 0;

  /** Times of the plan become times of the context's clock here. */
  constructor(context: UserContext, role: Role, planned: PlannedClient) {
    this.#context = context;
    this.#role = role;
    this.number = planned.number;
    this.#plannedMs = context.originMs + planned.startMs;
    this.#stopMs = context.originMs + planned.stopMs;
    context.scheduler.schedule(this, this.#plannedMs);
  }

  get state(): UserState {
    return this.#state;
  }

  /** What became of it; undefined: it was never started. */
  get outcome(): ClientOutcome | undefined {
    const timings = this.#timings;
    if (timings === undefined) return undefined;
    const sinceOrigin = (atMs: number | undefined): number | undefined =>
      atMs === undefined ? undefined : atMs - this.#context.originMs;
    return {
      number: this.number,
      startedMs: this.#startedMs - this.#context.originMs,
      upgradeMs: sinceOrigin(timings.openMs),
      acceptMs: sinceOrigin(timings.acceptMs),
      endedMs: sinceOrigin(this.#endedMs),
      endReason: this.#endReason,
      sent: this.#sent + (this.#traffic?.sent ?? 0),
      answered: this.#answered + (this.#traffic?.answered ?? 0),
    };
  }

  fire(nowMs: number): void {
    if (this.#state === "waiting") return this.#connect();
    if (nowMs >= this.#stopMs) return this.leave(this.#stopMs, nowMs);
    if (this.#state === "away") return this.#connect();
    const session = this.#attempt?.session;
    if (session && this.#state === "playing") this.#traffic?.sendDue(session, nowMs, this.#stopMs);
    this.#scheduleNext();
  }

  /** Leaves now, in good order: whatever was intended before `stopMs` is sent first. Not started: never will. */
  leave(stopMs: number, nowMs: number): void {
    this.#stopMs = Math.min(this.#stopMs, stopMs);
    this.#isLeaving = true;
    const session = this.#attempt?.session;
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "away") return this.#stayAway(false);
    if (this.#state === "joining") return session?.destroy("Cancelled");
    if (this.#state !== "playing" || session === undefined) return;
    this.#traffic?.sendDue(session, nowMs, this.#stopMs);
    session.close();
  }

  /** The hard end. A connection that is still up counts as alive at the end. */
  cut(): void {
    this.#isLeaving = true;
    if (this.#state === "joining") this.#attempt?.session?.destroy("Cancelled");
    if (this.#state === "away") this.#stayAway(false);
    if (this.#state === "playing") {
      this.#role.recorder.count("clients_alive_at_end");
      this.#context.connected--;
    }
    if (this.#state === "done") return;
    const attempts = [...this.#lingering, this.#attempt];
    this.#finish();
    for (const attempt of attempts) attempt?.session?.destroy("ClosedByClient");
  }

  onConnected(_acceptPayload: Uint8Array | undefined, nowMs: number): void {
    const { profile } = this.#context;
    const { recorder } = this.#role;
    const timings = this.#attempt?.session?.timings;
    this.#state = "playing";
    this.#connectedMs = nowMs;
    this.#batch = -1;
    this.#context.noteConnected();
    if (!this.#wasConnected) {
      this.#wasConnected = true;
      this.#timings = timings;
      recorder.count("clients_connected_ever");
    }
    recorder.count("connect_established");
    recordPhases(recorder, timings);
    recorder.trend("connect_total", nowMs - this.#plannedMs);
    if (profile.ratePerSecond > 0) this.#traffic = new UserTraffic(this.#context, this.#role, this.number, nowMs);
    this.#scheduleNext();
  }

  onMessage(_pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void {
    if (this.#state !== "playing") return;
    const { recorder } = this.#role;
    recorder.hot.messages_received++;
    recorder.hot.bytes_received += payload.length;
    if (batch !== this.#batch) {
      if (this.#batch >= 0) recorder.trend("server_interval", nowMs - this.#batchMs);
      this.#batch = batch;
      this.#batchMs = nowMs;
    }
    this.#traffic?.receive(payload, nowMs);
  }

  onRoundTrip(_pipelineId: number, rttMs: number): void {
    this.#role.recorder.trend("pipeline_rtt", rttMs);
  }

  onSendRefused(_pipelineId: number, payloadBytes: number, wasTaken: boolean): void {
    this.#role.recorder.count("dropped_sends{why:windowFull}");
    if (wasTaken) this.#traffic?.takeBack(payloadBytes);
  }

  onPong(rttMs: number): void {
    this.#role.recorder.trend("ping", rttMs);
  }

  onDrop(why: ProtocolDrop): void {
    this.#role.recorder.count("protocol_drops");
    this.#role.recorder.count(`protocol_drops{why:${why}}`);
  }

  onStale(): void {
    this.onDrop("staleAttempt");
  }

  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void {
    this.#role.recorder.count(`give_ups_${kind}{reason:${reason}}`);
  }

  onEnd(end: SessionEnd, nowMs: number): void {
    if (this.#state === "done") return;
    this.#endedMs = nowMs;
    this.#endReason = end.reason;
    if (end.wasConnected) this.#disconnected(end, nowMs);
    else this.#failed(end);
    const returnMs = this.#returnMs(end, nowMs);
    if (returnMs === undefined) return this.#stayAway(end.reason === "Cancelled");
    this.#state = "away";
    this.#plannedMs = returnMs;
    this.#context.scheduler.schedule(this, returnMs);
  }

  onSocketGone(): void {
    this.#openSockets--;
    if (this.#state === "left" && this.#openSockets === 0) this.#finish();
  }

  /** The first attempt, or one more. */
  #connect(): void {
    const { recorder } = this.#role;
    recorder.count(this.attemptId === 0 ? "clients_started" : "reconnects");
    recorder.count("connect_attempts");
    this.#state = "joining";
    const previous = this.#attempt;
    if (previous !== undefined) this.#lingering = [...this.#lingering, previous].filter(isOpen);
    const attempt = new Attempt(this, ++this.attemptId);
    this.#attempt = attempt;
    this.#openSockets++;
    this.#scheduleNext();
    const session = this.#context.connect(attempt, this.#role, this.number);
    attempt.session = session;
    if (this.#timings !== undefined) return;
    this.#timings = session.timings;
    this.#startedMs = session.timings.startMs;
  }

  /** When to come back after this end; undefined: never, or not before the stop. */
  #returnMs(end: SessionEnd, nowMs: number): number | undefined {
    const policy = this.#role.scenario.reconnect;
    if (policy === undefined || this.#isLeaving) return undefined;
    this.#comebacks ??= new Comebacks(policy, this.#context.profile.seed, this.number);
    const delayMs = this.#comebacks.takeDelayMs(end.reason);
    return delayMs !== undefined && nowMs + delayMs < this.#stopMs ? nowMs + delayMs : undefined;
  }

  /** No attempt will follow: what became of the client is settled. */
  #stayAway(isCancelled: boolean): void {
    this.#state = "left";
    this.#context.scheduler.cancel(this);
    if (!this.#wasConnected) this.#role.recorder.count(isCancelled ? "clients_cancelled" : "clients_failed");
    if (this.#openSockets === 0) this.#finish();
  }

  #finish(): void {
    this.#state = "done";
    this.#context.scheduler.cancel(this);
    this.#context.onDone();
  }

  #scheduleNext(): void {
    const nextSendMs = this.#traffic?.nextMs ?? Number.POSITIVE_INFINITY;
    this.#context.scheduler.schedule(this, Math.min(nextSendMs, this.#stopMs));
  }

  #disconnected(end: SessionEnd, nowMs: number): void {
    this.#context.connected--;
    countDisconnect(this.#role.recorder, end, nowMs - this.#connectedMs);
    const traffic = this.#traffic;
    if (traffic === undefined) return;
    traffic.dropDue(nowMs, this.#stopMs);
    this.#sent += traffic.sent;
    this.#answered += traffic.answered;
    this.#traffic = undefined;
  }

  #failed(end: SessionEnd): void {
    countFailedAttempt(this.#role.recorder, end, this.#attempt?.session?.timings);
    if (end.reason !== "Cancelled") this.#context.onFailed(end);
  }
}

function isOpen(attempt: Attempt): boolean {
  return attempt.session !== undefined;
}

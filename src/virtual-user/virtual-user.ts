// One simulated player: starts when the plan says, connects, plays, leaves in time. It measures, and never waits.
import type { SessionEnd, SessionListener, SessionTimings } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { ProtocolDrop } from "../protocol/connection-effects.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { TimerEntry } from "../time/clock.js";
import type { PlannedClient } from "../workload/plan.js";
import { recordPhases } from "./connect-phases.js";
import type { UserContext } from "./user-context.js";
import { UserTraffic } from "./user-traffic.js";

/** What the player needs of a session; `ClientSession` is one. */
export interface Session {
  readonly timings: SessionTimings;
  readonly bufferedBytes: number;
  /** False: it was not taken, the connection is not established. */
  send(pipelineId: number, payload: Uint8Array): boolean;
  /** Leaves with a Disconnect; ends with `ClosedByClient`. */
  close(): void;
  /** Ends now, with this reason if it had not ended; the socket is dropped. */
  destroy(reason: Reason): void;
}

/** `waiting`: not started. `joining`: attempt under way. `playing`: connected. `left`: ended, the socket may linger. `done`: nothing left. */
export type UserState = "waiting" | "joining" | "playing" | "left" | "done";

export class VirtualUser implements SessionListener, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly number: number;
  readonly #context: UserContext;
  readonly #startMs: number;
  #stopMs: number;
  #state: UserState = "waiting";
  #session: Session | undefined;
  #traffic: UserTraffic | undefined;
  /** Kept for the outcome when the session is gone. */
  #timings: SessionTimings | undefined;
  #endedMs: number | undefined;
  #endReason: Reason | undefined;
  #connectedMs = 0;
  #batch = -1;
  #batchMs = 0;

  /** Times of the plan become times of the context's clock here. */
  constructor(context: UserContext, planned: PlannedClient) {
    this.#context = context;
    this.number = planned.number;
    this.#startMs = context.originMs + planned.startMs;
    this.#stopMs = context.originMs + planned.stopMs;
    context.scheduler.schedule(this, this.#startMs);
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
      startedMs: timings.startMs - this.#context.originMs,
      upgradeMs: sinceOrigin(timings.openMs),
      acceptMs: sinceOrigin(timings.acceptMs),
      endedMs: sinceOrigin(this.#endedMs),
      endReason: this.#endReason,
      sent: this.#traffic?.sent ?? 0,
      answered: this.#traffic?.answered ?? 0,
    };
  }

  fire(nowMs: number): void {
    if (this.#state === "waiting") return this.#start();
    if (nowMs >= this.#stopMs) return this.leave(this.#stopMs, nowMs);
    if (this.#session && this.#state === "playing") this.#traffic?.sendDue(this.#session, nowMs, this.#stopMs);
    this.#scheduleNext();
  }

  /** Leaves now, in good order: whatever was intended before `stopMs` is sent first. Not started: never will. */
  leave(stopMs: number, nowMs: number): void {
    this.#stopMs = Math.min(this.#stopMs, stopMs);
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "joining") return this.#session?.destroy("Cancelled");
    if (this.#state !== "playing" || this.#session === undefined) return;
    this.#traffic?.sendDue(this.#session, nowMs, this.#stopMs);
    this.#session.close();
  }

  /** The hard end. A connection that is still up counts as alive at the end. */
  cut(): void {
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "joining") this.#session?.destroy("Cancelled");
    if (this.#state === "playing") {
      this.#context.recorder.count("clients_alive_at_end");
      this.#context.connected--;
    }
    const session = this.#session;
    if (this.#state === ("done" as UserState)) return;
    this.#finish();
    session?.destroy("ClosedByClient");
  }

  onConnected(_acceptPayload: Uint8Array | undefined, nowMs: number): void {
    const { profile, recorder } = this.#context;
    this.#state = "playing";
    this.#connectedMs = nowMs;
    this.#context.noteConnected();
    recorder.count("clients_connected_ever");
    recorder.count("connect_established");
    recordPhases(recorder, this.#timings);
    recorder.trend("connect_total", nowMs - this.#startMs);
    if (profile.ratePerSecond > 0) this.#traffic = new UserTraffic(this.#context, this.number, nowMs);
    this.#scheduleNext();
  }

  onMessage(_pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void {
    if (this.#state !== "playing") return;
    const { recorder } = this.#context;
    recorder.hot.messages_received++;
    recorder.hot.bytes_received += payload.length;
    if (batch !== this.#batch) {
      if (this.#batch >= 0) recorder.trend("server_interval", nowMs - this.#batchMs);
      this.#batch = batch;
      this.#batchMs = nowMs;
    }
    this.#traffic?.receive(payload, nowMs);
  }

  onPong(rttMs: number): void {
    this.#context.recorder.trend("ping", rttMs);
  }

  onDrop(why: ProtocolDrop): void {
    this.#context.recorder.count("protocol_drops");
    this.#context.recorder.count(`protocol_drops{why:${why}}`);
  }

  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void {
    this.#context.recorder.count(`give_ups_${kind}{reason:${reason}}`);
  }

  onEnd(end: SessionEnd, nowMs: number): void {
    if (this.#state === "done") return;
    this.#endedMs = nowMs;
    this.#endReason = end.reason;
    if (end.wasConnected) this.#disconnected(end, nowMs);
    else this.#failed(end);
    this.#state = "left";
    this.#context.scheduler.cancel(this);
  }

  onReleased(): void {
    if (this.#state !== "done") this.#finish();
  }

  #start(): void {
    const { recorder } = this.#context;
    this.#state = "joining";
    recorder.count("clients_started");
    recorder.count("connect_attempts");
    this.#scheduleNext();
    this.#session = this.#context.connect(this, this.number);
    this.#timings = this.#session.timings;
  }

  #finish(): void {
    this.#state = "done";
    this.#context.scheduler.cancel(this);
    this.#session = undefined;
    this.#context.onDone();
  }

  #scheduleNext(): void {
    const nextSendMs = this.#traffic?.nextMs ?? Number.POSITIVE_INFINITY;
    this.#context.scheduler.schedule(this, Math.min(nextSendMs, this.#stopMs));
  }

  #disconnected(end: SessionEnd, nowMs: number): void {
    const { recorder } = this.#context;
    this.#traffic?.dropDue(nowMs, this.#stopMs);
    recorder.count("disconnects");
    recorder.count(`disconnects{reason:${end.reason}}`);
    recorder.count(`disconnects_unity{reason:${end.unityReason}}`);
    recorder.trend("session_duration", nowMs - this.#connectedMs);
    this.#context.connected--;
  }

  #failed(end: SessionEnd): void {
    const { recorder } = this.#context;
    recordPhases(recorder, this.#timings);
    if (end.reason === "Cancelled") return recorder.count("clients_cancelled");
    recorder.count("clients_failed");
    recorder.count("connect_failed_attempts");
    recorder.count(`connect_failures{reason:${end.reason}}`);
    this.#context.onFailed(end);
  }
}

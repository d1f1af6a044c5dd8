// One simulated player: starts when the plan says, connects, sends on its schedule, leaves in time. It measures, and never waits.
import type { SessionEnd, SessionListener, SessionTimings } from "../client/session-types.js";
import type { ProtocolDrop } from "../protocol/connection.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { TimerEntry } from "../time/clock.js";
import { MarkedPayload } from "../workload/marked-payload.js";
import { SendSchedule } from "../workload/pacer.js";
import type { PlannedClient } from "../workload/plan.js";
import { recordPhases } from "./connect-phases.js";
import { SentTimes } from "./sent-times.js";
import type { UserContext } from "./user-context.js";

/** Sends that are later than this are dropped and counted, oldest first. */
const MAX_SEND_LAG_MS = 1000;
/** A client whose server does not read queues this much, then its sends are dropped and counted. */
const MAX_BUFFERED_BYTES = 256 * 1024;

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
  #schedule: SendSchedule | undefined;
  #payload: MarkedPayload | undefined;
  #sentTimes: SentTimes | undefined;
  #sequence = 0;
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

  fire(nowMs: number): void {
    if (this.#state === "waiting") return this.#start();
    if (this.#state === "playing") this.#sendDue(nowMs);
    if (nowMs >= this.#stopMs) return this.leave(nowMs);
    this.#scheduleNext();
  }

  /** Leaves now, in good order: whatever was due before `nowMs` is sent first. Not started: never will. */
  leave(nowMs: number): void {
    this.#stopMs = Math.min(this.#stopMs, nowMs);
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "joining") return this.#session?.destroy("Cancelled");
    if (this.#state !== "playing") return;
    this.#sendDue(nowMs);
    // Sending may have shown that the connection is over.
    if (this.#state === ("playing" as UserState)) this.#session?.close();
  }

  /** The hard end. A connection that is still up counts as alive at the end. */
  cut(): void {
    const { recorder } = this.#context;
    if (this.#state === "waiting") return this.#finish();
    if (this.#state === "joining") return this.#session?.destroy("Cancelled");
    if (this.#state === "playing") {
      recorder.count("clients_alive_at_end");
      this.#context.connected--;
    }
    const session = this.#session;
    this.#finish();
    session?.destroy("ClosedByClient");
  }

  onConnected(_acceptPayload: Uint8Array | undefined, nowMs: number): void {
    const { profile, recorder, plannedClients, originMs } = this.#context;
    this.#state = "playing";
    this.#connectedMs = nowMs;
    this.#context.noteConnected();
    recorder.count("clients_connected_ever");
    recorder.count("connect_established");
    recordPhases(recorder, this.#session?.timings);
    recorder.trend("connect_total", nowMs - this.#startMs);
    if (profile.ratePerSecond > 0) {
      const share = this.number / plannedClients;
      this.#schedule = new SendSchedule(profile.ratePerSecond, share, nowMs, originMs);
      this.#payload = new MarkedPayload(profile.seed, this.number, profile.payloadBytes);
      if (this.#payload.isMarked) this.#sentTimes = new SentTimes(profile.ratePerSecond);
    }
    this.#scheduleNext();
  }

  onMessage(_pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void {
    if (this.#state !== "playing") return;
    const { hot } = this.#context.recorder;
    hot.messages_received++;
    hot.bytes_received += payload.length;
    if (batch !== this.#batch) {
      if (this.#batch >= 0) this.#context.recorder.trend("server_interval", nowMs - this.#batchMs);
      this.#batch = batch;
      this.#batchMs = nowMs;
    }
    const sequence = this.#payload?.sequenceOf(payload) ?? -1;
    if (sequence >= 0) this.#answered(sequence, nowMs);
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
    // The stop is scheduled first: the session may end before `connect` returns.
    this.#scheduleNext();
    this.#session = this.#context.connect(this, this.number);
  }

  #finish(): void {
    this.#state = "done";
    this.#context.scheduler.cancel(this);
    this.#session = undefined;
    this.#schedule = undefined;
    this.#sentTimes = undefined;
    this.#context.onDone();
  }

  #scheduleNext(): void {
    const nextSendMs = this.#schedule?.intendedMs(this.#sequence) ?? Number.POSITIVE_INFINITY;
    this.#context.scheduler.schedule(this, Math.min(nextSendMs, this.#stopMs));
  }

  #sendDue(nowMs: number): void {
    const schedule = this.#schedule;
    if (schedule === undefined) return;
    while (this.#state === "playing") {
      const intendedMs = schedule.intendedMs(this.#sequence);
      if (intendedMs > nowMs || intendedMs >= this.#stopMs) return;
      this.#send(intendedMs, nowMs);
    }
  }

  #send(intendedMs: number, nowMs: number): void {
    const { recorder, profile } = this.#context;
    const sequence = this.#sequence++;
    recorder.hot.messages_planned++;
    const session = this.#session!;
    const isLate = nowMs - intendedMs > MAX_SEND_LAG_MS;
    const isStuck = session.bufferedBytes > MAX_BUFFERED_BYTES;
    if (isLate || isStuck || !session.send(profile.pipelineId, this.#payload!.write(sequence))) {
      recorder.hot.dropped_sends++;
      if (isStuck) recorder.count("dropped_sends{why:serverNotReading}");
      return;
    }
    recorder.hot.messages_sent++;
    recorder.hot.bytes_sent += profile.payloadBytes;
    recorder.trend("send_lag", nowMs - intendedMs);
    this.#sentTimes?.note(sequence, nowMs);
  }

  #answered(sequence: number, nowMs: number): void {
    const sentMs = this.#sentTimes?.take(sequence);
    if (sentMs === undefined) return;
    const { recorder } = this.#context;
    recorder.hot.messages_answered++;
    recorder.trend("rtt", nowMs - this.#schedule!.intendedMs(sequence));
    if (sentMs !== null) recorder.trend("rtt_uncorrected", nowMs - sentMs);
  }

  #disconnected(end: SessionEnd, nowMs: number): void {
    const { recorder } = this.#context;
    // What fell due before the end and could not leave any more is dropped, not forgotten.
    this.#dropDue(nowMs);
    recorder.count("disconnects");
    recorder.count(`disconnects{reason:${end.reason}}`);
    recorder.count(`disconnects_unity{reason:${end.unityReason}}`);
    recorder.trend("session_duration", nowMs - this.#connectedMs);
    this.#context.connected--;
  }

  #dropDue(nowMs: number): void {
    const schedule = this.#schedule;
    if (schedule === undefined) return;
    const { hot } = this.#context.recorder;
    while (schedule.intendedMs(this.#sequence) < Math.min(nowMs, this.#stopMs)) {
      this.#sequence++;
      hot.messages_planned++;
      hot.dropped_sends++;
    }
  }

  #failed(end: SessionEnd): void {
    const { recorder } = this.#context;
    recordPhases(recorder, this.#session?.timings);
    if (end.reason === "Cancelled") return recorder.count("clients_cancelled");
    recorder.count("clients_failed");
    recorder.count("connect_failed_attempts");
    recorder.count(`connect_failures{reason:${end.reason}}`);
    this.#context.onFailed(end);
  }
}

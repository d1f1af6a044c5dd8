// What one connected player sends and gets back: its schedule, its payloads, its unanswered sends. Opens and closes nothing.
import { MarkedPayload } from "../workload/marked-payload.js";
import { SendSchedule } from "../workload/pacer.js";
import type { Session } from "./attempt.js";
import type { Role } from "./role.js";
import { SentTimes } from "./sent-times.js";
import type { UserContext } from "./user-context.js";

/** Sends that are later than this are dropped and counted, oldest first. */
const MAX_SEND_LAG_MS = 1000;
/** A client whose server does not read queues this much, then its sends are dropped and counted. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export class UserTraffic {
  readonly #context: UserContext;
  readonly #role: Role;
  readonly #schedule: SendSchedule;
  readonly #payload: MarkedPayload;
  readonly #sentTimes: SentTimes | undefined;
  #sequence = 0;
  sent = 0;
  answered = 0;

  /** @param fromMs When the connection was up, on the scheduler's clock. The profile's rate must be > 0. */
  constructor(context: UserContext, role: Role, number: number, fromMs: number) {
    const { profile, plannedClients, originMs } = context;
    this.#context = context;
    this.#role = role;
    this.#schedule = new SendSchedule(profile.ratePerSecond, number / plannedClients, fromMs, originMs);
    this.#payload = new MarkedPayload(profile.seed, number, profile.payloadBytes);
    this.#sentTimes = this.#payload.isMarked ? new SentTimes(profile.ratePerSecond) : undefined;
  }

  /** When the next message is intended to leave. */
  get nextMs(): number {
    return this.#schedule.intendedMs(this.#sequence);
  }

  /** Sends everything that is due at `nowMs` and was intended before `stopMs`; what cannot leave is dropped and counted. */
  sendDue(session: Session, nowMs: number, stopMs: number): void {
    for (let intendedMs = this.nextMs; intendedMs <= nowMs && intendedMs < stopMs; intendedMs = this.nextMs) {
      this.#send(session, intendedMs, nowMs);
    }
  }

  /** The connection is over: what fell due before and did not leave is dropped, not forgotten. */
  dropDue(nowMs: number, stopMs: number): void {
    const { hot } = this.#role.recorder;
    for (; this.nextMs < Math.min(nowMs, stopMs); this.#sequence++) {
      hot.messages_planned++;
      hot.dropped_sends++;
    }
  }

  /** A message arrived: an answer is measured from its intended time, and from the actual one beside it. */
  receive(payload: Uint8Array, nowMs: number): void {
    const sequence = this.#payload.sequenceOf(payload);
    const sentMs = sequence >= 0 ? this.#sentTimes?.take(sequence) : undefined;
    if (sentMs === undefined) return;
    const { recorder } = this.#role;
    this.answered++;
    recorder.hot.messages_answered++;
    recorder.trend("rtt", nowMs - this.#schedule.intendedMs(sequence));
    if (sentMs !== null) recorder.trend("rtt_uncorrected", nowMs - sentMs);
  }

  /** A message that was counted as sent has not left: there was no room in its pipeline's window. */
  takeBack(payloadBytes: number): void {
    const { hot } = this.#role.recorder;
    this.sent--;
    hot.messages_sent--;
    hot.bytes_sent -= payloadBytes;
    hot.dropped_sends++;
  }

  #send(session: Session, intendedMs: number, nowMs: number): void {
    const { recorder } = this.#role;
    const { profile } = this.#context;
    const sequence = this.#sequence++;
    recorder.hot.messages_planned++;
    const isLate = nowMs - intendedMs > MAX_SEND_LAG_MS;
    const isStuck = session.bufferedBytes > MAX_BUFFERED_BYTES;
    if (isLate || isStuck || !session.send(profile.pipelineId, this.#payload.write(sequence))) {
      recorder.hot.dropped_sends++;
      if (isStuck) recorder.count("dropped_sends{why:serverNotReading}");
      return;
    }
    this.sent++;
    recorder.hot.messages_sent++;
    recorder.hot.bytes_sent += profile.payloadBytes;
    recorder.trend("send_lag", nowMs - intendedMs);
    this.#sentTimes?.note(sequence, nowMs);
  }
}

// One schedule of sends over one connection: what it sends when, whoever answers or not. Opens and closes nothing.
import type { SendSchedule } from "../workload/pacer.js";
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import type { MessagePlan, MessageStream } from "./message-stream.js";

/** An `every` step, compiled. */
export interface TrackPlan {
  readonly intervalMs: number;
  readonly pipelineId: number;
  readonly message: MessagePlan;
}

export class SendTrack {
  readonly plan: TrackPlan;
  readonly #schedule: SendSchedule;
  readonly #outlet: MessageOutlet;
  readonly #stream: MessageStream;
  #sequence = 0;
  /** When the next message is intended to leave. */
  nextMs: number;

  constructor(plan: TrackPlan, schedule: SendSchedule, outlet: MessageOutlet, stream: MessageStream) {
    this.plan = plan;
    this.#schedule = schedule;
    this.#outlet = outlet;
    this.#stream = stream;
    this.nextMs = schedule.intendedMs(0);
  }

  /** Sends the next message, which is due; what cannot leave is dropped and counted. */
  sendNext(session: Session, nowMs: number): void {
    const intendedMs = this.nextMs;
    const sequence = this.#sequence;
    this.#goOn();
    if (!this.#outlet.admitScheduled(session, intendedMs, nowMs)) return;
    const payload = this.#stream.write(sequence);
    const isSent = this.#outlet.send(session, this.plan.pipelineId, payload, intendedMs, nowMs);
    if (isSent) this.#stream.note(sequence, nowMs);
  }

  /** The connection is over: what fell due before `untilMs` and did not leave is dropped, not forgotten. */
  dropDue(untilMs: number): void {
    for (; this.nextMs < untilMs; this.#goOn()) this.#outlet.dropPlanned();
  }

  /** Goes on with the first message that is intended for `fromMs` or later. */
  skipTo(fromMs: number): void {
    while (this.nextMs < fromMs) this.#goOn();
  }

  /** Whether the message is the echo of one of this track's; then it is measured. */
  takeEcho(message: Uint8Array, nowMs: number): boolean {
    const sequence = this.#stream.sequenceOf(message);
    const sentMs = sequence >= 0 ? this.#stream.take(sequence) : undefined;
    if (sentMs === undefined) return false;
    this.#outlet.countAnswer();
    this.#outlet.measure(this.#schedule.intendedMs(sequence), sentMs, nowMs);
    return true;
  }

  #goOn(): void {
    this.nextMs = this.#schedule.intendedMs(++this.#sequence);
  }
}

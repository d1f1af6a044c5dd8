// The messages of one `send` step over one connection: sent when the script comes by, their echoes measured. Has no schedule.
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import type { MessagePlan, MessageStream } from "./message-stream.js";
import { SentTimes } from "./sent-times.js";

/** A `send` step, compiled. */
export interface SendPlan {
  readonly pipelineId: number;
  readonly message: MessagePlan;
}

export class SingleSends {
  readonly plan: SendPlan;
  readonly #outlet: MessageOutlet;
  readonly #stream: MessageStream;
  /** Only of marked messages: without a schedule, what was intended must be kept. */
  readonly #intendedTimes: SentTimes | undefined;
  #sequence = 0;

  constructor(plan: SendPlan, outlet: MessageOutlet, stream: MessageStream) {
    this.plan = plan;
    this.#outlet = outlet;
    this.#stream = stream;
    this.#intendedTimes = plan.message.kind === "marked" ? new SentTimes(0) : undefined;
  }

  /** False: it could not leave, which is counted. */
  send(session: Session, intendedMs: number, nowMs: number): boolean {
    if (!this.#outlet.admit(session)) return false;
    const sequence = this.#sequence++;
    const payload = this.#stream.write(sequence);
    if (!this.#outlet.send(session, this.plan.pipelineId, payload, intendedMs, nowMs)) return false;
    this.#stream.note(sequence, nowMs);
    this.#intendedTimes?.note(sequence, intendedMs);
    return true;
  }

  /** Whether the message is the echo of one of these; then it is measured, if it is not too old for it. */
  takeEcho(message: Uint8Array, nowMs: number): boolean {
    const sequence = this.#stream.sequenceOf(message);
    const sentMs = sequence >= 0 ? this.#stream.take(sequence) : undefined;
    if (sentMs === undefined) return false;
    this.#outlet.countAnswer();
    const intendedMs = this.#intendedTimes?.take(sequence);
    if (typeof intendedMs === "number") this.#outlet.measure(intendedMs, sentMs, nowMs);
    return true;
  }

  /** The last message was answered, though not by its echo; false: it was answered before. */
  takeLast(): boolean {
    return this.#stream.take(this.#sequence - 1) !== undefined;
  }
}

// Where one player's messages leave, and where it is counted what became of them. It decides what cannot leave; not what is sent, or when.
import type { Recorder } from "../metrics/recorder.js";
import type { Session } from "./attempt.js";

/** What a schedule wanted is dropped and counted when it is later than this, oldest first. */
export const MAX_SEND_LAG_MS = 1000;
/** A client whose server does not read queues this much, then its sends are dropped and counted. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export class MessageOutlet {
  /** Messages of all connections of the player that left, and those that were answered. */
  sent = 0;
  answered = 0;
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** A message of a schedule was planned for `intendedMs`; false: it is too late for it, or the server does not read. */
  admitScheduled(session: Session, intendedMs: number, nowMs: number): boolean {
    if (nowMs - intendedMs <= MAX_SEND_LAG_MS) return this.admit(session);
    this.dropPlanned();
    return false;
  }

  /** A message of a script was planned; false: the server does not read. A script waits for its own sends, so none is ever too late. */
  admit(session: Session): boolean {
    const { hot } = this.#recorder;
    hot.messages_planned++;
    if (session.bufferedBytes <= MAX_BUFFERED_BYTES) return true;
    hot.dropped_sends++;
    this.#recorder.count("dropped_sends{why:serverNotReading}");
    return false;
  }

  /** A call of a bot's schedule came too late, or never: it counts as the one message that it might have sent. */
  dropTick(): void {
    this.dropPlanned();
    this.#recorder.count("dropped_sends{why:lateTick}");
  }

  /** A message was planned that never left. */
  dropPlanned(): void {
    const { hot } = this.#recorder;
    hot.messages_planned++;
    hot.dropped_sends++;
  }

  /** Sends what was admitted; false: it did not leave. */
  send(session: Session, pipelineId: number, payload: Uint8Array, intendedMs: number, nowMs: number): boolean {
    const { hot } = this.#recorder;
    const isTooLarge = payload.length > (session.maxMessageBytes(pipelineId) ?? Number.POSITIVE_INFINITY);
    if (isTooLarge || !session.send(pipelineId, payload)) {
      hot.dropped_sends++;
      if (isTooLarge) this.#recorder.count("dropped_sends{why:tooLarge}");
      return false;
    }
    this.sent++;
    hot.messages_sent++;
    hot.bytes_sent += payload.length;
    this.#recorder.trend("send_lag", nowMs - intendedMs);
    return true;
  }

  /** A message did not leave because its pipeline's window is full; `wasTaken`: it was counted as sent. */
  refused(payloadBytes: number, wasTaken: boolean): void {
    const { hot } = this.#recorder;
    this.#recorder.count("dropped_sends{why:windowFull}");
    if (!wasTaken) return;
    this.sent--;
    hot.messages_sent--;
    hot.bytes_sent -= payloadBytes;
    hot.dropped_sends++;
  }

  /** A message is answered: once each. */
  countAnswer(): void {
    this.answered++;
    this.#recorder.hot.messages_answered++;
  }

  /**
   * An answer came: it is measured from the message's intended time, and from the actual one beside it.
   *
   * @param sentMs When it really left; null: so long ago that nobody knows.
   */
  measure(intendedMs: number, sentMs: number | null, nowMs: number): void {
    this.#recorder.trend("rtt", nowMs - intendedMs);
    if (sentMs !== null) this.#recorder.trend("rtt_uncorrected", nowMs - sentMs);
  }
}

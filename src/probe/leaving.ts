// The end of a walk after the WebSocket was open: how long to wait for the peer's Close and FIN, and the two steps that tell of them.
import type { WalkRecord } from "./walk-record.js";

/** Most time for the peer's FIN after its Close, and for both where the connection ended before its time. */
const FIN_WAIT_MS = 2000;

export class Leaving {
  /** When the wait is over; undefined while we stay. */
  limitMs: number | undefined;
  readonly #record: WalkRecord;

  constructor(record: WalkRecord) {
    this.#record = record;
  }

  /** Our Close is out or about to leave. */
  begin(nowMs: number, waitMs: number = FIN_WAIT_MS): void {
    this.limitMs ??= nowMs + waitMs;
  }

  /** The peer's Close, in answer to ours or by itself. */
  peerClosed(code: number, nowMs: number): void {
    const record = this.#record;
    record.closing.peerClosed = true;
    this.limitMs = nowMs + FIN_WAIT_MS;
    if (record.stage !== "closing") return;
    record.step("disconnect", "ok", nowMs, record.stageMs, `02, Close 1000; Close ${code} came back`);
    record.enter("closing", nowMs);
  }

  /** The socket is gone, or we wait no longer; `isFin`: the peer ended its side as it should. */
  over(isFin: boolean, detail: string, nowMs: number): void {
    const { closing, stage, stageMs } = this.#record;
    closing.peerEnded = isFin;
    if (stage !== "closing") return;
    if (!closing.peerClosed) this.#record.step("disconnect", "failed", nowMs, stageMs, "no Close came back");
    this.#record.step("fin", isFin ? "ok" : "note", nowMs, stageMs, detail);
  }
}

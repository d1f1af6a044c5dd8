// What a player's sessions tell that is only counted, whatever the player is doing. Decides nothing.
import type { Recorder } from "../metrics/recorder.js";
import type { ProtocolDrop } from "../protocol/connection-effects.js";
import type { Reason } from "../protocol/disconnect-reason.js";

/** No batch of this connection yet. */
const NO_BATCH = -1;

export abstract class CountedEvents {
  protected readonly recorder: Recorder;
  #batch = NO_BATCH;
  #batchMs = 0;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  onRoundTrip(_pipelineId: number, rttMs: number): void {
    this.recorder.trend("pipeline_rtt", rttMs);
  }

  onPong(rttMs: number): void {
    this.recorder.trend("ping", rttMs);
  }

  onDrop(why: ProtocolDrop): void {
    this.recorder.count("protocol_drops");
    this.recorder.count(`protocol_drops{why:${why}}`);
  }

  onStale(): void {
    this.onDrop("staleAttempt");
  }

  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void {
    this.recorder.count(`give_ups_${kind}{reason:${reason}}`);
  }

  /** Batches are of another connection now. */
  protected forgetBatch(): void {
    this.#batch = NO_BATCH;
  }

  /** A message arrived; those of one batch count as one update of the server. */
  protected countArrival(payloadBytes: number, batch: number, nowMs: number): void {
    const { recorder } = this;
    recorder.hot.messages_received++;
    recorder.hot.bytes_received += payloadBytes;
    if (batch === this.#batch) return;
    if (this.#batch !== NO_BATCH) recorder.trend("server_interval", nowMs - this.#batchMs);
    this.#batch = batch;
    this.#batchMs = nowMs;
  }
}

// A session's listener that writes down what it is told, as short lines and in full.
import type { SessionEnd, SessionListener } from "../../src/client/session-types.js";
import type { ProtocolDrop } from "../../src/protocol/connection.js";
import type { Reason } from "../../src/protocol/disconnect-reason.js";
import { hex } from "./bytes.js";

export class RecordingListener implements SessionListener {
  /** Such as `connected`, `message 0 2a00`, `drop empty`, `gaveUp native UpgradeTimeout`, `end Silence`, `released`. */
  readonly lines: string[] = [];
  readonly batches: number[] = [];
  readonly pongRttMs: number[] = [];
  readonly pipelineRttMs: number[] = [];
  connectedMs: number | undefined;
  endMs: number | undefined;
  end: SessionEnd | undefined;
  isReleased = false;
  /** What the application does in its handlers. */
  whenConnected: (() => void) | undefined;
  whenMessage: ((payload: Uint8Array) => void) | undefined;

  onConnected(acceptPayload: Uint8Array | undefined, nowMs: number): void {
    this.connectedMs = nowMs;
    this.lines.push(acceptPayload === undefined ? "connected" : `connected ${hex(acceptPayload)}`);
    this.whenConnected?.();
  }

  onMessage(pipelineId: number, payload: Uint8Array, batch: number): void {
    this.lines.push(`message ${pipelineId} ${hex(payload)}`);
    this.batches.push(batch);
    this.whenMessage?.(payload);
  }

  onRoundTrip(_pipelineId: number, rttMs: number): void {
    this.pipelineRttMs.push(rttMs);
  }

  onSendRefused(pipelineId: number, payloadBytes: number, wasTaken: boolean): void {
    this.lines.push(`refused ${pipelineId} ${payloadBytes}${wasTaken ? " although taken" : ""}`);
  }

  onPong(rttMs: number): void {
    this.pongRttMs.push(rttMs);
  }

  onDrop(why: ProtocolDrop): void {
    this.lines.push(`drop ${why}`);
  }

  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void {
    this.lines.push(`gaveUp ${kind} ${reason}`);
  }

  onEnd(end: SessionEnd, nowMs: number): void {
    if (this.end !== undefined) throw new Error("Cannot end: a session must end once, got a second end");
    this.end = end;
    this.endMs = nowMs;
    this.lines.push(`end ${end.reason}`);
  }

  onReleased(): void {
    if (this.isReleased) throw new Error("Cannot release: a session must be released once, got a second time");
    this.isReleased = true;
    this.lines.push("released");
  }
}

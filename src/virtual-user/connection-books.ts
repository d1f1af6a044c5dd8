// What an attempt or a connection leaves in the books when it is over. Counts, decides nothing.
import type { SessionEnd, SessionTimings } from "../client/session-types.js";
import type { Recorder } from "../metrics/recorder.js";
import { recordPhases } from "./connect-phases.js";

/** An attempt that never became a connection; one that we cancelled ourselves is no failure. */
export function countFailedAttempt(recorder: Recorder, end: SessionEnd, timings: SessionTimings | undefined): void {
  recordPhases(recorder, timings);
  if (end.reason === "Cancelled") return;
  recorder.count("connect_failed_attempts");
  recorder.count(`connect_failures{reason:${end.reason}}`);
}

/** A connection that is over after `sessionMs`. */
export function countDisconnect(recorder: Recorder, end: SessionEnd, sessionMs: number): void {
  recorder.count("disconnects");
  recorder.count(`disconnects{reason:${end.reason}}`);
  recorder.count(`disconnects_unity{reason:${end.unityReason}}`);
  recorder.trend("session_duration", sessionMs);
}

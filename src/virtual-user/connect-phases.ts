// The phases of one connect attempt as samples. Reads the session's instants, decides nothing.
import type { SessionTimings } from "../client/session-types.js";
import type { Recorder } from "../metrics/recorder.js";

/** Records every phase that was completed, also of an attempt that failed later. */
export function recordPhases(recorder: Recorder, timings: SessionTimings | undefined): void {
  if (timings === undefined) return;
  const { startMs, tcpMs, tlsMs, upgradeSentMs, openMs, requestMs, acceptMs } = timings;
  if (tcpMs !== undefined) recorder.trend("connect_tcp", tcpMs - startMs);
  if (tlsMs !== undefined && tcpMs !== undefined) recorder.trend("connect_tls", tlsMs - tcpMs);
  if (openMs !== undefined && upgradeSentMs !== undefined) recorder.trend("connect_upgrade", openMs - upgradeSentMs);
  if (acceptMs !== undefined && requestMs !== undefined) recorder.trend("connect_utp", acceptMs - requestMs);
}

// Diagnoses of a server that acts once per update: round trips as long as its tick, 64 control packets in each. Each rule is pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { Diagnosis, Distribution, Summary } from "../result/summary.js";
import type { Observations } from "./observations.js";

const USUAL_TICK_HZ = [10, 15, 20, 24, 25, 30, 40, 50, 60, 64, 75, 90, 100, 120, 128];
/** A period within this share of a usual one is taken for it. */
const TICK_TOLERANCE = 0.06;
/** With fewer round trips a spread says nothing. */
const MIN_ROUND_TRIPS = 200;
/** Percentiles of an even spread lie on a line: so far from it, as a share of the period, is still on it. */
const LINE_TOLERANCE = 0.06;
/** Times between two messages of a server are whole periods, but for this share of one. */
const STEP_TOLERANCE = 0.15;

/** Round trips spread evenly over one update: what is measured is the tick, not the network. */
export function rttQuantised({ latencyMs }: Summary): Diagnosis | undefined {
  const periodMs = evenSpreadMs(latencyMs.rtt);
  if (periodMs === undefined) return undefined;
  const tickHz = USUAL_TICK_HZ.find((hz) => Math.abs(periodMs - 1000 / hz) <= TICK_TOLERANCE * (1000 / hz));
  if (tickHz === undefined || !isStepped(latencyMs.serverInterval, 1000 / tickHz)) return undefined;
  const { min, p50, p99 } = latencyMs.rtt;
  return {
    code: "rtt-quantised",
    severity: "info",
    message:
      `Round trips are spread evenly over one update of the server, ${tickHz} a second: it answers in its next update, so a round trip is ` +
      `the network's and up to ${(1000 / tickHz).toFixed(1)} ms more. No fault, but no network either: raise the server's update rate to see less of it.`,
    evidence: `rtt min ${min} ms, p50 ${p50} ms, p99 ${p99} ms; the server's messages come in steps of ${(1000 / tickHz).toFixed(1)} ms`,
  };
}

/** The width of a distribution whose percentiles lie on a line, ms; undefined: it has another form. */
function evenSpreadMs({ count, min, p50, p75, p90, p95 }: Distribution): number | undefined {
  if (count < MIN_ROUND_TRIPS || min === null || p50 === null || p75 === null || p90 === null || p95 === null) {
    return undefined;
  }
  const widthMs = (p95 - p50) / 0.45;
  const at = (share: number): number => p50 + (share - 0.5) * widthMs;
  const points: [number, number][] = [
    [0, min],
    [0.75, p75],
    [0.9, p90],
  ];
  const isEven = points.every(([share, valueMs]) => Math.abs(at(share) - valueMs) <= widthMs * LINE_TOLERANCE);
  return isEven && widthMs > 0 ? widthMs : undefined;
}

function isStepped({ p50, p75, p90, p95 }: Distribution, periodMs: number): boolean {
  return [p50, p75, p90, p95].every((valueMs) => {
    const steps = (valueMs ?? 0) / periodMs;
    return valueMs !== null && Math.round(steps) >= 1 && Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE;
  });
}

/** Control packets in an update of a Unity server, for all clients together; a burst of Accepts is so large, or nearly. */
const CONTROL_PACKETS = 64;
const NEARLY = 0.75;
/** Accepts of one update arrive no further apart than this, on a machine that is busy too. */
const BURST_GAP_MS = 12;

/** Requests that arrived in one update beyond 64: their Accepts are lost, and come only when the client asks again. */
export function acceptsLost(summary: Summary, { outcomes, profile }: Observations): Diagnosis | undefined {
  const early = earlyMessages(summary);
  const { connectTimeoutMs } = profile.parameters;
  const late = outcomes.filter((outcome) => acceptWaitMs(outcome) >= connectTimeoutMs).length;
  const burst = largestBurst(outcomes);
  if (early === 0 || burst < CONTROL_PACKETS * NEARLY || burst > CONTROL_PACKETS) return undefined;
  return {
    code: "accepts-lost",
    severity: "warning",
    message:
      "Accepts were lost: a Unity server sends at most 64 control packets an update, and where more clients ask in one, the others are in " +
      "without being told. They have to ask again, and Unity's own clients of 2.5.0 and later fail, as a heartbeat comes before the Accept. " +
      "Ramp more slowly: whatever lets the requests through together makes the crowd.",
    evidence:
      `${burst} Accepts came together; ${late} clients got theirs only when they asked again after ${connectTimeoutMs} ms, ` +
      `${early} had a message of the server before it`,
  };
}

/** Clients that had a message before their Accept: of `patient`, which goes on, and of the others, which fail. */
function earlyMessages({ connect }: Summary): number {
  return (connect.wouldHaveGivenUp.native.ProtocolViolation ?? 0) + (connect.failures.ProtocolViolation ?? 0);
}

function acceptWaitMs({ upgradeMs, acceptMs }: ClientOutcome): number {
  return upgradeMs === undefined || acceptMs === undefined ? 0 : acceptMs - upgradeMs;
}

/** Most Accepts with no gap between them. */
function largestBurst(outcomes: readonly ClientOutcome[]): number {
  const timesMs = outcomes.flatMap(({ acceptMs }) => (acceptMs === undefined ? [] : [acceptMs])).sort((a, b) => a - b);
  let burst = 0;
  let largest = 0;
  for (const [index, atMs] of timesMs.entries()) {
    burst = index > 0 && atMs - timesMs[index - 1]! <= BURST_GAP_MS ? burst + 1 : 1;
    largest = Math.max(largest, burst);
  }
  return largest;
}

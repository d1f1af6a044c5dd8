// What the live progress says, as text. Pure; progress.ts puts it on the terminal.
import type { Interval } from "../engine/run-types.js";
import { percentileMs } from "../metrics/distribution.js";
import type { Stage } from "../profile/profile.js";
import { countText, msText, rateText } from "./numbers.js";

/** The moment, as progress shows it. */
export interface ProgressState {
  readonly phase: Interval["phase"] | "starting";
  readonly elapsedMs: number;
  readonly connected: number;
  /** Most clients that the plan has at the same time. */
  readonly planned: number;
  readonly receivedPerSecond: number;
  /** null: no answers in this second. */
  readonly rttP50Ms: number | null;
  readonly rttP99Ms: number | null;
  /** Connections that ended although the client did not want it, since the start. */
  readonly lost: number;
  /** Attempts that failed, since the start. */
  readonly failed: number;
}

export function startOf(stages: readonly Stage[]): ProgressState {
  const planned = Math.max(0, ...stages.map(mostIn));
  const none = { elapsedMs: 0, connected: 0, receivedPerSecond: 0, rttP50Ms: null, rttP99Ms: null, lost: 0, failed: 0 };
  return { phase: "starting", planned, ...none };
}

/** With arrivals: about as many as come while one of them stays. */
function mostIn({ durationMs, target, arrivals }: Stage): number {
  if (arrivals === undefined) return target;
  return target + Math.ceil((arrivals.perSecond * Math.min(durationMs, arrivals.stayMs)) / 1000);
}

/** The moment after one more interval. */
export function stateAfter(
  before: ProgressState,
  { total, phase, elapsedMs, startMs, endMs }: Interval,
): ProgressState {
  const rtt = total.trends.get("rtt");
  return {
    phase,
    elapsedMs,
    planned: before.planned + total.sum("clients_planned"),
    connected: total.gauges.clients_connected ?? 0,
    receivedPerSecond: (total.sum("messages_received") * 1000) / Math.max(1, endMs - startMs),
    rttP50Ms: rtt ? percentileMs(rtt, 50) : null,
    rttP99Ms: rtt ? percentileMs(rtt, 99) : null,
    lost: before.lost + total.sum("disconnects") - total.sum("disconnects{reason:ClosedByClient}"),
    failed: before.failed + total.sum("connect_failed_attempts"),
  };
}

const BAR_COLUMNS = 16;

/**
 * The line that is drawn over itself, at most `columns` wide: the bar gives way first, then the end of the line.
 *
 * @param progress 0..1.
 */
export function liveLine(state: ProgressState, progress: number, columns: number): string {
  const share = Math.min(1, Math.max(0, progress));
  const head = `${state.phase.padEnd(8)} `;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const failed = state.failed > 0 ? ` ${countText(state.failed)} failed` : "";
  const rest =
    `${percent} ${countText(state.connected)}/${countText(state.planned)} up, ${rateText(state.receivedPerSecond)} msg/s, ` +
    `rtt ${msText(state.rttP50Ms)}/${msText(state.rttP99Ms)} ms, ${countText(state.lost)} lost${failed}`;
  const barColumns = Math.min(BAR_COLUMNS, columns - head.length - rest.length - "[] ".length);
  return `${head}${barColumns >= 4 ? `${barOf(share, barColumns)} ` : ""}${rest}`.slice(0, Math.max(0, columns));
}

function barOf(share: number, columns: number): string {
  const done = Math.round(share * columns);
  return `[${"=".repeat(done)}${"-".repeat(columns - done)}]`;
}

/** The line for logs: it stands alone and says what its numbers are. */
export function plainLine(state: ProgressState): string {
  const seconds = Math.round(state.elapsedMs / 1000);
  return (
    `${seconds} s ${state.phase}: ${state.connected} of ${state.planned} connected, ${rateText(state.receivedPerSecond)} msg/s, ` +
    `rtt p50 ${msText(state.rttP50Ms)} ms p99 ${msText(state.rttP99Ms)} ms, ${state.lost} lost, ${state.failed} failed`
  );
}

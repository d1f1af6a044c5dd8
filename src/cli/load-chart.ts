// The load over time as a drawing for a terminal: plain characters, 80 columns. Prints nothing.
import { formatDuration } from "../profile/duration.js";
import type { Stage } from "../profile/profile.js";

const COLUMNS = 80;
const LABEL_COLUMNS = 10;
const ROWS = 8;

/** A moment and the clients then; two at one moment are a jump. */
interface Corner {
  readonly atMs: number;
  readonly clients: number;
}

/** Clients over time, the most at the top; every stage is to be seen, however short. */
export function loadChart(stages: readonly Stage[]): string[] {
  const corners = cornersOf(stages);
  const endMs = corners.at(-1)!.atMs;
  const peakClients = Math.max(...corners.map(({ clients }) => clients));
  const plotColumns = COLUMNS - LABEL_COLUMNS;
  const heights = Array.from({ length: plotColumns }, (_, column) => {
    const fromMs = (column / plotColumns) * endMs;
    const clients = mostWithin(corners, fromMs, ((column + 1) / plotColumns) * endMs);
    return Math.ceil((clients / peakClients) * ROWS);
  });
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const height = ROWS - index;
    const label = height === ROWS ? String(peakClients) : height === ROWS / 2 ? halfText(peakClients) : "";
    return `${axis(label)}|${heights.map((each) => (each >= height ? "#" : " ")).join("")}`.trimEnd();
  });
  const end = formatDuration(endMs);
  return [...rows, `${axis("0")}+${"-".repeat(plotColumns)}`, timeLine(end, plotColumns)];
}

function axis(label: string): string {
  return `${label.padStart(LABEL_COLUMNS - 2)} `;
}

function halfText(peakClients: number): string {
  return peakClients % 2 === 0 ? String(peakClients / 2) : "";
}

function timeLine(end: string, plotColumns: number): string {
  return `${" ".repeat(LABEL_COLUMNS)}0s${end.padStart(plotColumns - 2)}`;
}

function cornersOf(stages: readonly Stage[]): Corner[] {
  const corners: Corner[] = [{ atMs: 0, clients: 0 }];
  for (const { durationMs, target } of stages)
    corners.push({ atMs: corners.at(-1)!.atMs + durationMs, clients: target });
  return corners;
}

/** Most clients from one moment to before another, between the corners as well as at them. */
function mostWithin(corners: readonly Corner[], fromMs: number, toMs: number): number {
  let most = 0;
  for (const [index, corner] of corners.entries()) {
    if (corner.atMs >= fromMs && corner.atMs < toMs) most = Math.max(most, corner.clients);
    const next = corners[index + 1];
    if (next === undefined || next.atMs <= fromMs || corner.atMs >= toMs) continue;
    most = Math.max(most, between(corner, next, fromMs), between(corner, next, toMs));
  }
  return most;
}

function between(from: Corner, to: Corner, atMs: number): number {
  const share = Math.min(1, Math.max(0, (atMs - from.atMs) / (to.atMs - from.atMs)));
  return from.clients + share * (to.clients - from.clients);
}

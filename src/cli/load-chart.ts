// The load over time as a drawing for a terminal: plain characters, 80 columns. Prints nothing.
import { formatDuration } from "../profile/duration.js";
import { changesOf, type Plan } from "../workload/plan.js";

const COLUMNS = 80;
const LABEL_COLUMNS = 10;
const ROWS = 8;

/** Clients over time, the most at the top; every stage is to be seen, however short. */
export function loadChart(plan: Plan): string[] {
  const { peakClients, durationMs } = plan;
  const plotColumns = COLUMNS - LABEL_COLUMNS;
  const heights = mostByColumn(plan, plotColumns).map((clients) => Math.ceil((clients / peakClients) * ROWS));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const height = ROWS - index;
    const label = height === ROWS ? String(peakClients) : height === ROWS / 2 ? halfText(peakClients) : "";
    return `${axis(label)}|${heights.map((each) => (each >= height ? "#" : " ")).join("")}`.trimEnd();
  });
  const end = formatDuration(durationMs);
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

/** Most clients within each column's share of the time, its first moment included. */
function mostByColumn({ clients, durationMs }: Plan, columns: number): number[] {
  const most = new Array<number>(columns).fill(0);
  let from = 0;
  let active = 0;
  for (const change of changesOf(clients)) {
    const at = Math.min(columns, (change.atMs / durationMs) * columns);
    for (let column = Math.floor(from); column < at; column++) most[column] = Math.max(most[column]!, active);
    from = at;
    active = change.active;
  }
  return most;
}

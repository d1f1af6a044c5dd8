// The shards of a run as a table for a terminal: where each is, and what all of them do together. Reads no file.
import type { RttSoFar, ShardState, ShardStatus, SharedStatus } from "../shard/shared-status.js";
import { type Color, painter } from "./layout.js";
import { countText, msText, rateText } from "./numbers.js";

const STATES: readonly ShardState[] = ["missing", "ready", "running", "ended", "stopped", "lost"];
const COLORS: Partial<Record<ShardState, Color>> = {
  running: "green",
  missing: "yellow",
  stopped: "yellow",
  lost: "red",
};
const COLUMNS = [10, 10, 10, 12, 12, 8, 8, 8] as const;
/** More would only scroll away: the rest is in the last line. */
const MAX_ROWS = 40;

export function statusText({ folder, startsAt, shards, total }: SharedStatus, useColor: boolean): string {
  const paint = painter(useColor);
  const shown =
    shards.length <= MAX_ROWS ? shards : shards.filter(({ state }) => state !== "ended" && state !== "running");
  const lines = [
    paint("bold", row(["shard", "state", "clients", "sent/s", "received/s", "p50", "p95", "p99"])),
    ...shown
      .slice(0, MAX_ROWS)
      .map((status) => paintState(status, row(cells(String(status.index), status.state, status)), paint)),
    ...(shown.length > MAX_ROWS ? [`... ${shown.length - MAX_ROWS} more`] : []),
    paint("bold", row(cells("all", "", total))),
    "",
    `${countsOf(shards)} of ${shards.length}; rtt in ms, of all seconds so far`,
    startsAt === null ? "not started: the shards have not all met" : `start ${startsAt}`,
    `folder ${folder}`,
  ];
  return `${lines.join("\n")}\n`;
}

function paintState({ state }: ShardStatus, line: string, paint: ReturnType<typeof painter>): string {
  const color = COLORS[state];
  return color === undefined ? line : line.replace(state, paint(color, state));
}

interface Figures {
  readonly clients: number;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  readonly rtt: RttSoFar | null;
}

function cells(name: string, state: string, { clients, sentPerSecond, receivedPerSecond, rtt }: Figures): string[] {
  const rates = [countText(clients), rateText(sentPerSecond), rateText(receivedPerSecond)];
  return [name, state, ...rates, msText(rtt?.p50Ms), msText(rtt?.p95Ms), msText(rtt?.p99Ms)];
}

/** The first two to the left, numbers to the right. */
function row(texts: readonly string[]): string {
  return texts
    .map((text, index) => (index < 2 ? text.padEnd(COLUMNS[index]!) : text.padStart(COLUMNS[index]!)))
    .join("")
    .trimEnd();
}

/** `3 running, 1 lost` */
function countsOf(shards: readonly ShardStatus[]): string {
  return STATES.flatMap((state) => {
    const count = shards.filter((status) => status.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  }).join(", ");
}

// What happened to the first client of each kind of failure, step by step. Pure.
import { countText, msText } from "../numbers.js";
import { html, type Markup } from "./markup.js";
import type { FailedClient, ReportData } from "./report-data.js";
import { table } from "./table.js";

export function failuresSection({ firstFailures }: ReportData): Markup | undefined {
  if (firstFailures.length === 0) return undefined;
  return html`<section id="failures" aria-labelledby="failures-head">
<h2 id="failures-head">The first of each kind of failure</h2>
<p>Step by step, with the time since the plan's start and since the step before. The others of a kind mostly look the same.</p>
${firstFailures.map(timeline)}</section>
`;
}

function timeline(client: FailedClient): Markup {
  const { number, reason, alike, attempt } = client;
  const which = attempt > 1 ? `, attempt ${attempt}` : "";
  const others =
    alike > 1 ? `the first of ${countText(alike)} clients whose first failure this was` : "the only client";
  const steps = stepsOf(client);
  return html`<section>
<h3>${reason}</h3>
${table({
  caption: `Client ${number}${which}: ${others}`,
  columns: [{ head: "Step" }, { head: "at, s" }, { head: "after, ms" }, { head: "", align: "left" }],
  rows: steps.map(({ name, atMs, more = "", isBad = false }, index) => ({
    cells: [name, (atMs / 1000).toFixed(3), index === 0 ? "" : msText(atMs - steps[index - 1]!.atMs), more],
    isBad,
  })),
})}</section>
`;
}

interface Step {
  readonly name: string;
  readonly atMs: number;
  readonly more?: string;
  readonly isBad?: boolean;
}

function stepsOf({
  startedMs,
  tcpMs,
  tlsMs,
  upgradeMs,
  requestMs,
  acceptMs,
  endedMs,
  reason,
  detail,
}: FailedClient): Step[] {
  const end = acceptMs === undefined ? "attempt failed" : "connection lost";
  const steps: (Omit<Step, "atMs"> & { atMs: number | undefined })[] = [
    { name: "connect call", atMs: startedMs },
    { name: "TCP open", atMs: tcpMs },
    { name: "TLS done", atMs: tlsMs },
    { name: "upgraded", atMs: upgradeMs, more: "101 Switching Protocols" },
    { name: "UTP request", atMs: requestMs, more: "the first Connection Request left" },
    { name: "connected", atMs: acceptMs, more: "Connection Accept" },
    { name: end, atMs: endedMs, more: `${reason}: ${detail}`, isBad: true },
  ];
  return steps
    .flatMap(({ atMs, ...step }) => (atMs === undefined ? [] : [{ ...step, atMs }]))
    .sort((a, b) => a.atMs - b.atMs);
}

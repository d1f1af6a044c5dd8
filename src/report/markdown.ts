// The summary as Markdown, for a pull request or a job's page: verdict, thresholds, figures, diagnosis. Pure.
import type { Distribution, Summary, ThresholdResult } from "../result/summary.js";
import { code, plain, table } from "./markdown-parts.js";
import { bytesText, countsText, countText, msText, percentText, rateText } from "./numbers.js";
import { thresholdName, thresholdValue, verdictReasons, verdictWord } from "./verdict-words.js";

const MARKS = { pass: "✅ PASS", fail: "❌ FAIL", invalid: "⚠️ INVALID", partial: "⚠️ PARTIAL" } as const;

/**
 * @param endedWhy Why the run did not run to its end, in words.
 * @returns With a line end behind every line. Texts of others (names, causes) never become markup.
 */
export function summaryMarkdown(summary: Summary, endedWhy?: string): string {
  const sections = [
    [`## ${MARKS[verdictWord(summary)]}: ${plain(summary.run.profile)}`],
    [plain(sentence(verdictReasons(summary, endedWhy).join("; ")))],
    thresholdTable(summary.thresholds),
    figureTable(summary),
    latencyTable(summary),
    diagnosisList(summary),
    [runLine(summary)],
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
  return `${lines.slice(0, -1).join("\n")}\n`;
}

function thresholdTable(thresholds: readonly ThresholdResult[]): string[] {
  if (thresholds.length === 0) return [];
  const rows = thresholds.map((result) => [
    code(thresholdName(result)),
    result.ok ? thresholdValue(result) : `**${thresholdValue(result)}**`,
    result.ok ? "✅ held" : "❌ **crossed**",
  ]);
  return table(["Threshold", "Measured", ""], ["---", "---:", "---"], rows);
}

function figureTable({ clients, connect, messages, checks, disconnects, generator, run }: Summary): string[] {
  const seconds = Math.max(0.001, run.measuredMs / 1000);
  const received = `${countText(messages.received)} received (${rateText(messages.received / seconds)}/s)`;
  const answered = `${percentText(messages.answered, messages.sent)} answered`;
  const peak = `${countText(clients.peakConnected)} at the same time`;
  const rows = [
    ["Clients", `${countText(clients.connected)} of ${countText(clients.planned)} connected, ${peak}`],
    ["Failed attempts", countsText(connect.failures) || "none"],
    ["Messages", `${countText(messages.sent)} sent, ${received}, ${answered}, ${countText(messages.dropped)} dropped`],
    ...(checks.passed + checks.failed > 0
      ? [["Checks", `${countText(checks.passed)} passed, ${countText(checks.failed)} failed`]]
      : []),
    ["Disconnects", countsText(disconnects.byReason) || "none"],
    ["Generator", [generator.trust, ...generator.why, bytesText(generator.maxRssBytes)].join("; ")],
  ];
  return table(
    ["Figure", ""],
    ["---", "---"],
    rows.map((row) => row.map(plain)),
  );
}

function latencyTable({ connect, latencyMs }: Summary): string[] {
  const distributions: [string, Distribution][] = [
    ["rtt", latencyMs.rtt],
    ["rtt, uncorrected", latencyMs.rttUncorrected],
    ["ping", latencyMs.ping],
    ["server interval", latencyMs.serverInterval],
    ["connect", connect.latencyMs.total],
  ];
  const rows = distributions
    .filter(([, { count }]) => count > 0)
    .map(([name, { p50, p95, p99, max, count }]) => [name, ...[p50, p95, p99, max].map(msText), countText(count)]);
  if (rows.length === 0) return [];
  return table(["ms", "p50", "p95", "p99", "max", "samples"], ["---", ...Array<string>(5).fill("---:")], rows);
}

const SEVERITIES = { error: "❌ **problem**", warning: "⚠️ **warning**", info: "ℹ️ note" } as const;

function diagnosisList({ diagnosis }: Summary): string[] {
  return diagnosis.map(
    ({ severity, message, evidence }) => `- ${SEVERITIES[severity]}: ${plain(message)} (${plain(evidence)})`,
  );
}

function runLine({ run }: Summary): string {
  const seconds = (run.durationMs / 1000).toFixed(1);
  const shard = run.shard === null ? "" : `, shard ${run.shard}`;
  const facts = `${run.target}, ${seconds} s from ${run.startedAt}, as ${run.client} clients, seed ${run.seed}${shard}`;
  return `<sub>${plain(facts)}, utp-load ${plain(run.version)}</sub>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

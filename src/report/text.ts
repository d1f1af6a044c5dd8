// The summary that a person reads in ten seconds, at most 80 columns wide: verdict first, then why. Pure; it only reads the summary.
import type { Diagnosis, Distribution, Summary, ThresholdResult } from "../result/summary.js";
import { type Color, type Paint, painter, WIDTH_COLUMNS, wrapped } from "./layout.js";
import { bytesText, countsText, countText, msText, percentText, rateText } from "./numbers.js";
import { pipelineTexts } from "./pipeline-lines.js";
import { thresholdName, thresholdValue, verdictReasons } from "./verdict-words.js";

export interface TextOptions {
  readonly useColor: boolean;
  /** Where the results are; left out where none were written. */
  readonly resultsPath?: string;
  /** Why the run did not run to its end, in words. */
  readonly endedWhy?: string;
}

const LABEL_COLUMNS = 13;
const COLUMN = 11;

/** The whole summary, with a line end behind every line. */
export function summaryText(summary: Summary, options: TextOptions): string {
  const paint = painter(options.useColor);
  const sections = [
    verdictLines(summary, options, paint),
    thresholdLines(summary.thresholds, paint),
    [...clientLines(summary), ...messageLines(summary), ...disconnectLines(summary), ...generatorLines(summary, paint)],
    latencyLines(summary, paint),
    diagnosisLines(summary.diagnosis, paint),
    options.resultsPath === undefined ? [] : labelled("results", options.resultsPath),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
  return lines
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join("");
}

function labelled(label: string, text: string): string[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), text);
}

const VERDICTS = {
  pass: { word: "PASS", color: "green" },
  fail: { word: "FAIL", color: "red" },
  invalid: { word: "INVALID", color: "yellow" },
} as const;

function verdictLines(summary: Summary, options: TextOptions, paint: Paint): string[] {
  const { word, color } = VERDICTS[summary.verdict];
  const { run } = summary;
  const seconds = (run.durationMs / 1000).toFixed(1);
  const [first = "", ...rest] = wrapped(
    word.padEnd(LABEL_COLUMNS),
    verdictReasons(summary, options.endedWhy).join("; "),
  );
  return [
    paint(color, word) + first.slice(word.length),
    ...rest,
    ...labelled("", `${run.profile} on ${run.target}, ${seconds} s, as ${run.client} clients`),
  ];
}

function thresholdLines(thresholds: readonly ThresholdResult[], paint: Paint): string[] {
  return thresholds.flatMap((result) => {
    const name = thresholdName(result);
    const value = thresholdValue(result);
    const mark = result.ok ? "ok" : "CROSSED";
    const blanks = WIDTH_COLUMNS - LABEL_COLUMNS - name.length - value.length;
    const text = blanks >= 2 ? `${name}${" ".repeat(blanks)}${value}` : undefined;
    const lines = text === undefined ? labelled(mark, `${name} ${value}`) : [mark.padEnd(LABEL_COLUMNS) + text];
    return lines.map((line, index) =>
      index > 0 ? line : paint(result.ok ? "green" : "red", mark) + line.slice(mark.length),
    );
  });
}

function clientLines({ clients, connect }: Summary): string[] {
  const parts = [`${countText(clients.connected)} of ${countText(clients.planned)} connected`];
  if (clients.failed > 0) parts.push(`${countText(clients.failed)} failed`);
  if (clients.cancelled > 0) parts.push(`${countText(clients.cancelled)} cancelled`);
  if (clients.notStarted > 0) parts.push(`${countText(clients.notStarted)} not started`);
  parts.push(`${countText(clients.peakConnected)} at the same time`);
  if (clients.aliveAtEnd > 0) parts.push(`${countText(clients.aliveAtEnd)} cut at the hard end`);
  const native = countsText(connect.wouldHaveGivenUp.native);
  const webgl = countsText(connect.wouldHaveGivenUp.webgl);
  return [
    ...labelled("clients", parts.join(", ")),
    ...ifAny("  failed by", countsText(connect.failures)),
    ...ifAny("  native", native, givenUp),
    ...ifAny("  webgl", webgl, givenUp),
  ];
}

function givenUp(counts: string): string {
  return `would have given up: ${counts}`;
}

function ifAny(label: string, text: string, say = (found: string): string => found): string[] {
  return text === "" ? [] : labelled(label, say(text));
}

function messageLines({ messages, run }: Summary): string[] {
  const seconds = Math.max(0.001, run.measuredMs / 1000);
  const { planned, sent, dropped, received, answered } = messages;
  if (planned === 0 && received === 0) return labelled("messages", "none sent, none received");
  return [
    ...labelled(
      "messages",
      `${countText(planned)} planned, ${countText(sent)} sent (${rateText(sent / seconds)}/s), ${countText(dropped)} dropped`,
    ),
    ...labelled(
      "",
      `${countText(received)} received (${rateText(received / seconds)}/s), ${countText(answered)} answers (${percentText(answered, sent)} of the sent)`,
    ),
    ...pipelineTexts(messages.perPipeline).flatMap((text, index) => labelled(index === 0 ? "  pipelines" : "", text)),
    ...ifAny("  ignored", countsText(messages.protocolDrops), (counts) => `packets without effect: ${counts}`),
  ];
}

function disconnectLines({ disconnects }: Summary): string[] {
  return labelled("disconnects", countsText(disconnects.byReason) || "none");
}

const TRUST_COLORS: Record<Summary["generator"]["trust"], Color> = {
  trusted: "green",
  suspect: "yellow",
  invalid: "red",
};

function generatorLines({ generator, latencyMs, verdict }: Summary, paint: Paint): string[] {
  const { trust, why } = generator;
  const figures = `send lag p99 ${msText(latencyMs.sendLag.p99)} ms, CPU ${Math.round(generator.cpuPercent)}%, ${bytesText(generator.maxRssBytes)}`;
  // An invalid verdict has told why already.
  const reasons = trust === "suspect" || (trust === "invalid" && verdict !== "invalid") ? `${why.join("; ")}; ` : "";
  const [first = "", ...rest] = labelled("generator", `${trust}: ${reasons}${figures}`);
  return [first.replace(trust, paint(TRUST_COLORS[trust], trust)), ...rest];
}

function latencyLines({ connect, latencyMs }: Summary, paint: Paint): string[] {
  const rows: [string, Distribution][] = [
    ["rtt", latencyMs.rtt],
    ["  uncorrected", latencyMs.rttUncorrected],
    ["pipeline acks", latencyMs.pipelineRtt],
    ["ping", latencyMs.ping],
    ["server interval", latencyMs.serverInterval],
    ["connect", connect.latencyMs.total],
    ["  tcp", connect.latencyMs.tcp],
    ["  tls", connect.latencyMs.tls],
    ["  upgrade", connect.latencyMs.upgrade],
    ["  utp", connect.latencyMs.utp],
  ];
  const head = "ms".padEnd(16) + ["p50", "p95", "p99", "max", "samples"].map((name) => name.padStart(COLUMN)).join("");
  const lines = rows
    .filter(([, { count }]) => count > 0)
    .map(([name, distribution]) => latencyLine(name, distribution));
  const empty = latencyMs.rtt.count === 0 ? ["rtt".padEnd(16) + "no answers were measured".padStart(COLUMN)] : [];
  return [paint("bold", head), ...empty, ...lines];
}

function latencyLine(name: string, { p50, p95, p99, max, count }: Distribution): string {
  const values = [...[p50, p95, p99, max].map(msText), countText(count)];
  return name.padEnd(16) + values.map((value) => value.padStart(COLUMN)).join("");
}

const SEVERITIES: Record<Diagnosis["severity"], { word: string; color: Color }> = {
  error: { word: "problem", color: "red" },
  warning: { word: "warning", color: "yellow" },
  info: { word: "note", color: "bold" },
};

function diagnosisLines(diagnosis: readonly Diagnosis[], paint: Paint): string[] {
  return diagnosis.flatMap(({ severity, message, evidence }) => {
    const { word, color } = SEVERITIES[severity];
    const [first = "", ...rest] = labelled(word, message);
    return [paint(color, word) + first.slice(word.length), ...rest, ...labelled("", `(${evidence})`)];
  });
}

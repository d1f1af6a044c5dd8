// What a verdict and its thresholds are called in every report: text, Markdown, JUnit, annotations. Pure; it judges nothing.
import { unitOf } from "../metrics/thresholds-parser.js";
import type { Summary, ThresholdResult } from "../result/summary.js";
import { countText, msText, rateText } from "./numbers.js";

/** The verdict as headlines have it: a run that did not come to its end has passed nothing, whatever its figures are so far. */
export function verdictWord({ verdict, partial }: Summary): Summary["verdict"] | "partial" {
  return partial && verdict === "pass" ? "partial" : verdict;
}

/**
 * Why the verdict is what it is, a clause each; to stand behind {@link verdictWord}.
 *
 * @param endedWhy Why the run did not run to its end, where that is known.
 */
export function verdictReasons(summary: Summary, endedWhy?: string): string[] {
  const ended = endedWhy ?? "the run did not run to its end";
  const partial = summary.partial ? [verdictWord(summary) === "partial" ? ended : `partial: ${ended}`] : [];
  const adjusted = summary.run.adjusted ? ["the load was changed by hand"] : [];
  return [...partial, ...judgedReasons(summary), ...adjusted];
}

function judgedReasons({ run, verdict, thresholds, clients, generator }: Summary): string[] {
  if (verdict === "invalid") return [`the figures are not the server's: ${generator.why.join("; ")}`];
  const crossed = thresholds.filter((threshold) => !threshold.ok).length;
  const reasons: string[] = [];
  if (clients.connected === 0) reasons.push("no client became connected");
  if (crossed > 0) reasons.push(`${crossed} of ${plural(thresholds.length, "threshold")} crossed`);
  else if (thresholds.length > 0)
    reasons.push(thresholds.length === 1 ? "the threshold held" : `all ${thresholds.length} thresholds held`);
  else if (run.shard !== null) reasons.push(`shard ${run.shard}: thresholds are judged on the whole, by merge`);
  else reasons.push("no thresholds were set");
  if (clients.connected > 0 && clients.failed > 0) {
    reasons.push(`${countText(clients.failed)} of ${plural(clients.started, "client")} failed to connect`);
  }
  if (clients.connected > 0 && clients.cancelled > 0) {
    reasons.push(`${countText(clients.cancelled)} still waited to connect when they had to leave`);
  }
  return reasons;
}

/** As people write it: `rtt: p(95)<80`. */
export function thresholdName({ metric, expression }: ThresholdResult): string {
  return `${metric}: ${expression}`;
}

/** What was measured, with its unit. */
export function thresholdValue(result: ThresholdResult): string {
  if (result.value === null) return "no samples";
  switch (unitOf(result)) {
    case "ms":
      return `${msText(result.value)} ms`;
    case "share":
      return String(Number(result.value.toPrecision(3)));
    case "perSecond":
      return `${rateText(result.value)}/s`;
    case "none":
      return Number.isInteger(result.value) ? countText(result.value) : String(Number(result.value.toPrecision(4)));
  }
}

function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? "" : "s"}`;
}

// What GitHub shows beside the files of a pull request: workflow commands, a line each. Pure; nobody prints here.
import type { Summary } from "../result/summary.js";
import { thresholdName, thresholdValue } from "./verdict-words.js";

/** GitHub shows so many of each kind a step, and drops the rest without a word. */
const MOST_OF_A_KIND = 10;

/** Lines for stdout: errors for what makes the run fail, warnings for what somebody should look at. */
export function annotations(summary: Summary, endedWhy?: string): string[] {
  const { thresholds, verdict, generator, clients, partial, diagnosis } = summary;
  const isInvalid = verdict === "invalid";
  const errors: string[] = [];
  if (isInvalid) errors.push(`the figures are not the server's: ${generator.why.join("; ")}`);
  if (clients.started > 0 && clients.connected === 0) errors.push("no client became connected");
  for (const result of thresholds) {
    if (!result.ok) errors.push(`threshold crossed: ${thresholdName(result)}, measured ${thresholdValue(result)}`);
  }
  const warnings: string[] = [];
  if (partial) warnings.push(`partial: ${endedWhy ?? "the run did not run to its end"}`);
  if (generator.trust === "suspect") warnings.push(`generator suspect: ${generator.why.join("; ")}`);
  const grave = diagnosis.filter(({ severity, code }) => severity !== "info" && !code.startsWith("generator-"));
  warnings.push(...grave.map(({ message, evidence }) => `${message} (${evidence})`));
  const title = `utp-load ${summary.run.profile}`;
  return [...commands("error", title, errors), ...commands("warning", title, warnings)];
}

function commands(kind: "error" | "warning", title: string, texts: readonly string[]): string[] {
  const shown = texts.length <= MOST_OF_A_KIND ? texts : texts.slice(0, MOST_OF_A_KIND - 1);
  const rest = texts.length - shown.length;
  const all = rest === 0 ? shown : [...shown, `and ${rest} more: see summary.md`];
  return all.map((text) => `::${kind} title=${propertyText(title)}::${dataText(text)}`);
}

/** As GitHub reads it back. */
function dataText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function propertyText(text: string): string {
  return dataText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

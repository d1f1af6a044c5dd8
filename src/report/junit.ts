// The summary as JUnit XML, which every build server reads: a test case a threshold, and one for whatever spoils a run. Pure.
import type { Summary, ThresholdResult } from "../result/summary.js";
import { thresholdName, thresholdValue, verdictReasons } from "./verdict-words.js";

interface TestCase {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  /** With the measured value. */
  readonly text: string;
}

/**
 * junit.xml. A crossed threshold is a failure. A run whose figures are not the server's, or that did not run to its end, is an error;
 * the thresholds of an invalid run are skipped, for they were judged on figures that say nothing.
 *
 * @param endedWhy Why the run did not run to its end, in words.
 */
export function junitXml(summary: Summary, endedWhy?: string): string {
  const cases = [...runCases(summary, endedWhy), ...summary.thresholds.map((result) => thresholdCase(result, summary))];
  const count = (outcome: TestCase["outcome"]): number => cases.filter((one) => one.outcome === outcome).length;
  const { run } = summary;
  const seconds = (run.durationMs / 1000).toFixed(3);
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}"`;
  const suite = `${counts} skipped="${count("skipped")}" time="${seconds}" timestamp=${quoted(run.startedAt)}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="utp-load" ${counts} time="${seconds}">`,
    `  <testsuite name=${quoted(run.profile)} ${suite}>`,
    ...propertyLines(summary),
    ...cases.flatMap((one) => caseLines(one, run.profile)),
    `    <system-out>${escaped(verdictReasons(summary, endedWhy).join("; "))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** What is wrong with the run itself; a run without thresholds has one case at least, for build servers refuse a file without any. */
function runCases({ verdict, partial, clients, generator, thresholds }: Summary, endedWhy?: string): TestCase[] {
  const cases: TestCase[] = [];
  if (partial) cases.push({ name: RUN_ENDS, outcome: "error", text: endedWhy ?? "the run did not run to its end" });
  if (verdict === "invalid") {
    const text = `the figures are not the server's: ${generator.why.join("; ")}`;
    cases.push({ name: "the generator holds the planned load", outcome: "error", text });
  }
  if (clients.started > 0 && clients.connected === 0) {
    const text = `none of ${clients.started} clients that started became connected`;
    cases.push({ name: "the server lets clients in", outcome: "failure", text });
  }
  if (cases.length > 0 || thresholds.length > 0) return cases;
  return [{ name: RUN_ENDS, outcome: "passed", text: "no thresholds were set" }];
}

const RUN_ENDS = "the run comes to its end";

function thresholdCase(result: ThresholdResult, { verdict }: Summary): TestCase {
  const measured = `measured ${thresholdValue(result)}`;
  const name = thresholdName(result);
  if (verdict === "invalid") return { name, outcome: "skipped", text: `${measured}, but not by the server's doing` };
  return {
    name,
    outcome: result.ok ? "passed" : "failure",
    text: `${name} ${result.ok ? "held" : "was crossed"}: ${measured}`,
  };
}

function caseLines({ name, outcome, text }: TestCase, profile: string): string[] {
  const head = `    <testcase name=${quoted(name)} classname=${quoted(`utp-load.${profile}`)}`;
  if (outcome === "passed") return [`${head}>`, `      <system-out>${escaped(text)}</system-out>`, "    </testcase>"];
  return [`${head}>`, `      <${outcome} message=${quoted(text)}>${escaped(text)}</${outcome}>`, "    </testcase>"];
}

function propertyLines({ run, verdict }: Summary): string[] {
  const facts = {
    verdict,
    target: run.target,
    client: run.client,
    seed: String(run.seed),
    version: run.version,
    node: run.node,
    ...(run.shard !== null && { shard: run.shard }),
  };
  const lines = Object.entries(facts).map(([name, value]) => `      <property name="${name}" value=${quoted(value)}/>`);
  return ["    <properties>", ...lines, "    </properties>"];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no way to write most control characters, nor half a surrogate pair. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Cs}/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** An attribute's value, quoted; line ends in it would be read as blanks. */
function quoted(text: string): string {
  return `"${escaped(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)}"`;
}

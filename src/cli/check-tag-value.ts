// Whether a threshold's tag can have the value that it asks for: one that never comes would always find nothing. Pure.
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";
import type { Threshold, ThresholdSpec } from "../metrics/thresholds-parser.js";
import { REASON_NAMES, UNITY_REASONS } from "../protocol/disconnect-reason.js";

/** Reasons with a number behind them. */
const NUMBERED: Readonly<Record<string, string>> = {
  WebSocketClose: "WebSocketClose:CODE, such as WebSocketClose:1001",
  UpgradeRejected: "UpgradeRejected:STATUS, such as UpgradeRejected:404",
};

/**
 * @param metric The threshold's, without its tag.
 * @param pipelines What those of the profile are called in results.
 * @throws {UsageError} If a reason or a pipeline of that name does not exist; the hint has the nearest that does.
 */
export function checkTagValue(
  { metric: written, expression }: ThresholdSpec,
  metric: string,
  { name, value }: NonNullable<Threshold["tag"]>,
  pipelines: readonly string[],
): void {
  const known = name === "reason" ? reasonsOf(metric) : name === "pipeline" ? pipelines : undefined;
  if (known === undefined || isKnown(value, known)) return;
  const numbered = NUMBERED[value];
  const rule = numbered ?? `one of ${known.map((reason) => NUMBERED[reason]?.split(",")[0] ?? reason).join(", ")}`;
  const meant = nearestName(value, known);
  const hint = numbered === undefined && meant !== undefined ? `Did you mean ${meant}?` : HINTS[name]!;
  throw new UsageError(
    `Cannot use threshold "${written}: ${expression}": its ${name} must be ${rule}, got ${JSON.stringify(value)}`,
    hint,
  );
}

const HINTS: Readonly<Record<string, string>> = {
  reason: "docs/errors.md has all reasons and what they mean",
  pipeline: "A pipeline is called by its name where the preset of the profile has one, else by its number",
};

/** Disconnects are counted by cause, and by the word of a Unity client. */
function reasonsOf(metric: string): readonly string[] {
  return metric === "disconnects" ? [...new Set([...REASON_NAMES, ...Object.keys(UNITY_REASONS)])] : REASON_NAMES;
}

function isKnown(value: string, known: readonly string[]): boolean {
  const [base = "", number] = value.split(":", 2);
  return known.includes(base) && (NUMBERED[base] === undefined ? value === base : /^\d+$/.test(number ?? ""));
}

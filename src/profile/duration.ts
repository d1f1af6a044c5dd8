// Durations as people write them (`10s`, `500ms`, `1m30s`, `2h`) to milliseconds and back. Pure.

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/y;

/** Milliseconds, or undefined when `text` is no duration. Units fall from left to right; a bare `0` is 0; no signs. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  let totalMs = 0;
  let smallestMs = Number.POSITIVE_INFINITY;
  PART.lastIndex = 0;
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    const part = PART.exec(text);
    const unitMs = UNIT_MS[part?.[2] ?? ""] ?? Number.POSITIVE_INFINITY;
    if (part === null || unitMs >= smallestMs) return undefined;
    totalMs += Number(part[1]) * unitMs;
    smallestMs = unitMs;
  }
  return text === "" ? undefined : totalMs;
}

/** The shortest text that `parseDuration` reads as `durationMs` again: `1m30s`, `500ms`, `0s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs <= 0) return "0s";
  let restMs = durationMs;
  let text = "";
  for (const unit of ["h", "m"] as const) {
    const count = Math.floor(restMs / UNIT_MS[unit]!);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * UNIT_MS[unit]!;
  }
  if (restMs >= 1000) return `${text}${trimmed(restMs / 1000)}s`;
  return restMs > 0 ? `${text}${trimmed(restMs)}ms` : text;
}

/** At most three decimals, without trailing zeros. */
function trimmed(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

// Numbers as a person reads them in a terminal: few digits, thousands marked. Pure; the same in every locale.

/** Three digits that matter at most, and a dash where there is no value. */
export function msText(valueMs: number | null | undefined): string {
  if (valueMs === null || valueMs === undefined) return "-";
  if (valueMs >= 100) return countText(Math.round(valueMs));
  return valueMs.toFixed(valueMs >= 10 ? 1 : 2);
}

/** A whole number with commas between thousands. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A rate a second in few characters: `950`, `20.0k`, `1.25M`. */
export function rateText(perSecond: number): string {
  if (perSecond >= 999_950) return `${(perSecond / 1e6).toFixed(2)}M`;
  if (perSecond >= 9999.5) return `${(perSecond / 1e3).toFixed(1)}k`;
  return perSecond >= 99.95 ? countText(perSecond) : perSecond.toFixed(1).replace(/\.0$/, "");
}

/** Bytes in binary units. */
export function bytesText(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return `${countText(bytes / 1024)} KiB`;
}

/** A share as percent; never 100% or 0% where a little is missing or left. */
export function percentText(part: number, whole: number): string {
  if (whole === 0) return "-";
  const percent = (100 * part) / whole;
  if (part < whole && percent > 99.9) return "99.9%";
  if (part > 0 && percent < 0.1) return "0.1%";
  return `${percent.toFixed(1).replace(/\.0$/, "")}%`;
}

/** `{ Silence: 3, ... }` as `Silence 3, ...`, the largest first; empty text for nothing. */
export function countsText(counts: Record<string, number>): string {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  return entries
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${countText(count)}`)
    .join(", ");
}

// Values of a chart as text: on its axes, and beside its series while the reader points at it. Pure.
import { bytesText, countText, msText, rateText } from "../numbers.js";
import type { ChartSpec, ChartUnit } from "./chart-spec.js";

const TEXT_OF: Record<ChartUnit, (value: number) => string> = {
  ms: (value) => `${msText(value)} ms`,
  count: (value) => countText(value),
  perSecond: (value) => `${rateText(value)}/s`,
  bytes: (value) => bytesText(value),
  bytesPerSecond: (value) => `${bytesText(value)}/s`,
  percent: (value) => `${Math.round(value)}%`,
};

/** A measured value with its unit, a dash where there is none. */
export function valueText(unit: ChartUnit, value: number | null | undefined): string {
  return value === null || value === undefined ? "-" : TEXT_OF[unit](value);
}

/** The label of an axis; short, because phones are narrow. 0 needs no unit's own writing of it. */
export function tickText(unit: ChartUnit, value: number): string {
  if (value === 0) return "0";
  if (unit === "ms") return `${Number(value.toPrecision(3))} ms`;
  if (unit === "count") return value >= 10_000 ? rateText(value) : String(value);
  if (unit === "bytes" || unit === "bytesPerSecond") return `${byteTick(value)}${unit === "bytes" ? "" : "/s"}`;
  return TEXT_OF[unit](value);
}

function byteTick(bytes: number): string {
  const [size, name] = bytes >= 2 ** 30 ? [2 ** 30, "GiB"] : bytes >= 2 ** 20 ? [2 ** 20, "MiB"] : [2 ** 10, "KiB"];
  return `${Number((bytes / size).toPrecision(3))} ${name}`;
}

/** Where the reader points. */
export function xText(x: ChartSpec["x"], value: number): string {
  return x === "seconds" ? clockText(value) : percentileText(value);
}

/** Seconds since the start as `75 s`, `12:30` or `3:12:30`. */
export function clockText(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const digits = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${digits(minutes)}:${digits(rest)}` : `${minutes}:${digits(rest)}`;
}

/** `1 / (1 - share)` as the percentile that it stands for: 1000 is `99.9%`. */
export function percentileText(inverse: number): string {
  const percent = 100 - 100 / inverse;
  const nines = Math.max(0, Math.ceil(Math.log10(inverse)) - 1);
  return `${Number(percent.toFixed(nines))}%`;
}

// Times in which no client heard anything, out of the seconds of a run, and what became of the messages that were sent in them. Pure.
import { type Silence, silenceMs } from "../metrics/silence.js";
import type { SeriesPoint } from "./observations.js";

/** `late`: answers came behind it, as late as it was long. `lost`: what was sent in it was never answered. `over`: nobody can tell. */
export type SpellEnd = "never" | "late" | "lost" | "over";

export interface SilentSpell extends Silence {
  readonly clients: number;
  readonly end: SpellEnd;
}

/** Shorter ones are ordinary; so is what is no longer than this many of the run's usual pauses. */
const MIN_SPELL_MS = 250;
const USUAL_TIMES = 4;
/** What is usual is taken from the quieter quarter of the seconds, as a run may be full of spells. */
const USUAL_SHARE = 0.25;
/** One or two clients may well be silent together. */
const MIN_CLIENTS = 3;
const SAME_MS = 1;
/** An answer this late, as a share of the spell, waited in it. */
const LATE_SHARE = 0.5;
/** Shorter than this, or with fewer sends, no answer says nothing. */
const MIN_LOST_MS = 1000;
const MIN_SENDS = 3;

/** In the order of their beginnings. */
export function silentSpellsOf(series: readonly SeriesPoint[]): SilentSpell[] {
  const limitMs = Math.max(MIN_SPELL_MS, USUAL_TIMES * usualPauseMs(series));
  const spells: SilentSpell[] = [];
  for (const [index, { silence, connected }] of series.entries()) {
    const clients = Math.max(connected, series[index - 1]?.connected ?? 0);
    if (silence === undefined || silenceMs(silence) < limitMs || clients < MIN_CLIENTS) continue;
    const last = spells.at(-1);
    if (last !== undefined && Math.abs(last.fromMs - silence.fromMs) <= SAME_MS) spells.pop();
    spells.push({ ...silence, clients, end: endOf(silence, series) });
  }
  return spells;
}

function usualPauseMs(series: readonly SeriesPoint[]): number {
  const pausesMs = series.flatMap(({ silence }) => (silence === undefined ? [] : [silenceMs(silence)]));
  return pausesMs.sort((a, b) => a - b)[Math.floor(pausesMs.length * USUAL_SHARE)] ?? 0;
}

function endOf(spell: Silence, series: readonly SeriesPoint[]): SpellEnd {
  const { fromMs, toMs } = spell;
  const isOver = series.some(({ silence }) => silence !== undefined && silence.fromMs >= toMs - SAME_MS);
  if (!isOver) return "never";
  const behind = series.filter(
    ({ elapsedMs, intervalMs }) => elapsedMs >= toMs && elapsedMs - intervalMs <= toMs + 1000,
  );
  const highestMs = Math.max(0, ...behind.map(({ highestRttMs }) => highestRttMs ?? 0));
  if (highestMs >= silenceMs(spell) * LATE_SHARE) return "late";
  const within = series.filter(({ elapsedMs, intervalMs }) => elapsedMs > fromMs && elapsedMs - intervalMs < toMs);
  const sent = within.reduce((sum, point) => sum + point.sent, 0);
  const isEchoed = series.some(({ answered }) => answered > 0);
  return isEchoed && sent >= MIN_SENDS && silenceMs(spell) >= MIN_LOST_MS ? "lost" : "over";
}

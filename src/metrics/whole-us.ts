// How fine an instant or a duration is kept. Rounds, and knows nothing of what it rounds.

/** Ms with three decimals: no file needs to hold more digits. */
export function wholeUs(valueMs: number): number {
  return Math.round(valueMs * 1000) / 1000;
}

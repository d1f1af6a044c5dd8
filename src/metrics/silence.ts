// A time in which nothing at all arrived, and what several threads that each saw one have seen together. Pure.

/** Of all connected clients of a thread, or of several; instants in whole ms since the plan's start. */
export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

export function silenceMs({ fromMs, toMs }: Silence): number {
  return toMs - fromMs;
}

/** Of two silences of the same clients: the first of the longest. */
export function longerSilence(a: Silence | undefined, b: Silence | undefined): Silence | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return silenceMs(b) > silenceMs(a) ? b : a;
}

/**
 * The part that both lie in: where one of two threads heard something, not all clients were silent. Undefined: that thread had no client
 * connected, and says nothing.
 */
export function commonSilence(a: Silence | undefined, b: Silence | undefined): Silence | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const fromMs = Math.max(a.fromMs, b.fromMs);
  return { fromMs, toMs: Math.max(fromMs, Math.min(a.toMs, b.toMs)) };
}

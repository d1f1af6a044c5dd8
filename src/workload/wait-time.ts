// How long a client waits, drawn from its seeded stream. Waits for nothing itself.
import type { WaitTime } from "../profile/scenario.js";
import type { ClientVariables } from "./client-variables.js";
import { drawReal, drawShare } from "./random-draw.js";
import type { VariableLayout } from "./variable-layout.js";

/** The next wait of a client in ms, finite and >= 0. The same in every run of the same seed and scenario. */
export type WaitDraw = (client: ClientVariables) => number;

/**
 * Normal: Box and Muller's transform, a negative draw counts as 0. Exponential: the logarithm of a uniform draw.
 *
 * @throws {RangeError} If a time is no finite number >= 0, or the shortest is longer than the longest.
 */
export function compileWait(wait: WaitTime, layout: VariableLayout): WaitDraw {
  checkWait(wait);
  if (wait.kind === "fixed") return () => wait.ms;
  const stream = layout.addRandom();
  switch (wait.kind) {
    case "uniform":
      return (client) => drawReal(client, stream, wait.minMs, wait.maxMs);
    case "normal":
      return (client) => Math.max(0, wait.meanMs + wait.stdDevMs * drawNormal(client, stream));
    case "exponential":
      return (client) => wait.meanMs * drawExponential(client, stream);
  }
}

function checkWait(wait: WaitTime): void {
  for (const [name, ms] of Object.entries(wait)) {
    if (name === "kind" || (Number.isFinite(ms) && Number(ms) >= 0)) continue;
    throw new RangeError(`Cannot compile a script: ${name} of a wait must be a finite number >= 0, got ${ms}`);
  }
  if (wait.kind !== "uniform" || wait.minMs <= wait.maxMs) return;
  throw new RangeError(
    `Cannot compile a script: minMs of a wait must be at most maxMs, got ${wait.minMs}, ${wait.maxMs}`,
  );
}

/** Mean 1; never infinite. */
function drawExponential(client: ClientVariables, stream: number): number {
  return -Math.log(1 - drawShare(client, stream) * (1 - Number.EPSILON / 2));
}

/** Mean 0, standard deviation 1. */
function drawNormal(client: ClientVariables, stream: number): number {
  const radius = Math.sqrt(2 * drawExponential(client, stream));
  return radius * Math.cos(2 * Math.PI * drawShare(client, stream));
}

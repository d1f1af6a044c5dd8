// Whether the figures of a run can be believed, and what they say. It judges; it measures and prints nothing.
import type { Summary, ThresholdResult, Trust, Verdict } from "./summary.js";

/** The contract's limits: beyond them the figures are the generator's, not the server's. */
export const INVALID = { droppedShare: 0.01, laggingSeconds: 3 } as const;

/**
 * Softer limits: the figures stand, but the generator was near its limit. Drops of a thousandth, one second of lag, a send lag p99 of
 * half the limit over the whole time, an event loop as late as the limit, 90% of the cores that the workers can use.
 */
export const SUSPECT = { droppedShare: 0.001, laggingSeconds: 1, lagShareOfLimit: 0.5, cpuShare: 0.9 } as const;

/** What is known of the generator; times in ms, counts over the measured part of the run. */
export interface GeneratorFacts {
  readonly messagesPlanned: number;
  readonly messagesDropped: number;
  /** Of the dropped: those whose server did not take what was sent before. */
  readonly droppedByServer: number;
  /** Of the dropped: those for which the window of their reliable pipeline had no room. */
  readonly droppedByWindow: number;
  readonly laggingSeconds: number;
  readonly lagLimitMs: number;
  /** null: nothing was sent. */
  readonly sendLagP99Ms: number | null;
  /** null: not measured. */
  readonly eventLoopDelayP99Ms: number | null;
  /** Percent of one core, over the run. */
  readonly cpuPercent: number;
  readonly workers: number;
  /** Connections that this machine refused to open: descriptors, ports. */
  readonly localFailures: number;
  /** In words: the worker that was lost and why; undefined: none was. */
  readonly lost: string | undefined;
}

export interface GeneratorTrust {
  trust: Trust;
  /** The generator could not keep its plan, for a moment at least, or had no CPU left. */
  saturated: boolean;
  /** One sentence a reason, the gravest first; empty where it is trusted. */
  why: string[];
}

/** Judges the generator by the limits above. */
export function generatorTrust(facts: GeneratorFacts): GeneratorTrust {
  const invalid = invalidReasons(facts);
  const suspect = suspectReasons(facts);
  const trust = invalid.length > 0 ? "invalid" : suspect.length > 0 ? "suspect" : "trusted";
  const dropped = facts.messagesDropped - facts.droppedByServer - facts.droppedByWindow;
  const saturated = dropped > 0 || facts.laggingSeconds > 0 || isCpuFull(facts);
  return { trust, saturated, why: [...invalid, ...suspect] };
}

function invalidReasons(facts: GeneratorFacts): string[] {
  const why: string[] = [];
  if (facts.lost !== undefined) why.push(`part of the generator was lost: ${facts.lost}`);
  if (facts.messagesDropped > facts.messagesPlanned * INVALID.droppedShare) why.push(`${droppedText(facts)}, over 1%`);
  if (facts.laggingSeconds >= INVALID.laggingSeconds) {
    why.push(`send lag p99 was over ${facts.lagLimitMs} ms for ${facts.laggingSeconds} seconds on end`);
  }
  return why;
}

function suspectReasons(facts: GeneratorFacts): string[] {
  const why: string[] = [];
  const { laggingSeconds, sendLagP99Ms, eventLoopDelayP99Ms } = facts;
  const droppedShare = facts.messagesDropped / Math.max(1, facts.messagesPlanned);
  if (droppedShare > SUSPECT.droppedShare && droppedShare <= INVALID.droppedShare) why.push(droppedText(facts));
  if (laggingSeconds >= SUSPECT.laggingSeconds && laggingSeconds < INVALID.laggingSeconds) {
    why.push(`send lag p99 was over ${facts.lagLimitMs} ms for ${laggingSeconds} s`);
  }
  if (laggingSeconds === 0 && sendLagP99Ms !== null && sendLagP99Ms > facts.lagLimitMs * SUSPECT.lagShareOfLimit) {
    why.push(`send lag p99 was ${tenths(sendLagP99Ms)} ms, near the limit of ${facts.lagLimitMs} ms`);
  }
  if (eventLoopDelayP99Ms !== null && eventLoopDelayP99Ms > facts.lagLimitMs) {
    why.push(`timers of the generator fired up to ${tenths(eventLoopDelayP99Ms)} ms late (p99)`);
  }
  if (isCpuFull(facts))
    why.push(`the generator used ${Math.round(facts.cpuPercent)}% CPU with ${facts.workers} workers`);
  if (facts.localFailures > 0) {
    why.push(`${facts.localFailures} connections could not be opened for want of descriptors or ports on this machine`);
  }
  return why;
}

function tenths(valueMs: number): number {
  return Math.round(valueMs * 10) / 10;
}

function isCpuFull({ cpuPercent, workers }: GeneratorFacts): boolean {
  return cpuPercent >= 100 * workers * SUSPECT.cpuShare;
}

function droppedText(facts: GeneratorFacts): string {
  const { messagesDropped, messagesPlanned, droppedByServer, droppedByWindow } = facts;
  const percent = ((100 * messagesDropped) / Math.max(1, messagesPlanned)).toFixed(1);
  const text = `${messagesDropped} of ${messagesPlanned} planned sends (${percent}%) were dropped`;
  const byServer = droppedByServer > 0 ? `, ${droppedByServer} of them because the server did not read` : "";
  const byWindow = droppedByWindow > 0 ? `, ${droppedByWindow} of them because a reliable window was full` : "";
  return text + byServer + byWindow;
}

/** `invalid` before `fail`: a threshold judged on figures that are not the server's says nothing. */
export function verdictOf(trust: Trust, thresholds: readonly ThresholdResult[], clients: Summary["clients"]): Verdict {
  if (trust === "invalid") return "invalid";
  if (thresholds.some((threshold) => !threshold.ok) || wasNeverReached(clients)) return "fail";
  return "pass";
}

/** No client became connected although some tried: they failed, or the plan ended while they still waited. */
export function wasNeverReached({ connected, started }: Summary["clients"]): boolean {
  return connected === 0 && started > 0;
}

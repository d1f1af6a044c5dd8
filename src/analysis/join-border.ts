// Finds a sharp border in join order: clients before it are served, clients behind it are not. Pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";

export interface JoinBorder {
  /** Clients in join order before the border, and behind it. */
  readonly servedBefore: number;
  readonly behind: number;
  /** Of those behind: without a 101, with a 101 but no Accept, accepted but without any answer. */
  readonly withoutUpgrade: number;
  readonly withoutAccept: number;
  readonly withoutAnswer: number;
}

/** Ends of an attempt that are no answer at all; a refusal is one, and draws no border. */
const SILENT_ENDS = new Set(["UpgradeTimeout", "ConnectTimeout", "UtpAcceptTimeout", "Cancelled"]);
/** A client that waits no longer than this at the end of the run may still have been let in. */
const MIN_QUIET_MS = 1000;
/** With fewer sends, no answer may be bad luck. */
const MIN_SENDS = 5;
const MIN_CLIENTS = 3;
/** Clients on the wrong side, as a share of the smaller side: slots at the border are served now and then. */
const MIXED_SHARE = 0.1;

type Lack = "none" | "upgrade" | "accept" | "answer";

/** The border, or undefined where there is none: all are served, none is, or the two are mixed. */
export function joinBorderOf(outcomes: readonly ClientOutcome[]): JoinBorder | undefined {
  const lastUpgradeMs = outcomes.reduce((last, { upgradeMs }) => Math.max(last, upgradeMs ?? 0), 0);
  const hasAnswers = outcomes.some(({ answered }) => answered > 0);
  const judged = [...outcomes]
    .sort((a, b) => a.startedMs - b.startedMs || a.number - b.number)
    .map((outcome) => lackOf(outcome, lastUpgradeMs, hasAnswers))
    .filter((lack) => lack !== undefined);
  const servedBefore = bestSplit(judged.map((lack) => lack === "none"));
  const behind = judged.slice(servedBefore).filter((lack) => lack !== "none");
  const mixed = judged.length - servedBefore - behind.length + judged.slice(0, servedBefore).filter(isLack).length;
  const smaller = Math.min(servedBefore, behind.length);
  if (smaller < MIN_CLIENTS || mixed > smaller * MIXED_SHARE) return undefined;
  const count = (lack: Lack): number => behind.filter((found) => found === lack).length;
  return {
    servedBefore,
    behind: behind.length,
    withoutUpgrade: count("upgrade"),
    withoutAccept: count("accept"),
    withoutAnswer: count("answer"),
  };
}

function isLack(lack: Lack): boolean {
  return lack !== "none";
}

/** What the server owed this client and did not give; undefined: cannot be said. */
function lackOf(outcome: ClientOutcome, lastUpgradeMs: number, hasAnswers: boolean): Lack | undefined {
  const { upgradeMs, acceptMs, endedMs, endReason, sent, answered } = outcome;
  if (acceptMs !== undefined) {
    if (!hasAnswers || answered > 0 || sent === 0) return "none";
    return sent >= MIN_SENDS ? "answer" : undefined;
  }
  if (endReason !== undefined && !SILENT_ENDS.has(endReason)) return undefined;
  // While others are still let in, one a tick, this one only waits its turn.
  const waitsSinceMs = upgradeMs ?? Math.max(lastUpgradeMs, outcome.startedMs);
  const quietMs = (endedMs ?? Number.POSITIVE_INFINITY) - waitsSinceMs;
  if (quietMs < MIN_QUIET_MS) return undefined;
  return upgradeMs === undefined ? "upgrade" : "accept";
}

/** How many to put before the border so that fewest stand on the wrong side. */
export function bestSplit(served: readonly boolean[]): number {
  let wrong = served.filter(Boolean).length;
  let fewest = wrong;
  let best = 0;
  for (const [index, isServed] of served.entries()) {
    wrong += isServed ? -1 : 1;
    if (wrong < fewest) {
      fewest = wrong;
      best = index + 1;
    }
  }
  return best;
}

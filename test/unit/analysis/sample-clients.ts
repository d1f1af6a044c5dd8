// Clients of imagined runs, for tests of what finds patterns in them.
import type { ClientOutcome } from "../../../src/metrics/client-outcome.js";

/** A client that joined at once, was answered and left at the end of a run of 10 s. */
export function served(number: number, changes: Partial<ClientOutcome> = {}): ClientOutcome {
  const startedMs = changes.startedMs ?? number;
  return {
    number,
    startedMs,
    upgradeMs: startedMs + 12,
    acceptMs: startedMs + 25,
    endedMs: 10_000,
    endReason: "ClosedByClient",
    sent: 100,
    answered: 99,
    ...changes,
  };
}

/** A client whose 101 never came. */
export function without101(number: number, changes: Partial<ClientOutcome> = {}): ClientOutcome {
  const nothing = { upgradeMs: undefined, acceptMs: undefined, sent: 0, answered: 0, endReason: "Cancelled" };
  return served(number, { ...nothing, ...changes });
}

/** A client that was accepted and sent, but got no answer. */
export function unanswered(number: number): ClientOutcome {
  return served(number, { answered: 0 });
}

export function clients(count: number, create: (number: number) => ClientOutcome, from = 0): ClientOutcome[] {
  return Array.from({ length: count }, (_, index) => create(from + index));
}

/** `count` clients that arrive `everyMs` apart at a server that lets one in an update of `tickHz`. */
export function queued(count: number, tickHz: number, everyMs = 0): ClientOutcome[] {
  const periodMs = 1000 / tickHz;
  let lastTick = 0;
  return clients(count, (number) => {
    const startedMs = number * everyMs;
    lastTick = Math.max(lastTick + 1, Math.ceil(startedMs / periodMs));
    const upgradeMs = lastTick * periodMs;
    return served(number, { startedMs, upgradeMs, acceptMs: upgradeMs + 2 * periodMs });
  });
}

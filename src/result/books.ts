// The books of a run: sums that must be equal whatever happened. Pure; an imbalance is a bug of utp-load.
import type { Summary } from "./summary.js";

/** Every book that does not balance, in words with its numbers; empty: all do. */
export function bookImbalances({ clients, connect, messages, disconnects }: Summary): string[] {
  const ended = Object.values(disconnects.byReason).reduce((sum, count) => sum + count, 0);
  const failures = Object.values(connect.failures).reduce((sum, count) => sum + count, 0);
  const { planned, notStarted, started, connected, failed, cancelled, aliveAtEnd } = clients;
  const books: [string, number, string, number][] = [
    ["clients planned", planned, "not started + started", notStarted + started],
    ["clients started", started, "connected + failed + cancelled", connected + failed + cancelled],
    ["connections established", connect.established, "disconnects by reason + alive at the end", ended + aliveAtEnd],
    ["disconnects", disconnects.total, "disconnects by reason", ended],
    ["failed attempts", connect.failed, "failures by reason", failures],
    ["messages planned", messages.planned, "sent + dropped", messages.sent + messages.dropped],
  ];
  return books
    .filter(([, left, , right]) => left !== right)
    .map(([leftName, left, rightName, right]) => `${leftName} ${left}, but ${rightName} ${right}`);
}

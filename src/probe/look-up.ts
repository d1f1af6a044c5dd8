// The name of a URL to numeric addresses, within a limit of time. Connects to nothing.
import { isIP } from "node:net";
import type { Scheduler } from "../time/clock.js";
import type { Ending } from "./observation.js";

export type LookUp =
  | { readonly kind: "found"; readonly addresses: readonly string[]; readonly detail: string }
  | { readonly kind: "failed"; readonly ending: Ending; readonly detail: string };

/**
 * @param host Name or address, without brackets.
 * @param lookUp Numeric addresses of a name; rejects where there are none.
 */
export async function lookUpHost(
  host: string,
  lookUp: (host: string) => Promise<string[]>,
  scheduler: Scheduler,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<LookUp> {
  if (isIP(host) !== 0) return { kind: "found", addresses: [host], detail: `${host} is an address, no look-up` };
  const limit = after(limitMs, scheduler, signal);
  try {
    const found = await Promise.race([lookUp(host), limit.reached]);
    if (found === "limit") return failed({ kind: "limit" }, `nothing within ${limitMs} ms`);
    if (found === "interrupted") return failed({ kind: "interrupted" }, "interrupted");
    return { kind: "found", addresses: found, detail: `${host} is ${found.join(", ")}` };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return failed({ kind: "failed", failure: { reason: "HostNotFound", detail } }, detail);
  } finally {
    limit.cancel();
  }
}

function failed(ending: Ending, detail: string): LookUp {
  return { kind: "failed", ending, detail };
}

/** Settles after `limitMs` or when `signal` is aborted, whichever is first. */
function after(limitMs: number, scheduler: Scheduler, signal: AbortSignal | undefined) {
  const entry = { heapIndex: -1, dueMs: 0, fire: (): void => {} };
  const reached = new Promise<"limit" | "interrupted">((resolve) => {
    entry.fire = () => resolve("limit");
    signal?.addEventListener("abort", () => resolve("interrupted"), { once: true });
  });
  scheduler.schedule(entry, scheduler.nowMs() + limitMs);
  return { reached, cancel: () => scheduler.cancel(entry) };
}

// Diagnoses of the generator and of the run's own set-up: whose figures these are, and what they leave out. Each rule is pure.
import { bookImbalances } from "../result/books.js";
import type { Diagnosis, Summary } from "../result/summary.js";
import type { Observations } from "./observations.js";

/** The generator was late, dropped sends, or lost a part. */
export function lateGenerator({ generator, run }: Summary): Diagnosis | undefined {
  if (generator.trust === "trusted") return undefined;
  const isInvalid = generator.trust === "invalid";
  return {
    code: isInvalid ? "generator-invalid" : "generator-suspect",
    severity: isInvalid ? "error" : "warning",
    message:
      (isInvalid
        ? "The figures are the generator's, not the server's: it could not hold the planned load. "
        : "The generator was near its limit: take the slowest few percent with care. ") +
      `Use fewer clients or a lower rate, more --workers (now ${run.workers}), a quieter machine, or several machines.`,
    evidence: `${generator.why.join("; ")}; since second ${generator.troubleSinceSecond}`,
  };
}

/** The warm-up ate the ramp, so that connect times are empty although clients connected. */
export function warmupCoversRamp({ clients, connect }: Summary, { profile }: Observations): Diagnosis | undefined {
  if (profile.warmupMs === 0 || clients.connected === 0 || connect.latencyMs.total.count > 0) return undefined;
  return {
    code: "warmup-covers-ramp",
    severity: "info",
    message:
      "All clients connected during the warm-up, which is left out: connect times are empty and thresholds on them fail. " +
      "They are in samples.ndjson; shorten --warmup to judge them.",
    evidence: `warm-up ${profile.warmupMs / 1000} s, ${clients.connected} clients connected in it`,
  };
}

/** Sums that must be equal are not: a bug of utp-load itself. */
export function unbalancedBooks(summary: Summary): Diagnosis | undefined {
  const imbalances = bookImbalances(summary);
  if (imbalances.length === 0) return undefined;
  return {
    code: "books-do-not-balance",
    severity: "error",
    message: "utp-load lost count: this is a bug of its own, please report it with this folder. Do not trust the sums.",
    evidence: imbalances.join("; "),
  };
}

// Whether and when a player whose connection ended by itself comes back. Seeded; it starts nothing and knows no clock.
import type { ReconnectPolicy } from "../profile/scenario.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import { Random } from "../workload/random.js";

/** Keeps these draws apart from those of the client's payloads. */
const SEED_OFFSET = 0x5bd1e995;

/** The reconnects of one client under its scenario's policy. */
export class Comebacks {
  readonly #policy: ReconnectPolicy;
  readonly #random: Random;
  #used = 0;

  constructor(policy: ReconnectPolicy, seed: number, client: number) {
    this.#policy = policy;
    this.#random = new Random(seed + SEED_OFFSET, client);
  }

  /** Takes one: the wait before the next attempt after an end with this reason, ms; undefined: the player stays away. */
  takeDelayMs(reason: Reason): number | undefined {
    const { reasons, maxReconnects, firstMs, factor, maxMs, jitterShare } = this.#policy;
    if (this.#used >= maxReconnects || !reasons.includes(nameOf(reason))) return undefined;
    const growth = Math.min(factor ** this.#used++, Number.MAX_VALUE);
    const jitter = jitterShare * ((2 * this.#random.uint32()) / 2 ** 32 - 1);
    return Math.min(firstMs * growth, maxMs) * (1 + jitter);
  }
}

/** A reason without its number. */
function nameOf(reason: Reason): string {
  return reason.split(":")[0]!;
}

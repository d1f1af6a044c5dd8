// Whether and when a player whose connection ended comes back. Seeded; it starts nothing and knows no clock.
import type { ReconnectPolicy } from "../profile/scenario.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import { Random } from "../workload/random.js";

/** Keeps these draws apart from those of the client's payloads. */
const SEED_OFFSET = 0x5bd1e995;

/** The reconnects of one client: those that its script asks for, and those of its scenario's policy. */
export class Comebacks {
  readonly #policy: ReconnectPolicy | undefined;
  readonly #seed: number;
  readonly #client: number;
  #random: Random | undefined;
  #used = 0;
  #askedMs: number | undefined;

  /** @param policy Undefined: only what is asked for. */
  constructor(policy: ReconnectPolicy | undefined, seed: number, client: number) {
    this.#policy = policy;
    this.#seed = seed;
    this.#client = client;
  }

  /** The script wants to come back this long after the end that comes next, whatever its reason. */
  ask(afterMs: number): void {
    this.#askedMs = afterMs;
  }

  /** Takes one: the wait before the next attempt after an end with this reason, ms; undefined: the player stays away. */
  takeDelayMs(reason: Reason): number | undefined {
    const askedMs = this.#askedMs;
    this.#askedMs = undefined;
    return askedMs ?? this.#policyDelayMs(reason);
  }

  #policyDelayMs(reason: Reason): number | undefined {
    if (this.#policy === undefined) return undefined;
    const { reasons, maxReconnects, firstMs, factor, maxMs, jitterShare } = this.#policy;
    if (this.#used >= maxReconnects || !reasons.includes(nameOf(reason))) return undefined;
    this.#random ??= new Random(this.#seed + SEED_OFFSET, this.#client);
    const growth = Math.min(factor ** this.#used++, Number.MAX_VALUE);
    const jitter = jitterShare * ((2 * this.#random.uint32()) / 2 ** 32 - 1);
    return Math.min(firstMs * growth, maxMs) * (1 + jitter);
  }
}

/** A reason without its number. */
function nameOf(reason: Reason): string {
  return reason.split(":")[0]!;
}

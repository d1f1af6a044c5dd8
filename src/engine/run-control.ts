// What a person may change in a run under way: hold it, more or fewer clients. Each change goes into the books. It starts no run.
import { clientsBeyond, type Plan } from "../workload/plan.js";
import type { RunRecord } from "./run-record.js";
import type { WorkerPool } from "./worker-pool.js";

/** Handed out when a run starts. A change that comes too late, or changes nothing, does nothing and says so. */
export interface RunControl {
  readonly isPaused: boolean;
  /** No client starts and none sends until `resume`; connections stay up. The plan's end does not move. False: nothing to do. */
  pause(): boolean;
  /** Clients that were held back start later by the length of the pause; what would have been sent in it is not planned. */
  resume(): boolean;
  /**
   * More clients, from now to the plan's end, a few a second.
   *
   * @param count >= 1.
   * @returns How many; 0: the run is at its end.
   */
  addClients(count: number): number;
  /**
   * Clients that are connected leave, those that came last first.
   *
   * @param count >= 1.
   * @returns How many were asked to: no more than were connected at the end of the last second.
   */
  removeClients(count: number): number;
  /** As an interrupt by the user: everybody leaves, results are written. */
  stop(): void;
}

export interface RunControlParts {
  readonly pool: Pick<WorkerPool, "tellAll" | "tell" | "add">;
  readonly record: RunRecord;
  readonly plan: Plan;
  /** Number of the first client beyond the plan; default: the plan's clients. A shard's are not those of another. */
  readonly firstNumber?: number;
  readonly workers: number;
  /** Since the plan's start. */
  readonly elapsedMs: () => number;
  /** The run is stopping, or over. */
  readonly isEnding: () => boolean;
  readonly stop: () => void;
  readonly onLog: (line: string) => void;
}

export class WorkerControl implements RunControl {
  readonly #parts: RunControlParts;
  #isPaused = false;
  #nextNumber: number;

  constructor(parts: RunControlParts) {
    this.#parts = parts;
    this.#nextNumber = parts.firstNumber ?? parts.plan.clients.length;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): boolean {
    return this.#hold(true, "paused: no client starts and none sends; connections stay up");
  }

  resume(): boolean {
    return this.#hold(false, "resumed");
  }

  addClients(count: number): number {
    const { pool, plan, workers, elapsedMs, isEnding } = this.#parts;
    checkCount(count);
    const fromMs = elapsedMs();
    if (isEnding() || fromMs >= plan.durationMs) return 0;
    const clients = clientsBeyond(plan, this.#nextNumber, count, fromMs);
    for (let index = 0; index < workers; index++) {
      const share = clients.filter(({ number }) => number % workers === index);
      if (share.length > 0) pool.add(index, share);
    }
    this.#nextNumber += count;
    this.#note(count, `${count} more clients start`);
    return count;
  }

  removeClients(count: number): number {
    const { pool, record, isEnding } = this.#parts;
    checkCount(count);
    if (isEnding()) return 0;
    const shares = takenFromLargest(record.connectedPerWorker, count);
    for (const [index, share] of shares.entries()) if (share > 0) pool.tell(index, { type: "remove", count: share });
    const asked = shares.reduce((sum, share) => sum + share, 0);
    if (asked > 0) this.#note(0, `${asked} clients leave`);
    return asked;
  }

  stop(): void {
    this.#parts.stop();
  }

  #hold(isPaused: boolean, words: string): boolean {
    const { pool, isEnding } = this.#parts;
    if (isEnding() || this.#isPaused === isPaused) return false;
    this.#isPaused = isPaused;
    pool.tellAll({ type: isPaused ? "pause" : "resume" });
    this.#note(0, words);
    return true;
  }

  #note(plannedMore: number, words: string): void {
    const { record, elapsedMs, onLog } = this.#parts;
    record.adjust(plannedMore);
    onLog(`adjusted by hand after ${(elapsedMs() / 1000).toFixed(1)} s: ${words}`);
  }
}

function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`Cannot change the clients: count must be a whole number of 1 or more, got ${count}`);
}

/** Which part of `count` each holder gives, so that those who have most give first; no holder gives more than it has. */
function takenFromLargest(holdings: readonly number[], count: number): number[] {
  const left = [...holdings];
  for (let taken = 0; taken < count; taken++) {
    const largest = Math.max(0, ...left);
    if (largest === 0) break;
    left[left.indexOf(largest)] = largest - 1;
  }
  return holdings.map((held, index) => held - left[index]!);
}

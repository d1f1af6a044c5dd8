// The worker threads of a run: starts them, asks them for snapshots, notices when one is lost. Plans and judges nothing.
import { Worker } from "node:worker_threads";
import type { Snapshot } from "../metrics/snapshot.js";
import type { PlannedClient } from "../workload/plan.js";
import { BotCell } from "./bot-cell.js";
import { BotWatchdog, LOOK_INTERVAL_MS, stuckText } from "./bot-watchdog.js";
import type { FromWorker, ToWorker, WorkerJob } from "./worker-messages.js";

export interface WorkerPoolEvents {
  /** A worker died before it was done; `index` is its place in the jobs. */
  onLost(index: number, why: string): void;
  /** The first failed attempt of a worker. */
  onFailed(reason: string, detail: string): void;
  /** What a script has to say. */
  onLog(line: string): void;
  /** Every worker is done or lost. */
  onAllDone(): void;
}

interface Member {
  readonly worker: Worker;
  ready: boolean;
  done: boolean;
  /** Given to it until now. */
  clients: number;
  lost: boolean;
  /** Id of its last snapshot. */
  lastId: number;
  /** It is ready, or never will be. */
  onReady: () => void;
}

/**
 * The young generation is kept small: what the clients allocate dies at once, and V8's default of 48 MB a thread would only be
 * memory that no client needs (bench: 18 KB a client instead of 34, at the same CPU).
 */
export const WORKER_LIMITS = { maxYoungGenerationSizeMb: 12 } as const;

/** How long a worker may take to answer; then the second goes on without it and its figures come with a later one. */
const ANSWER_TIMEOUT_MS = 900;

export class WorkerPool {
  readonly #members: Member[] = [];
  readonly #events: WorkerPoolEvents;
  #snapshotId = 0;
  #collected: { index: number; snapshot: Snapshot }[] = [];
  #onAnswer: (() => void) | undefined;
  #ended = false;
  #watch: NodeJS.Timeout | undefined;

  private constructor(events: WorkerPoolEvents) {
    this.#events = events;
  }

  /** Starts one worker a job; resolves when each is ready or lost. */
  static async start(jobs: readonly WorkerJob[], events: WorkerPoolEvents): Promise<WorkerPool> {
    const pool = new WorkerPool(events);
    pool.#watchBots(jobs);
    await Promise.all(jobs.map((job, index) => pool.#startWorker(job, index)));
    return pool;
  }

  /** Tells every worker that is still there. */
  tellAll(message: ToWorker): void {
    for (const member of this.#members) if (!member.lost) member.worker.postMessage(message);
  }

  /** Tells one worker. */
  tell(index: number, message: ToWorker): void {
    this.#members[index]?.worker.postMessage(message);
  }

  /** Gives one worker more clients. */
  add(index: number, clients: readonly PlannedClient[]): void {
    const member = this.#members[index];
    if (member === undefined || member.lost) return;
    member.clients += clients.length;
    member.done = false;
    member.worker.postMessage({ type: "add", clients } satisfies ToWorker);
  }

  /** Ends one worker at once, as a crash would; for tests. */
  async kill(index: number): Promise<void> {
    await this.#members[index]?.worker.terminate();
  }

  /**
   * What all workers measured since the last call. A worker that does not answer in time (its thread is busy) is waited for only so
   * long: its answer comes with a later call, nothing is lost.
   */
  async collect(timeoutMs = ANSWER_TIMEOUT_MS): Promise<{ index: number; snapshot: Snapshot }[]> {
    const id = ++this.#snapshotId;
    this.tellAll({ type: "snapshot", id });
    const isComplete = (): boolean => this.#members.every((member) => member.lost || member.lastId >= id);
    if (!isComplete()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#onAnswer = () => {
          if (!isComplete()) return;
          clearTimeout(timer);
          resolve();
        };
      });
      this.#onAnswer = undefined;
    }
    const collected = this.#collected;
    this.#collected = [];
    return collected;
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#watch);
    await Promise.all(this.#members.map((member) => member.worker.terminate()));
  }

  /** A worker that does not come out of a bot's code is ended, and told as lost. */
  #watchBots(jobs: readonly WorkerJob[]): void {
    const cells = jobs.flatMap(({ botCell }) => (botCell === undefined ? [] : new BotCell(botCell)));
    if (cells.length === 0) return;
    const watchdog = new BotWatchdog(cells);
    this.#watch = setInterval(() => {
      for (const { worker: index, bot } of watchdog.look(performance.now())) {
        const member = this.#members[index]!;
        const file = jobs[index]!.profile.scenarios?.[bot.scenario]?.bot?.file ?? "";
        this.#onLost(member, index, stuckText(file, bot));
        void member.worker.terminate();
      }
    }, LOOK_INTERVAL_MS);
  }

  #startWorker(job: WorkerJob, index: number): Promise<void> {
    const worker = new Worker(new URL("./worker-main.js", import.meta.url), {
      workerData: job,
      resourceLimits: WORKER_LIMITS,
    });
    return new Promise((resolve, reject) => {
      const clients = job.clients.length;
      const member: Member = { worker, ready: false, done: false, clients, lost: false, lastId: 0, onReady: resolve };
      this.#members[index] = member;
      worker.on("message", (message: FromWorker) => {
        if (message.type === "ready") {
          member.ready = true;
          resolve();
        } else this.#onMessage(member, index, message);
      });
      worker.on("error", (error) => {
        if (!member.ready) reject(error);
        this.#onLost(member, index, error instanceof Error ? (error.stack ?? error.message) : String(error));
      });
      worker.on("exit", (code) => this.#onLost(member, index, `exit code ${code}`));
    });
  }

  #onMessage(member: Member, index: number, message: FromWorker): void {
    switch (message.type) {
      case "snapshot":
        member.lastId = message.id;
        this.#collected.push({ index, snapshot: message.snapshot });
        this.#onAnswer?.();
        return;
      case "failed":
        return this.#events.onFailed(message.reason, message.detail);
      case "log":
        return this.#events.onLog(message.line);
      case "done":
        // It may have been given more since it said so.
        member.done = message.clients === member.clients;
        return this.#checkDone();
    }
  }

  #onLost(member: Member, index: number, why: string): void {
    if (this.#ended || member.lost) return;
    member.lost = true;
    member.onReady();
    if (!member.done) this.#events.onLost(index, why);
    this.#onAnswer?.();
    this.#checkDone();
  }

  #checkDone(): void {
    if (this.#members.every((member) => member.done || member.lost)) this.#events.onAllDone();
  }
}

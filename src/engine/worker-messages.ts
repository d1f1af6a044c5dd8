// What the main thread and its workers tell each other. Types only; everything is plain data.
import type { Snapshot } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import type { PlannedClient } from "../workload/plan.js";

/** Given to a worker at its start. */
export interface WorkerJob {
  readonly profile: Profile;
  readonly clients: readonly PlannedClient[];
  readonly plannedClients: number;
  readonly url: string;
  readonly address: string | undefined;
  /** Of a `BotCell`, where there are bots: in it the worker says whose code it is in. */
  readonly botCell?: SharedArrayBuffer;
}

export type ToWorker =
  /** The plan starts at this wall-clock instant (performance.timeOrigin + performance.now()), ms since the epoch. */
  | { readonly type: "start"; readonly atEpochMs: number }
  /** Send a snapshot; `id` comes back with it. */
  | { readonly type: "snapshot"; readonly id: number }
  /** No client starts and none sends until `resume`; what is open stays open. */
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  /** Clients beyond the plan. */
  | { readonly type: "add"; readonly clients: readonly PlannedClient[] }
  /** So many of the clients that are there leave, those that came last first. */
  | { readonly type: "remove"; readonly count: number }
  | { readonly type: "leave" }
  | { readonly type: "cut" }
  /** For tests of the generator's honesty: the thread does nothing else for this long. */
  | { readonly type: "block"; readonly forMs: number };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "snapshot"; readonly id: number; readonly snapshot: Snapshot }
  /** An attempt failed; sent for the first only. */
  | { readonly type: "failed"; readonly reason: string; readonly detail: string }
  /** What a script has to say. */
  | { readonly type: "log"; readonly line: string }
  /** All users of this worker are done; so many clients were given to it until then. */
  | { readonly type: "done"; readonly clients: number };

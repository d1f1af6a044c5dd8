// What the virtual users of one thread share. Types only.
import type { SessionEnd, SessionListener } from "../client/session-types.js";
import type { Profile } from "../profile/profile.js";
import type { Scheduler } from "../time/clock.js";
import type { Session } from "./attempt.js";
import type { Role } from "./role.js";

export interface UserContext {
  readonly profile: Profile;
  readonly scheduler: Scheduler;
  /** Start of the plan on the scheduler's clock. */
  readonly originMs: number;
  /** Clients of the whole plan, not only this thread's. */
  readonly plannedClients: number;
  /** Connections up at this moment. */
  connected: number;
  /** One more is up. */
  noteConnected(): void;
  /** Largest connect payload that a Connection Request can carry. */
  readonly maxConnectPayloadBytes: number;
  /** Starts an attempt of client `number`, each with a token of its own; answers go to `listener`, never before it has returned. */
  connect(listener: SessionListener, role: Role, number: number, connectPayload: Uint8Array | undefined): Session;
  /** A script has something to say. */
  onLog(line: string): void;
  /** An attempt failed (not: was cancelled). */
  onFailed(end: SessionEnd): void;
  /** A user has nothing left to do. */
  onDone(): void;
}

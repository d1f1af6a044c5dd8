// A client pool that brings every attempt's events once more when the next attempt is under way, as a bug below the door would.
import type { SessionListener } from "../../src/client/session-types.js";
import { ClientPool } from "../../src/engine/client-pool.js";
import type { Session } from "../../src/virtual-user/attempt.js";
import type { Role } from "../../src/virtual-user/role.js";

export class LateEventsPool extends ClientPool {
  static readonly EVENTS_PER_ATTEMPT = 8;
  /** Events that were brought too late. */
  injected = 0;
  readonly #listeners = new Map<number, SessionListener>();

  override connect(
    listener: SessionListener,
    role: Role,
    number: number,
    connectPayload: Uint8Array | undefined,
  ): Session {
    const previous = this.#listeners.get(number);
    this.#listeners.set(number, listener);
    if (previous !== undefined) this.#bringLate(previous);
    return super.connect(listener, role, number, connectPayload);
  }

  /** All of the attempts before each client's latest one. */
  #bringLate(listener: SessionListener): void {
    const nowMs = this.scheduler.nowMs();
    listener.onConnected(undefined, nowMs);
    listener.onMessage(0, new Uint8Array(7), 0, nowMs);
    listener.onPong(1, nowMs);
    listener.onRoundTrip(1, 1);
    listener.onSendRefused(1, 7, true);
    listener.onDrop("unexpected");
    listener.onWouldHaveGivenUp("native", "UpgradeTimeout");
    listener.onEnd({ reason: "Silence", unityReason: "Timeout", wasConnected: true, detail: "late" }, nowMs);
    this.injected += LateEventsPool.EVENTS_PER_ATTEMPT;
  }
}

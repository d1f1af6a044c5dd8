// How a connection leaves (protocol page 2.4): its `02`, at once or an update late, and the Close 1000, counted in updates.
import type { CloseCause, ConnectionEffects } from "./connection-effects.js";
import type { ConnectionRules } from "./connection-rules.js";
import { encodeControl } from "./wire.js";

const NONE = -1;

export class Departure {
  readonly #token: Uint8Array;
  readonly #rules: ConnectionRules;
  #disconnectIn = NONE;
  #releaseIn = NONE;

  constructor(token: Uint8Array, rules: ConnectionRules) {
    this.#token = token;
    this.#rules = rules;
  }

  /** True while something is still to come. */
  get isPending(): boolean {
    return this.#releaseIn >= 0 || this.#disconnectIn >= 0;
  }

  /** Sends the `02` now. */
  disconnect(effects: ConnectionEffects): void {
    effects.send(encodeControl("disconnect", this.#token), true);
  }

  /** The `02` of a connection that ended itself (3.3) leaves in the next update, the Close later. */
  disconnectInNextUpdate(): void {
    this.#disconnectIn = 1;
  }

  /** The Close follows, as many updates from now as the cause of the end asks for. */
  release(cause: CloseCause): void {
    const isOwn = cause === "local" || cause === "timeout";
    this.#releaseIn = isOwn ? this.#rules.closeAfterOwnDisconnect : this.#rules.closeAfterOtherEnd;
  }

  /** The layer below is gone: nothing is owed any more. */
  cancel(): void {
    this.#disconnectIn = NONE;
    this.#releaseIn = NONE;
  }

  beginUpdate(): void {
    if (this.#releaseIn > 0) this.#releaseIn--;
    if (this.#disconnectIn > 0) this.#disconnectIn--;
  }

  /** Sends what is due. */
  update(effects: ConnectionEffects): void {
    if (this.#disconnectIn === 0) {
      this.#disconnectIn = NONE;
      this.disconnect(effects);
      this.#releaseIn = this.#rules.closeAfterOwnDisconnect;
    }
    if (this.#releaseIn === 0) {
      this.#releaseIn = NONE;
      effects.releaseTransport();
    }
  }
}

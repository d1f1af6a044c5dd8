// Notes where a native or a browser client of Unity would have given up while the patient one goes on. Reports, never acts.
import type { Reason } from "../protocol/disconnect-reason.js";
import type { UtpParameters } from "../protocol/parameters.js";
import { requestLimit } from "./connect-rules.js";
import type { SessionListener, SessionTimings } from "./session-types.js";

/** The watch over one session; needed until the Accept. */
export class GiveUpWatch {
  readonly #parameters: UtpParameters;
  readonly #listener: SessionListener;
  #nativeGaveUp = false;
  #webglGaveUp = false;

  constructor(parameters: UtpParameters, listener: SessionListener) {
    this.#parameters = parameters;
    this.#listener = listener;
  }

  /** A message came before the Accept: both kinds disconnect themselves (protocol page 3.3). */
  sawEarlyMessage(): void {
    this.#native("ProtocolViolation");
    this.#webgl("ProtocolViolation");
  }

  /** Looks at what has taken too long by `nowMs`. `requests`: Connection Requests sent so far. */
  check(timings: SessionTimings, requests: number, nowMs: number): void {
    const { startMs, tcpMs, upgradeSentMs, openMs } = timings;
    const { connectTimeoutMs, maxConnectAttempts } = this.#parameters;
    if ((tcpMs ?? nowMs) - startMs > connectTimeoutMs * (maxConnectAttempts - 1)) this.#native("ConnectTimeout");
    if (upgradeSentMs !== undefined && (openMs ?? nowMs) - upgradeSentMs > connectTimeoutMs) {
      this.#native("UpgradeTimeout");
    }
    if ((openMs ?? nowMs) - startMs >= connectTimeoutMs * maxConnectAttempts) {
      this.#webgl(upgradeSentMs === undefined ? "ConnectTimeout" : "UpgradeTimeout");
    }
    if (openMs === undefined || requests <= requestLimit("native", this.#parameters, openMs - startMs)) return;
    this.#native("UtpAcceptTimeout");
    this.#webgl("UtpAcceptTimeout");
  }

  #native(reason: Reason): void {
    if (this.#nativeGaveUp) return;
    this.#nativeGaveUp = true;
    this.#listener.onWouldHaveGivenUp("native", reason);
  }

  #webgl(reason: Reason): void {
    if (this.#webglGaveUp) return;
    this.#webglGaveUp = true;
    this.#listener.onWouldHaveGivenUp("webgl", reason);
  }
}

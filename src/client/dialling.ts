// A session until its socket is open: whom to connect to, and the attempts that the kind of client makes. It makes transports and
// asks the kind's rules; it has no timer.
import type { Reason } from "../protocol/disconnect-reason.js";
import type {
  Transport,
  TransportEvents,
  TransportFactory,
  TransportFailure,
  TransportTarget,
} from "../transport/transport.js";
import { type ConnectRules, connectRulesOf } from "./connect-rules.js";
import { targetOf } from "./session-setup.js";
import type { SessionOptions, SessionTimings } from "./session-types.js";

export class Dialling {
  readonly #rules: ConnectRules;
  readonly #target: TransportTarget;
  readonly #factory: TransportFactory;
  readonly #timings: SessionTimings;

  constructor(options: SessionOptions, target: TransportTarget, factory: TransportFactory, timings: SessionTimings) {
    this.#rules = connectRulesOf(options);
    this.#target = targetOf(options.kind, target);
    this.#factory = factory;
    this.#timings = timings;
  }

  /** @throws {UsageError} If the target cannot be used. */
  dial(nowMs: number, events: TransportEvents): Transport {
    this.#rules.dialled(nowMs);
    const transport = this.#factory();
    transport.open(this.#target, events);
    return transport;
  }

  /** What is due: another attempt, the end with its reason, or nothing. */
  due(nowMs: number): "dial" | Reason | undefined {
    return this.#rules.due(this.#timings, nowMs);
  }

  get nextDeadlineMs(): number {
    return this.#rules.nextDeadlineMs(this.#timings);
  }

  /** Whether a failed attempt may be followed by another. */
  isRetried(failure: TransportFailure): boolean {
    return this.#rules.isRetried(failure, this.#timings);
  }
}

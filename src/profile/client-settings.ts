// Which client a player imitates, and what follows from that. Types only.
import type { ClientKind } from "../client/session-types.js";
import type { UtpParameters } from "../protocol/parameters.js";

export interface ClientSettings {
  readonly client: ClientKind;
  /** Updates a second of `native` and `webgl`. */
  readonly updateHz: number;
  readonly parameters: UtpParameters;
  /** `patient`: the whole time to connect, ms. */
  readonly connectBudgetMs: number;
  /** Own WebSocket pings for the metric `ping`; 0: none. */
  readonly pingIntervalMs: number;
}

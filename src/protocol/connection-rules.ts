// In what a connection of ours may differ from Unity's, and the two sets of rules that are used.
import { WEBSOCKET_PADDING_BYTES } from "./parameters.js";
import type { ProbeSet } from "./path-mtu.js";
import type { PacketKind } from "./wire.js";

/** Protocol page, 3.3, 2.4 and 15. */
export interface ConnectionRules {
  /** Bytes that the layers below reserve: 14 over WebSocket, 0 over UDP. */
  readonly paddingBytes: number;
  /** What a message before the Accept does: dropped and counted, or Unity's self-disconnect. */
  readonly earlyMessage: "drop" | "disconnect";
  /** Updates from the own `02` to the Close 1000. */
  readonly closeAfterOwnDisconnect: number;
  /** Updates from any other end to the Close 1000. */
  readonly closeAfterOtherEnd: number;
  readonly probeSet: ProbeSet;
}

/** Acts at once and forgives: what a load needs. */
export const PATIENT_RULES: ConnectionRules = {
  paddingBytes: WEBSOCKET_PADDING_BYTES,
  earlyMessage: "drop",
  closeAfterOwnDisconnect: 0,
  closeAfterOtherEnd: 0,
  probeSet: "2.6.0",
};

/** Acts in updates, as both ends of Unity do. */
export const UNITY_RULES: ConnectionRules = {
  ...PATIENT_RULES,
  earlyMessage: "disconnect",
  closeAfterOwnDisconnect: 2,
  closeAfterOtherEnd: 1,
};

/** Messages that Unity takes as an implicit accept before the real one: all of an accepted connection but its Disconnect. */
export function isEarly(kind: PacketKind): boolean {
  return kind === "data" || kind === "heartbeat" || kind === "mtuCheck" || kind === "mtuAck" || kind === "unknownType";
}

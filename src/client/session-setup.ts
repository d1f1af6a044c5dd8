// What a session checks and changes before it dials. No state, no network.
import {
  type ConnectionOptions,
  checkConnectionOptions,
  handshakePayloadLimit,
} from "../protocol/connection-options.js";
import { PATIENT_RULES, UNITY_RULES } from "../protocol/connection-rules.js";
import type { TransportTarget } from "../transport/transport.js";
import type { CloseTiming } from "./close-handshake.js";
import { requestLimit } from "./connect-rules.js";
import type { ClientKind, SessionOptions } from "./session-types.js";

/** A browser takes messages of any size, and its UTP client drops those that are too large only then. */
const BROWSER_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Updates in which Unity's native client still keeps TCP after the second Close; a browser and `patient` end it at once. */
const NATIVE_UPDATES_TO_END = 2;

/** @throws {RangeError} If the token is not 8 bytes or the connect payload is larger than the message size allows. */
export function checkSessionOptions({ parameters, token, connectPayload }: SessionOptions): void {
  checkConnectionOptions(
    { role: "client", token, ...(connectPayload !== undefined && { payload: connectPayload }) },
    handshakePayloadLimit(parameters, PATIENT_RULES),
  );
}

/** The UTP connection of a session whose socket is open `waitedMs` after the connect call. */
export function connectionOptionsOf(options: SessionOptions, waitedMs: number): ConnectionOptions {
  const { kind, parameters, token, connectPayload } = options;
  return {
    role: "client",
    token,
    parameters,
    rules: kind === "patient" ? PATIENT_RULES : UNITY_RULES,
    maxRequests: requestLimit(kind, parameters, waitedMs),
    ...(connectPayload !== undefined && { payload: connectPayload }),
  };
}

export function closeTimingOf({ kind, parameters }: SessionOptions): CloseTiming {
  return {
    updatesToEnd: kind === "native" ? NATIVE_UPDATES_TO_END : 0,
    closeWaitMs: parameters.disconnectTimeoutMs,
  };
}

/** The target as the imitated client would use it. */
export function targetOf(kind: ClientKind, target: TransportTarget): TransportTarget {
  if (kind === "native") return { ...target, hostHeader: "address" };
  if (kind === "webgl") return { ...target, maxMessageBytes: BROWSER_MESSAGE_BYTES };
  return target;
}

/** @throws {RangeError} If a message of the application is larger than `limitBytes`. */
export function checkPayload(payload: Uint8Array, limitBytes: number): void {
  if (payload.length <= limitBytes) return;
  throw new RangeError(`Cannot send a message: payload must be at most ${limitBytes} bytes, got ${payload.length}`);
}

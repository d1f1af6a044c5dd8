// How a connection is set up, and the limits that follow from it. Checks only, no behaviour.
import type { ConnectionRules } from "./connection-rules.js";
import { DATA_HEADER_BYTES, type UtpParameters } from "./parameters.js";
import type { Role } from "./transitions.js";
import { TOKEN_BYTES } from "./wire.js";

/** Header of a Request or Accept with a payload: signature, version, type, token, length. */
const HANDSHAKE_HEADER_BYTES = 15;

export interface ConnectionOptions {
  readonly role: Role;
  /** 8 bytes; a client's must be random. Kept, not copied. */
  readonly token: Uint8Array;
  readonly parameters?: UtpParameters;
  readonly rules?: ConnectionRules;
  /** Connect payload of a client, accept payload of a server. */
  readonly payload?: Uint8Array;
  /** Most requests a client sends; default `maxConnectAttempts`. */
  readonly maxRequests?: number;
}

/** Largest connect or accept payload: 1361 bytes with the defaults over WebSocket, 0 where not even a header fits. */
export function handshakePayloadLimit(parameters: UtpParameters, rules: ConnectionRules): number {
  // What the stack reserves (padding, token header 9, pipeline id 1) and the handshake's own header.
  const reserved = rules.paddingBytes + DATA_HEADER_BYTES + HANDSHAKE_HEADER_BYTES;
  return Math.max(0, parameters.maxMessageSize - reserved);
}

/** @throws {RangeError} If the token is not 8 bytes or the payload is over `payloadLimit`. */
export function checkConnectionOptions(options: ConnectionOptions, payloadLimit: number): void {
  if (options.token.length !== TOKEN_BYTES) {
    throw new RangeError(`Cannot create a connection: token must be 8 bytes, got ${options.token.length}`);
  }
  const payloadBytes = options.payload?.length ?? 0;
  if (payloadBytes > payloadLimit) {
    throw new RangeError(
      `Cannot create a connection: payload must be at most ${payloadLimit} bytes, got ${payloadBytes}`,
    );
  }
}

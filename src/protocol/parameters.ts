// Unity's transport parameters with Unity's defaults. Data only.

/** Bytes that the WebSocket stack reserves below UTP; they lower the largest packet, they are never sent. */
export const WEBSOCKET_PADDING_BYTES = 14;
/** Bytes before the user payload of a Data message: type, token, pipeline id. */
export const DATA_HEADER_BYTES = 10;

/** @see com.unity.transport@2.7.2, NetworkConfigParameter. Times in ms, sizes in bytes. */
export interface UtpParameters {
  /** Period of request retries and TCP attempts, limit of the upgrade. > 0. */
  readonly connectTimeoutMs: number;
  /** Attempts in all, TCP attempts included. >= 1. */
  readonly maxConnectAttempts: number;
  /** Silence after which a connection is given up; also the wait for the peer's Close. 0: never. */
  readonly disconnectTimeoutMs: number;
  /** Send silence after which a heartbeat leaves; also the WebSocket ping rule. 0: never. */
  readonly heartbeatTimeoutMs: number;
  /** Largest packet with all layers, 1..1472; over WebSocket one message carries at most 14 less. */
  readonly maxMessageSize: number;
  /** Path MTU discovery from our side; answering a peer's probes is always on. */
  readonly performPathMtuDiscovery: boolean;
}

export const DEFAULT_PARAMETERS: UtpParameters = {
  connectTimeoutMs: 1000,
  maxConnectAttempts: 60,
  disconnectTimeoutMs: 30_000,
  heartbeatTimeoutMs: 500,
  maxMessageSize: 1400,
  performPathMtuDiscovery: false,
};

/** Largest WebSocket message, either way: 1386 bytes by default. */
export function maxWebSocketMessageBytes(parameters: UtpParameters): number {
  return parameters.maxMessageSize - WEBSOCKET_PADDING_BYTES;
}

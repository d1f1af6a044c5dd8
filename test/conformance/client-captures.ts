// What Unity's client was set to in the captures, and how it ran there, where that is not the usual: the README of the captures and their times.
import type { UtpParameters } from "../../src/protocol/parameters.js";

/** Unity's client in the captures updates every 8 to 9 ms. */
const UPDATE_HZ = 121.8;
/** Here its machine was busy, and its updates came every 22 ms. */
const SLOW_UPDATE_HZ: Readonly<Record<string, number>> = { reliable_window_256: 45.4 };

/** Unity's client missed the time of an update early on, and its phase has been another since. */
export const LATE_ONCE = ["reliable_40_echo", "reliable_window_256"];
/** Its simulator lost and mixed up what it sent. */
export const SIMULATED = ["reliable_window_256"];

/** What the capture's client was set to where that is not the default: README of the captures. */
export const PARAMETERS: Readonly<Record<string, Partial<UtpParameters>>> = {
  client_attempts_exhausted: { connectTimeoutMs: 300, maxConnectAttempts: 4 },
  client_refused: { connectTimeoutMs: 300, maxConnectAttempts: 4 },
  client_server_silent: { disconnectTimeoutMs: 2000 },
  client_server_disconnect_only: { disconnectTimeoutMs: 1000 },
  mtu_discovery_both: { performPathMtuDiscovery: true },
  mtu_discovery_client_only: { performPathMtuDiscovery: true },
};

/** Reliable windows where they are not 64. */
export const WINDOWS: Readonly<Record<string, number>> = { ngo_default_window: 32, reliable_window_256: 256 };

/** The run ended here before the client was through: the end of TCP is the process', not the client's. */
export const CUT = [
  "client_attempts_exhausted",
  "client_data_before_accept",
  "client_heartbeat_before_accept",
  "client_request_retransmit",
];

/** Period of the client's updates. */
export function periodMs(name: string): number {
  return 1000 / (SLOW_UPDATE_HZ[name] ?? UPDATE_HZ);
}

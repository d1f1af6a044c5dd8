// `utp-load/server`: the reference server for tests of UTP clients.
export type { UnityReason } from "../protocol/disconnect-reason.js";
export { MALFORMATIONS, type Malformation } from "./malformed-output.js";
export type { FaultOptions, ServerBehaviour, UnityLimit } from "./server-options.js";
export { UNITY_LIMITS } from "./server-options.js";
export type { FaultCounts, ServerStats } from "./server-stats.js";
export type { GlobalSimulatorOptions, SimulatorMode, StageSimulatorOptions } from "./simulator-options.js";
export { type UtpPeer, UtpServer, type UtpServerOptions } from "./utp-server.js";

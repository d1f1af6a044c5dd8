// `utp-load/server`: the reference server for tests of UTP clients.
export type { UnityReason } from "../protocol/disconnect-reason.js";
export type { FaultOptions, ServerBehaviour, UnityLimit } from "./server-options.js";
export { UNITY_LIMITS } from "./server-options.js";
export type { ServerStats } from "./server-stats.js";
export { type UtpPeer, UtpServer, type UtpServerOptions } from "./utp-server.js";

// What a server counts. Every message, packet or socket that it did not serve stands in one of these numbers.
import type { ProtocolDrop } from "../protocol/connection.js";
import type { UnityReason } from "../protocol/disconnect-reason.js";
import type { PipelineCounters } from "../protocol/pipelines/pipeline-stage.js";
import { UNITY_LIMITS, type UnityLimit } from "./server-options.js";

/** Packets that fault injection touched. `discarded`: held for a client that went away. */
export interface FaultCounts {
  delayed: number;
  dropped: number;
  duplicated: number;
  /** Bits of it were flipped by the simulator stage. */
  fuzzed: number;
  /** Left with a mistake that was asked for. */
  malformed: number;
  discarded: number;
  stalls: number;
}

/** Counted since the start, but for the first three. */
export interface ServerStats {
  /** Open TCP connections that the server has accepted. */
  sockets: number;
  /** TCP connections that wait for an update to accept them. */
  waitingSockets: number;
  /** UTP connections that the application has. */
  connections: number;
  updates: number;
  /** Updates that a busy machine could not run in time. */
  skippedUpdates: number;
  /** Connections that the system could not hand over, mostly for lack of descriptors; and TLS handshakes that failed. */
  acceptErrors: number;
  tlsErrors: number;
  accepted: number;
  refused: number;
  /** Data messages that the application received and sent. */
  messagesIn: number;
  messagesOut: number;
  payloadBytesIn: number;
  payloadBytesOut: number;
  /** What happened on each pipeline, by its id. */
  pipelines: Record<string, PipelineCounters>;
  /** Messages not sent because the window of their reliable pipeline was full. Echoes wait; 1024 a connection, then they count here. */
  windowFull: number;
  /** 400s and 404s. */
  upgradesRefused: Record<string, number>;
  /** Closes that broke a rule of 2.2, by the code that told so. */
  violations: Record<string, number>;
  /** How connections ended, in Unity's words. */
  disconnects: Partial<Record<UnityReason, number>>;
  /** Packets that arrived and had no effect. */
  drops: Partial<Record<ProtocolDrop, number>>;
  /**
   * How often a limit bit. accept: updates after which sockets still waited; reads: updates whose budget did not reach the last
   * socket; fin: updates cut short by a closed socket; control: control packets lost; send: packets that found no place.
   */
  limits: Record<UnityLimit, number>;
  /** Frames that found no place in the receive queue: lost in strict mode, late in safe mode. */
  keptFrames: number;
  /** Sockets closed without a word because 2944 bytes of theirs waited. */
  overflows: number;
  /** Packets not sent because a client does not read and the send limit is off. */
  slowReaderDrops: number;
  /** Packets that waited to leave when their socket ended. */
  unsentPackets: number;
  /** Silent sockets closed, in safe mode. */
  silentSocketsClosed: number;
  /** What fault injection did to packets, but for `stalls`. */
  faults: FaultCounts;
}

export function emptyStats(): ServerStats {
  return {
    sockets: 0,
    waitingSockets: 0,
    connections: 0,
    updates: 0,
    skippedUpdates: 0,
    acceptErrors: 0,
    tlsErrors: 0,
    accepted: 0,
    refused: 0,
    messagesIn: 0,
    messagesOut: 0,
    payloadBytesIn: 0,
    payloadBytesOut: 0,
    pipelines: {},
    windowFull: 0,
    upgradesRefused: {},
    violations: {},
    disconnects: {},
    drops: {},
    limits: Object.fromEntries(UNITY_LIMITS.map((limit) => [limit, 0])) as Record<UnityLimit, number>,
    keptFrames: 0,
    overflows: 0,
    slowReaderDrops: 0,
    unsentPackets: 0,
    silentSocketsClosed: 0,
    faults: { delayed: 0, dropped: 0, duplicated: 0, fuzzed: 0, malformed: 0, discarded: 0, stalls: 0 },
  };
}

/** Adds one to an entry that may not be there yet. */
export function countOne<K extends string>(counts: Partial<Record<K, number>>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

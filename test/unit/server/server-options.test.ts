// Defaults of a server, and every value that it refuses, with the field, the rule and the value in the message.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { resolveBehaviour, type ServerBehaviour, UNITY_LIMITS } from "../../../src/server/server-options.js";

describe("a server's settings", () => {
  it("are Unity's where nothing is said", () => {
    const behaviour = resolveBehaviour({});
    expect(behaviour).toMatchObject({ path: "/", tickHz: 60, queuePackets: 512, mode: "strict", echo: false });
    expect(behaviour.parameters).toMatchObject({ maxMessageSize: 1400, performPathMtuDiscovery: false });
    expect([...behaviour.limits]).toEqual(UNITY_LIMITS);
  });

  it("have no limits without a tick", () => {
    expect([...resolveBehaviour({ tickHz: 0 }).limits]).toEqual([]);
  });

  it.each<readonly [string, ServerBehaviour]>([
    ["tickHz must be a number from 0 to 1000, got -1", { tickHz: -1 }],
    ["tickHz must be a number from 0 to 1000, got NaN", { tickHz: Number.NaN }],
    ["limits must be none without a tick, as they bite once per update, got fin", { tickHz: 0, limits: ["fin"] }],
    ["queuePackets must be a whole number from 2 to 1000000, got 1", { queuePackets: 1 }],
    ["queuePackets must be a whole number from 2 to 1000000, got 64.5", { queuePackets: 64.5 }],
    ["pipelines: they must be at most 255, got 256", { pipelines: Array.from({ length: 256 }, () => []) }],
    [
      "pipeline 1: window must be an integer from 1 to 2040, got 0",
      { pipelines: [[{ stage: "reliableSequenced", window: 0 }]] },
    ],
    ["maxMessageSize must be a whole number from 64 to 1472, got 1473", { parameters: { maxMessageSize: 1473 } }],
    ["heartbeatTimeoutMs must be a number from 0 to 3600000, got -5", { parameters: { heartbeatTimeoutMs: -5 } }],
    ["latencyMs must be a number from 0 to 3600000, got Infinity", { faults: { latencyMs: Number.POSITIVE_INFINITY } }],
    ["jitterMs must be a number from 0 to 3600000, got -1", { faults: { jitterMs: -1 } }],
    ["dropRatio must be a number from 0 to 1, got 1.01", { faults: { dropRatio: 1.01 } }],
    ["duplicateRatio must be a number from 0 to 1, got -0.1", { faults: { duplicateRatio: -0.1 } }],
    ["stall.forMs must be a number from 1 to 99, got 100", { faults: { stall: { forMs: 100, everyMs: 100 } } }],
    [
      "broadcast.payloadBytes must be a whole number from 1 to 1376, got 1377",
      { broadcast: { payloadBytes: 1377, hz: 1 } },
    ],
    ["broadcast.hz must be a number from 0.001 to 1000, got 0", { broadcast: { payloadBytes: 1, hz: 0 } }],
    ["acceptPayload.length must be a number from 0 to 1361, got 1362", { acceptPayload: new Uint8Array(1362) }],
    ["kickAfterMs must be a number from 0 to 3600000, got -1", { kickAfterMs: -1 }],
    ["maxConnections must be a whole number from 0 to 1000000, got 0.5", { maxConnections: 0.5 }],
    ["globalSimulator.sendLossRatio must be a number from 0 to 1, got 2", { globalSimulator: { sendLossRatio: 2 } }],
    [
      "globalSimulator.sendJitterMs must be a whole number from 0 to 60000, got 0.5",
      { globalSimulator: { sendJitterMs: 0.5 } },
    ],
    [
      "globalSimulator must be left out where latencyMs, slow, jitterMs, dropRatio or duplicateRatio are given, got both",
      { globalSimulator: {}, faults: { latencyMs: 1 } },
    ],
    [
      "stageSimulator.dropPercent must be a whole number from 0 to 100, got 1.5",
      { pipelines: "ngo", stageSimulator: { maxPackets: 8, dropPercent: 1.5 } },
    ],
    [
      "stageSimulator.maxPackets must be a whole number from 1 to 1000000, got 0",
      { pipelines: "ngo", stageSimulator: { maxPackets: 0 } },
    ],
    ["stageSimulator must be used with pipelines, got none of them", { stageSimulator: { maxPackets: 8 } }],
    [
      "malform must be used with a reliable pipeline for future-ack, got none of them",
      { pipelines: [[{ stage: "fragmentation" }]], malform: ["future-ack", "glued"] },
    ],
    ['path must be a slash and at most 124 printable ASCII characters, got "game"', { path: "game" }],
    ['path must be a slash and at most 124 printable ASCII characters, got "/a b"', { path: "/a b" }],
  ])("are refused: %s", (message, options) => {
    expect(() => resolveBehaviour(options)).toThrow(UsageError);
    expect(() => resolveBehaviour(options)).toThrow(`Cannot start the server: ${message}`);
  });
});

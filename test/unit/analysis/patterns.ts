// Runs against a server that shows one of the patterns each, as a game server would: by its limits, its tick, its silence or its end.
// What a diagnosis finds in them comes from the clients' results alone.
import type { Profile } from "../../../src/profile/profile.js";
import type { Scenario } from "../../../src/profile/scenario.js";
import { UNITY_LIMITS } from "../../../src/server/server-options.js";
import { heartbeatOf, requestOf } from "../../support/server-clients.js";
import type { VirtualNetwork } from "../../support/virtual-network.js";
import type { VirtualRunOptions } from "../../support/virtual-run.js";
import { ascii, binaryFrame, UPGRADE } from "../../support/wire-bytes.js";

const IDLE = { ratePerSecond: 0 };
/** Without the limits that make a crowd at the door, so that a pattern stands alone. */
const OPEN_DOOR = UNITY_LIMITS.filter((limit) => limit !== "accept");

/** A client of somebody else that asks for everything, reads nothing, and beats until it falls silent. */
function deafClient(network: VirtualNetwork, at: (planMs: number, act: () => void) => void, silentMs: number): void {
  const id = 0x7fff;
  let send: ((bytes: Uint8Array) => void) | undefined;
  at(-500, () => {
    send = network.deafClient();
    send(ascii(UPGRADE));
  });
  at(-400, () => send?.(binaryFrame(requestOf(id))));
  for (let planMs = 0; planMs < silentMs; planMs += 400) at(planMs, () => send?.(binaryFrame(heartbeatOf(id))));
}

function crowd(name: string, weight: number, everyMs: number, sizeBytes: number): Scenario {
  const payload = { kind: "marked", sizeBytes } as const;
  return {
    name,
    weight,
    tags: {},
    connectPayload: undefined,
    steps: [{ do: "every", intervalMs: everyMs, pipelineId: 0, payload }],
    decode: [],
    feeders: [],
    reconnect: undefined,
  };
}

export interface Pattern extends VirtualRunOptions {
  /** Codes that it must show, the gravest first, and no others; none: a healthy run. */
  readonly codes: readonly string[];
  readonly what: string;
}

const native: Partial<Profile> = { client: "native" };

export const PATTERNS: readonly Pattern[] = [
  { what: "a server that acts at once", codes: [], server: { tickHz: 0 }, clients: 40, holdMs: 8000 },
  {
    what: "a server that acts at once, idle clients",
    codes: [],
    server: { tickHz: 0 },
    clients: 40,
    holdMs: 8000,
    profile: IDLE,
  },
  {
    what: "a network with jitter as long as a tick",
    codes: [],
    server: { tickHz: 0, faults: { latencyMs: 20, jitterMs: 50 } },
    clients: 40,
    holdMs: 8000,
  },
  {
    what: "a server at 60 Hz behind a short line",
    codes: ["rtt-quantised"],
    server: { tickHz: 60 },
    clients: 41,
    rampMs: 3010,
    holdMs: 8000,
    profile: { ratePerSecond: 7.3 },
  },
  {
    what: "a server at 20 Hz",
    codes: ["rtt-quantised"],
    server: { tickHz: 20 },
    clients: 30,
    rampMs: 3010,
    holdMs: 8000,
    profile: { ratePerSecond: 7 },
  },
  {
    what: "200 clients at once at 60 Hz",
    codes: ["one-accept-a-tick"],
    server: { tickHz: 60, queuePackets: 4096 },
    clients: 200,
    rampMs: 0,
    holdMs: 8000,
  },
  {
    what: "80 native clients at once at 30 Hz",
    codes: ["one-accept-a-tick"],
    server: { tickHz: 30, queuePackets: 4096 },
    clients: 80,
    rampMs: 0,
    holdMs: 8000,
    profile: native,
  },
  {
    what: "90 quiet clients on a queue of 128",
    codes: ["border-in-join-order"],
    server: { tickHz: 60, queuePackets: 128 },
    clients: 90,
    rampMs: 4000,
    holdMs: 8000,
    profile: IDLE,
  },
  {
    what: "70 busy clients on a queue of 128",
    codes: ["border-in-join-order"],
    server: { tickHz: 60, queuePackets: 128 },
    clients: 70,
    rampMs: 4000,
    holdMs: 8000,
    profile: { ratePerSecond: 55 },
  },
  {
    what: "one busy client more than fits",
    codes: ["rtt-grows-in-last-slots"],
    server: { tickHz: 60, queuePackets: 64 },
    clients: 16,
    rampMs: 3000,
    holdMs: 8000,
    profile: { ratePerSecond: 66, payloadBytes: 1376 },
  },
  {
    what: "a client that does not read and falls silent",
    codes: ["send-queue-full"],
    server: {
      tickHz: 60,
      queuePackets: 512,
      broadcast: { payloadBytes: 100, hz: 60 },
      parameters: { disconnectTimeoutMs: 2000 },
    },
    clients: 20,
    rampMs: 2000,
    holdMs: 20_000,
    script: (network, at) => deafClient(network, at, 9000),
  },
  {
    what: "a client that does not read and goes on",
    codes: ["all-silent-at-once"],
    server: { tickHz: 60, queuePackets: 512, broadcast: { payloadBytes: 100, hz: 60 } },
    clients: 20,
    rampMs: 2000,
    holdMs: 16_000,
    script: (network, at) => deafClient(network, at, 20_000),
  },
  {
    what: "a server that hangs",
    codes: ["all-silent-at-once"],
    server: { tickHz: 60 },
    clients: 30,
    holdMs: 15_000,
    parameters: { disconnectTimeoutMs: 5000 },
    script: (network, at) => at(6000, () => network.stop(false)),
  },
  {
    what: "a server that stands still for 1 s",
    codes: ["server-hitch"],
    server: { tickHz: 60, faults: { stall: { forMs: 1000, everyMs: 7000 } } },
    clients: 30,
    rampMs: 2000,
    holdMs: 11_000,
  },
  {
    what: "a run that a person holds for 4 s",
    codes: ["rtt-quantised"],
    server: { tickHz: 60 },
    clients: 41,
    rampMs: 3010,
    holdMs: 12_000,
    profile: { ratePerSecond: 7.3, pingIntervalMs: 0 },
    paused: { fromMs: 6000, toMs: 10_000 },
  },
  {
    what: "150 clients through a door without a limit",
    codes: ["accepts-lost"],
    server: { tickHz: 60, queuePackets: 4096, limits: OPEN_DOOR },
    clients: 150,
    rampMs: 0,
    holdMs: 8000,
  },
  {
    what: "150 native clients through a door without a limit",
    codes: ["accepts-lost"],
    server: { tickHz: 60, queuePackets: 4096, limits: OPEN_DOOR },
    clients: 150,
    rampMs: 0,
    holdMs: 8000,
    profile: native,
  },
  {
    what: "a few clients that send more than the queue takes",
    codes: ["closed-without-close"],
    server: { tickHz: 20, queuePackets: 128 },
    clients: 24,
    rampMs: 3000,
    holdMs: 8000,
    profile: { scenarios: [crowd("light", 5, 250, 64), crowd("heavy", 1, 2, 64)] },
  },
  {
    what: "clients that beat more slowly than the server waits",
    codes: ["disconnect-timeout"],
    server: { tickHz: 60, parameters: { disconnectTimeoutMs: 3000 } },
    clients: 30,
    rampMs: 3000,
    holdMs: 10_000,
    profile: IDLE,
    parameters: { heartbeatTimeoutMs: 10_000 },
  },
  {
    what: "a server without heartbeats and clients that join over a while",
    codes: ["disconnect-timeout"],
    server: { tickHz: 60, parameters: { heartbeatTimeoutMs: 0 } },
    clients: 30,
    rampMs: 6000,
    holdMs: 10_000,
    profile: { ...IDLE, pingIntervalMs: 0 },
    parameters: { disconnectTimeoutMs: 4000 },
  },
  {
    what: "Netcode for GameObjects without its message",
    codes: ["netcode-approval"],
    server: { tickHz: 60, echo: false, kickAfterMs: 10_000 },
    clients: 30,
    rampMs: 2000,
    holdMs: 15_000,
  },
  {
    what: "Netcode for Entities without its message",
    codes: ["netcode-approval"],
    server: { tickHz: 60, echo: false, kickAfterMs: 5000 },
    clients: 30,
    rampMs: 2000,
    holdMs: 10_000,
    profile: IDLE,
  },
  {
    what: "a server that is killed",
    codes: ["server-died"],
    server: { tickHz: 60 },
    clients: 30,
    holdMs: 8000,
    script: (network, at) => at(5000, () => network.stop(true)),
  },
  {
    what: "a server that sends a crowd away in one update",
    codes: ["disconnects-lost"],
    server: { tickHz: 60, queuePackets: 4096 },
    clients: 150,
    rampMs: 5000,
    holdMs: 8000,
    script: (network, at) => at(9000, () => sendAllAway(network)),
  },
  {
    what: "a server that sends a few away",
    codes: ["server-sent-all-away"],
    server: { tickHz: 60 },
    clients: 30,
    rampMs: 3000,
    holdMs: 8000,
    script: (network, at) => at(7000, () => sendAllAway(network)),
  },
  {
    what: "a generator that is late",
    codes: ["generator-invalid"],
    server: { tickHz: 60 },
    clients: 30,
    holdMs: 10_000,
    blocked: { fromMs: 4000, toMs: 5600 },
  },
];

function sendAllAway({ core, clock }: VirtualNetwork): void {
  for (const peer of [...core.peers.values()]) core.disconnectPeer(peer, clock.nowMs());
}

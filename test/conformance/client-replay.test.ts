// Captures of Unity's native client, replayed: the server's bytes and the scenario's steps go in at their times, and what our `native`
// client emits is compared in order, UTP messages byte for byte. Only the number and place of heartbeats and pings is free.
import { describe, expect, it } from "vitest";
import { ClientSession } from "../../src/client/client-session.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../../src/protocol/parameters.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { bytes, hex } from "../support/bytes.js";
import { acceptFor, framesOf, requestOf, serverFrame } from "../support/client-frames.js";
import { MemorySocket } from "../support/memory-socket.js";
import { RecordingListener } from "../support/recording-listener.js";
import { virtualScheduler } from "../support/virtual-clock.js";
import { ascii, join } from "../support/wire-bytes.js";
import { ABSENT, type Capture, type CaptureEvent, clientSideCaptures, goldenFolder, loadCapture } from "./golden.js";

const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

/** Unity's client in the captures updates every 8 to 9 ms. */
const UPDATE_HZ = 120;
/** How far our client may be from Unity's in time, ms: phases differ, and it ran on a busy machine. */
const SLACK_MS = 40;
/** The proxy saw a write this long after the update. */
const PROXY_MS = 0.3;
/** Where the clock stands at the capture's first event. */
const ORIGIN_MS = 1000;
const LEAVE = "client calls NetworkDriver.Disconnect";

/** What the capture's client was set to where that is not the default: README of the captures. */
const PARAMETERS: Readonly<Record<string, Partial<UtpParameters>>> = {
  client_attempts_exhausted: { connectTimeoutMs: 300, maxConnectAttempts: 4 },
  client_refused: { connectTimeoutMs: 300, maxConnectAttempts: 4 },
  client_server_silent: { disconnectTimeoutMs: 2000 },
  client_server_disconnect_only: { disconnectTimeoutMs: 1000 },
  mtu_discovery_both: { performPathMtuDiscovery: true },
  mtu_discovery_client_only: { performPathMtuDiscovery: true },
};

/** The run ended here before the client was through: the end of TCP is the process', not the client's. */
const CUT = [
  "client_attempts_exhausted",
  "client_data_before_accept",
  "client_heartbeat_before_accept",
  "client_request_retransmit",
];

describe.skipIf(isAbsent)("Unity's native client, replayed", () => {
  const { replayed } = clientSideCaptures();
  it.each(replayed.filter((name) => name !== "client_refused"))("%s", (name) => {
    const capture = loadCapture(name);
    const run = replay(capture);
    expect(run.request.replace(/Key: \S+/, "Key: K")).toBe(textOf(capture, "c2s").replace(/Key: \S+/, "Key: K"));
    expect(run.frames.map(({ line }) => line)).toEqual(framesIn(capture).map(({ line }) => line));
    for (const [index, { atMs }] of framesIn(capture).entries()) {
      expect(Math.abs(run.frames[index]!.atMs - atMs)).toBeLessThanOrEqual(SLACK_MS);
    }
    expect(run.events).toEqual(capture.clientEvents);
    const endMs = capture.events.find((event) => event.kind === "tcp" && event.dir === "c2s")!.t_ms;
    expect(Math.abs(run.finMs! - endMs)).toBeLessThanOrEqual(SLACK_MS);
  });

  it("client_refused, which holds no bytes but the time of the end", () => {
    const [, ms, reason] = /^(\d+) ms: Disconnect (\w+)$/.exec(loadCapture("client_refused").clientEvents[0]!)!;
    const { clock, queue } = virtualScheduler(ORIGIN_MS);
    const listener = new RecordingListener();
    let attempts = 0;
    const session = newSession("client_refused", queue, listener, bytes("T"), () => {
      attempts++;
      const socket = new MemorySocket(clock);
      clock.at(clock.nowMs(), () => socket.fail("ECONNREFUSED"));
      return socket;
    });
    session.connect({ url: "ws://127.0.0.1:7777/", maxMessageBytes: 1386 });
    clock.advanceBy(2000);
    expect(attempts).toBe(4);
    expect(listener.end).toMatchObject({ reason: "ConnectionRefused", unityReason: reason, wasConnected: false });
    expect(Math.abs(listener.endMs! - ORIGIN_MS - Number(ms))).toBeLessThanOrEqual(SLACK_MS);
  });
});

/** Updates start this long before the capture: one of them is just before its first Connection Request. */
function phaseMs(firstRequest: SentEvent | undefined): number {
  const periodMs = 1000 / UPDATE_HZ;
  const firstMs = (firstRequest?.t_ms ?? 0) - PROXY_MS;
  return Math.ceil(firstMs / periodMs) * periodMs - firstMs;
}

interface Line {
  readonly atMs: number;
  readonly line: string;
}

interface Replayed {
  readonly request: string;
  readonly frames: readonly Line[];
  readonly events: readonly string[];
  readonly finMs: number | undefined;
}

type SentEvent = Extract<CaptureEvent, { kind: "http" | "frame" }>;

function replay(capture: Capture): Replayed {
  const firstRequest = sent(capture, "c2s").find(({ kind }) => kind === "frame");
  const { clock, queue } = virtualScheduler(ORIGIN_MS - phaseMs(firstRequest));
  const listener = new RecordingListener();
  const socket = new MemorySocket(clock);
  const session = newSession(capture.name, queue, listener, requestToken(firstRequest), () => socket, firstRequest);
  const port = /Host: 127\.0\.0\.1:(\d+)/.exec(textOf(capture, "c2s"))![1];
  session.connect({ url: `ws://127.0.0.1:${port}/`, maxMessageBytes: 1386 });
  clock.advanceTo(ORIGIN_MS);
  socket.connect();
  const request = requestOf(socket.writes[0]!.bytes);
  for (const { atMs, act } of steps(capture, session, socket, request)) {
    clock.advanceTo(ORIGIN_MS + atMs);
    act();
  }
  clock.advanceBy(SLACK_MS);
  const frames = socket.writes.slice(1).flatMap(({ atMs, bytes: written }) =>
    framesOf(written).map(({ fin, opcode, isMasked, payload }) => ({
      atMs: atMs - ORIGIN_MS,
      line: lineOf(fin, opcode, isMasked, hex(payload)),
    })),
  );
  const finMs = socket.finMs === undefined ? undefined : socket.finMs - ORIGIN_MS;
  return { request, frames: frames.filter(isCompared), events: unityEvents(listener, session), finMs };
}

function newSession(
  name: string,
  queue: ReturnType<typeof virtualScheduler>["queue"],
  listener: RecordingListener,
  token: Uint8Array,
  newSocket: () => MemorySocket,
  firstRequest?: SentEvent,
): ClientSession {
  // Signature, version, type, token and length stand in front of the payload.
  const payload = firstRequest === undefined ? new Uint8Array(0) : bytes(firstRequest.hex).slice(15);
  const options = {
    kind: "native" as const,
    parameters: { ...DEFAULT_PARAMETERS, ...PARAMETERS[name] },
    connectBudgetMs: 60_000,
    updateHz: UPDATE_HZ,
    pingIntervalMs: 0,
    token,
    ...(payload.length > 0 && { connectPayload: payload }),
  };
  const connectSocket = () => newSocket().duplex;
  return new ClientSession(options, queue, () => new WebSocketTransport({ connectSocket }), listener);
}

/** Everything that happens to the client, in time: what the server sent, what its application did, the end. */
function steps(capture: Capture, session: ClientSession, socket: MemorySocket, request: string) {
  const found: { atMs: number; act: () => void }[] = [];
  const reads = new Map<number, SentEvent[]>();
  for (const event of sent(capture, "s2c")) reads.set(event.read, [...(reads.get(event.read) ?? []), event]);
  for (const events of reads.values()) {
    const piece = join(...events.map((event) => serverBytes(event, request)));
    found.push({ atMs: events.at(-1)!.t_ms, act: () => socket.receive(piece) });
  }
  for (const event of sent(capture, "c2s")) {
    if (event.kind !== "frame" || event.opcode !== 2 || !event.hex.startsWith("01")) continue;
    const message = bytes(event.hex);
    found.push({ atMs: event.t_ms - 1000 / UPDATE_HZ, act: () => session.send(message[9]!, message.slice(10)) });
  }
  for (const event of capture.events) {
    if (event.kind === "note" && event.text === LEAVE) found.push({ atMs: event.t_ms, act: () => session.close() });
    if (event.kind !== "tcp") continue;
    if (event.dir === "c2s" && CUT.includes(capture.name)) {
      found.push({ atMs: event.t_ms, act: () => session.destroy("Cancelled") });
    }
    if (event.dir === "s2c") {
      found.push({
        atMs: event.t_ms,
        act: () => (event.event === "reset" ? socket.fail("ECONNRESET") : socket.peerEnd()),
      });
    }
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}

function serverBytes(event: SentEvent, request: string): Uint8Array {
  if (event.kind === "frame") return serverFrame(event.opcode, bytes(event.hex), event.fin);
  return ascii(requestOf(bytes(event.hex)).replace(/Accept: \S+/, `Accept: ${acceptFor(request)}`));
}

/** What Unity's API reported, in the captures' words; a local disconnect raises no event there. */
function unityEvents(listener: RecordingListener, session: ClientSession): string[] {
  const reserved = 24;
  const words = listener.lines.flatMap((line) => {
    const [what, first = "", second = ""] = line.split(" ");
    if (what === "connected")
      return [`connect accept_payload=${first} max_message=${session.maxMessageBytes(0)! + reserved}`];
    if (what === "message") return [`data pipeline=${first} len=${second.length / 2}`];
    return [];
  });
  const reason = listener.end?.unityReason ?? "Default";
  return reason === "Default" ? words : [...words, `disconnect reason=${reason}`];
}

function sent(capture: Capture, dir: "c2s" | "s2c"): SentEvent[] {
  return capture.events.filter(
    (event): event is SentEvent => (event.kind === "http" || event.kind === "frame") && event.dir === dir,
  );
}

function textOf(capture: Capture, dir: "c2s" | "s2c"): string {
  return requestOf(bytes(sent(capture, dir).find(({ kind }) => kind === "http")!.hex));
}

function requestToken(firstRequest: SentEvent | undefined): Uint8Array {
  return firstRequest === undefined ? bytes("T") : bytes(firstRequest.hex).slice(5, 13);
}

function framesIn(capture: Capture): Line[] {
  return sent(capture, "c2s")
    .flatMap((event) =>
      event.kind === "frame"
        ? [{ atMs: event.t_ms, line: lineOf(event.fin, event.opcode, event.masked, event.hex) }]
        : [],
    )
    .filter(isCompared);
}

function lineOf(fin: boolean, opcode: number, isMasked: boolean, payload: string): string {
  return `${fin ? "" : "unfinished "}${isMasked ? "" : "unmasked "}${opcode} ${payload}`;
}

/** Heartbeats and pings depend on races of timers between both ends. */
function isCompared({ line }: Line): boolean {
  return !line.startsWith("9 ") && !line.startsWith("2 03");
}

// Plays a capture to our `native` client on a virtual clock: the server's bytes and what the scenario's application did, each at its time.
// Compares nothing.
import { ClientSession } from "../../src/client/client-session.js";
import { DEFAULT_PARAMETERS } from "../../src/protocol/parameters.js";
import { PipelineSet } from "../../src/protocol/pipelines/pipeline-set.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { bytes, hex } from "../support/bytes.js";
import { acceptFor, framesOf, requestOf, serverFrame } from "../support/client-frames.js";
import { MemorySocket } from "../support/memory-socket.js";
import { RecordingListener } from "../support/recording-listener.js";
import { virtualScheduler } from "../support/virtual-clock.js";
import { ascii, join } from "../support/wire-bytes.js";
import { applicationMessages } from "./application-messages.js";
import { capturePipelines } from "./capture-pipelines.js";
import { CUT, LATE_ONCE, PARAMETERS, periodMs, SIMULATED, WINDOWS } from "./client-captures.js";
import { isCompared, type Line, lineOf } from "./client-lines.js";
import type { Capture } from "./golden.js";
import { type SentEvent, sent } from "./sent-events.js";

/** The proxy saw a write this long after the update. */
const PROXY_MS = 0.3;
/** Where the clock stands at the capture's first event. */
export const ORIGIN_MS = 1000;
/** How long the client is watched behind the last event, ms. */
const TAIL_MS = 40;
/** What Unity's application sends in an update leaves with the next one, an update and a bit after our `send`: updates. */
const BEFORE_LEAVING = 1.4;
const LEAVE = "client calls NetworkDriver.Disconnect";

/** Updates start this long before the capture: one of them is just before its first Connection Request, or in its middle. */
function phaseMs(capture: Capture): number {
  const everyMs = periodMs(capture.name);
  const frames = sent(capture, "c2s").filter(({ kind }) => kind === "frame");
  const known = frames[LATE_ONCE.includes(capture.name) ? Math.floor(frames.length / 2) : 0];
  const firstMs = (known?.t_ms ?? 0) - PROXY_MS;
  return Math.ceil(firstMs / everyMs) * everyMs - firstMs;
}

export interface Replayed {
  readonly request: string;
  readonly frames: readonly Line[];
  readonly events: readonly string[];
  readonly finMs: number | undefined;
}

/** Feeds the server's side of a capture, and the steps of its scenario, to our client. */
export function replay(capture: Capture): Replayed {
  const firstRequest = sent(capture, "c2s").find(({ kind }) => kind === "frame");
  const { clock, queue } = virtualScheduler(ORIGIN_MS - phaseMs(capture));
  const listener = new RecordingListener();
  const socket = new MemorySocket(clock);
  const session = newSession(capture.name, queue, listener, requestToken(firstRequest), () => socket, firstRequest);
  const port = /Host: 127\.0\.0\.1:(\d+)/.exec(textOf(capture, "c2s"))![1];
  session.connect({ url: `ws://127.0.0.1:${port}/`, maxMessageBytes: 1386 });
  clock.advanceTo(ORIGIN_MS);
  socket.connect();
  const request = requestOf(socket.writes[0]!.bytes);
  for (const { atMs, act } of steps(capture, session, listener, socket, request)) {
    clock.advanceTo(ORIGIN_MS + atMs);
    act();
  }
  clock.advanceBy(TAIL_MS);
  const frames = socket.writes
    .slice(1)
    .flatMap(({ atMs, bytes: written }) =>
      framesOf(written).map(({ fin, opcode, isMasked, payload }) =>
        lineOf(atMs - ORIGIN_MS, fin, opcode, isMasked, hex(payload)),
      ),
    );
  const finMs = socket.finMs === undefined ? undefined : socket.finMs - ORIGIN_MS;
  return { request, frames: frames.filter(isCompared), events: unityEvents(listener, session), finMs };
}

export function newSession(
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
    updateHz: 1000 / periodMs(name),
    pingIntervalMs: 0,
    pipelines: new PipelineSet(capturePipelines(WINDOWS[name])),
    token,
    ...(payload.length > 0 && { connectPayload: payload }),
  };
  const connectSocket = () => newSocket().duplex;
  return new ClientSession(options, queue, () => new WebSocketTransport({ connectSocket }), listener);
}

/** The application sends once it may: Unity's does so in the very update that brings its connect event. */
function send(session: ClientSession, listener: RecordingListener, pipelineId: number, payload: Uint8Array): void {
  if (session.state === "established") return void session.send(pipelineId, payload);
  const before = listener.whenConnected;
  listener.whenConnected = () => {
    before?.();
    session.send(pipelineId, payload);
  };
}

/** Everything that happens to the client, in time: what the server sent, what its application did, the end. */
function steps(
  capture: Capture,
  session: ClientSession,
  listener: RecordingListener,
  socket: MemorySocket,
  request: string,
) {
  const found: { atMs: number; act: () => void }[] = [];
  const reads = new Map<number, SentEvent[]>();
  for (const event of sent(capture, "s2c")) reads.set(event.read, [...(reads.get(event.read) ?? []), event]);
  for (const events of reads.values()) {
    const piece = join(...events.map((event) => serverBytes(event, request)));
    found.push({ atMs: events.at(-1)!.t_ms, act: () => socket.receive(piece) });
  }
  const firstMs = sent(capture, "c2s").find(isData)?.t_ms;
  for (const { atMs, pipelineId, payload } of applicationMessages(capture, WINDOWS[capture.name])) {
    // Where packets were lost, messages came whole later; they were sent in one burst.
    const leavesMs = SIMULATED.includes(capture.name) ? firstMs! : atMs;
    const sendsMs = leavesMs - PROXY_MS - BEFORE_LEAVING * periodMs(capture.name);
    found.push({ atMs: sendsMs, act: () => send(session, listener, pipelineId, payload) });
  }
  for (const event of capture.events) {
    if (event.kind === "note" && event.text === LEAVE) {
      // A client that is slower than the one in the capture by then would meet the server's Close.
      const earlierMs = SIMULATED.includes(capture.name) ? periodMs(capture.name) : 0;
      found.push({ atMs: event.t_ms - earlierMs, act: () => session.close() });
    }
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

function isData(event: SentEvent): boolean {
  return event.kind === "frame" && event.opcode === 2 && event.hex.startsWith("01");
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

/** The upgrade request or its answer. */
export function textOf(capture: Capture, dir: "c2s" | "s2c"): string {
  return requestOf(bytes(sent(capture, dir).find(({ kind }) => kind === "http")!.hex));
}

function requestToken(firstRequest: SentEvent | undefined): Uint8Array {
  return firstRequest === undefined ? bytes("T") : bytes(firstRequest.hex).slice(5, 13);
}

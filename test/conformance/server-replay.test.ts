// Captures of Unity's server, replayed: the client's bytes go in at their times, and what our server emits is compared in order,
// byte for byte. Only the number and place of heartbeats and pings is free, as two ends race for them; and of reliable packets the byte
// behind an ack, which has no defined value, and the processing time up to TIME_SLACK_MS, as it is the server's own time between updates.
import { describe, expect, it } from "vitest";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { bytes, hex } from "../support/bytes.js";
import { ServerBench } from "../support/server-bench.js";
import { clientFrame, join, type ServerPart, serverParts } from "../support/wire-bytes.js";
import { capturePipelines } from "./capture-pipelines.js";
import { ABSENT, type Capture, type CaptureEvent, goldenFolder, loadCapture, serverSideCaptures } from "./golden.js";
import { reliablePacket } from "./reliable-packets.js";

const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

const UPDATE_MS = 1000 / 60;
/** The proxy saw a write this long after the update, ms. */
const PROXY_MS = 0.3;
/** Before 0 of the capture: where its silence before the first event counts (see its README). */
const SILENCE_MS: Readonly<Record<string, number>> = { tcp_only: 4000, http_incomplete: 1060 };
/** How far our server may be from Unity's in time: it ran on a busy machine, and its phase is known from its first answer only. */
const SLACK_MS = 4 * UPDATE_MS;

/** How far a processing time may be from Unity's, ms: an update more or less, and the ms of a late one. */
const TIME_SLACK_MS = 1.5 * UPDATE_MS;
/** Unity's server was late here: which update read a message is known from its echo. */
const LATE_READS = ["reliable_40_echo"];

describe.skipIf(isAbsent)("Unity's server, replayed", () => {
  it.each([...serverSideCaptures().replayed])("%s", (name) => {
    const capture = loadCapture(name);
    const bench = replay(capture);
    const expected = serverParts(join(...eventsOf(capture, "s2c").map(serverBytes)));
    expect(comparable(bench.parts(0))).toEqual(comparable(expected));
    for (const [index, timeMs] of processingTimesMs(expected).entries()) {
      expect(Math.abs(processingTimesMs(bench.parts(0))[index]! - timeMs)).toBeLessThanOrEqual(TIME_SLACK_MS);
    }
    expectSameEnd(capture, bench);
    expectSameLog(capture, bench);
  });
});

/** Feeds the client's side of a capture to our server, at 60 updates a second in the phase of Unity's. */
function replay(capture: Capture): ServerBench {
  const firstAnswer = capture.events.find(
    (event) => event.kind !== "note" && event.kind !== "leftover" && event.dir === "s2c",
  );
  const phaseMs = (firstAnswer?.t_ms ?? 0) - PROXY_MS;
  const startMs = Math.min(0, ...capture.events.map(({ t_ms }) => t_ms)) - (SILENCE_MS[capture.name] ?? 0);
  const bench = new ServerBench(
    behaviourOf(capture),
    phaseMs - (Math.ceil((phaseMs - startMs) / UPDATE_MS) + 1) * UPDATE_MS,
  );
  bench.advanceTo(startMs);
  bench.arrive(0);
  const firstUpdateMs = phaseMs - Math.ceil((phaseMs - startMs) / UPDATE_MS) * UPDATE_MS;
  const leftover = capture.events.find((event) => event.kind === "leftover");
  if (leftover?.kind === "leftover") bench.input(0, bytes(leftover.hex));
  for (const step of steps(capture, firstUpdateMs)) {
    bench.advanceTo(step.atMs);
    step.act(bench);
  }
  bench.advanceTo(Math.max(...capture.events.map(({ t_ms }) => t_ms)) + SLACK_MS);
  return bench;
}

interface Step {
  readonly atMs: number;
  act(bench: ServerBench): void;
}

/** What the client and the scenario do, in time: one read is one piece. */
function steps(capture: Capture, firstUpdateMs: number): Step[] {
  const found: Step[] = [];
  const reads = new Map<number, SentEvent[]>();
  for (const event of eventsOf(capture, "c2s")) reads.set(event.read, [...(reads.get(event.read) ?? []), event]);
  for (const events of reads.values()) {
    const piece = join(...events.map(clientBytes));
    const atMs = LATE_READS.includes(capture.name) ? readMs(capture, events, firstUpdateMs) : events.at(-1)!.t_ms;
    found.push({ atMs, act: (bench) => bench.input(0, piece) });
  }
  const ends = capture.events.filter((event) => event.kind === "tcp");
  // An end that answers the server's is not the client's doing.
  if (ends[0]?.dir === "c2s") found.push({ atMs: ends[0].t_ms, act: (bench) => bench.end(0) });
  if (capture.name === "server_exit") found.push({ atMs: exitMs(capture), act: disconnectAll });
  return found.sort((a, b) => a.atMs - b.atMs);
}

/** When the server read a reliable message: its arrival, but behind the update before the one that sent the echo. */
function readMs(capture: Capture, [event]: readonly SentEvent[], firstUpdateMs: number): number {
  const sequence = sequenceOf(event!);
  const echo = eventsOf(capture, "s2c").find((answer) => sequence !== undefined && sequenceOf(answer) === sequence);
  if (echo === undefined) return event!.t_ms;
  const updates = Math.round((echo.t_ms - PROXY_MS - firstUpdateMs) / UPDATE_MS);
  return Math.max(event!.t_ms, firstUpdateMs + (updates - 1) * UPDATE_MS + 1);
}

function sequenceOf(event: SentEvent): number | undefined {
  const packet = event.kind === "frame" ? reliablePacket(bytes(event.hex)) : undefined;
  return packet === undefined || packet.isAck ? undefined : packet.sequence;
}

/** No note says when the server was told to exit: one update before its `02`. */
function exitMs(capture: Capture): number {
  const disconnect = eventsOf(capture, "s2c").find((event) => event.kind === "frame" && event.hex.startsWith("02"));
  return disconnect!.t_ms - UPDATE_MS - 1;
}

function disconnectAll(bench: ServerBench): void {
  for (const peer of bench.core.peers.values()) bench.core.disconnectPeer(peer, bench.nowMs);
}

function behaviourOf({ server }: Capture): ServerBehaviour {
  const flags = /\(utpserver (.*)\)/.exec(server!)![1]!.split(" ");
  const numberOf = (flag: string, offset = 1): number | undefined =>
    flags.includes(flag) ? Number(flags[flags.indexOf(flag) + offset]) : undefined;
  const textOf = (flag: string): string | undefined =>
    flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
  const broadcastBytes = numberOf("--broadcast");
  return {
    tickHz: 60,
    pipelines: capturePipelines(numberOf("--window")),
    echo: flags.includes("--echo"),
    ...given("path", textOf("--ws-path")),
    ...given("queuePackets", numberOf("--queue")),
    ...given("kickAfterMs", numberOf("--kick-after-ms")),
    ...given("maxConnections", numberOf("--max-connections")),
    ...given(
      "acceptPayload",
      textOf("--payload-accept") === undefined ? undefined : bytes(textOf("--payload-accept")!),
    ),
    ...given("mtuProbes", flags.includes("--mtu-discovery") ? ("2.6.0" as const) : undefined),
    ...given("broadcast", broadcastBytes && { payloadBytes: broadcastBytes, hz: numberOf("--broadcast", 2)! }),
    parameters: given("disconnectTimeoutMs", numberOf("--disconnect-timeout")),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined | 0): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

type SentEvent = Extract<CaptureEvent, { kind: "http" | "frame" }>;

function isSent(event: CaptureEvent): event is SentEvent {
  return event.kind === "http" || event.kind === "frame";
}

function eventsOf(capture: Capture, dir: "c2s" | "s2c"): SentEvent[] {
  return capture.events.filter(isSent).filter((event) => event.dir === dir);
}

function clientBytes(event: SentEvent): Uint8Array {
  if (event.kind === "http") return bytes(event.hex);
  const { opcode, fin, masked, hex: payload } = event;
  return clientFrame({ opcode, fin, payload: bytes(payload), ...(!masked && { mask: null }) });
}

function serverBytes(event: SentEvent): Uint8Array {
  const payload = bytes(event.hex);
  if (event.kind === "http") return payload;
  const head = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return join(Uint8Array.of(0x80 | event.opcode, ...head), payload);
}

/** All parts in order, without heartbeats and pings. */
function comparable(parts: readonly ServerPart[]): string[] {
  const isRacing = (part: ServerPart): boolean =>
    part.kind === "frame" &&
    (part.opcode === 9 || (part.opcode === 2 && part.payload.length === 9 && part.payload[0] === 3));
  return parts.filter((part) => !isRacing(part)).map(lineOf);
}

function lineOf(part: ServerPart): string {
  if (part.kind === "http") return part.text;
  const packet = reliablePacket(part.payload);
  const head = part.bytes.subarray(0, part.bytes.length - part.payload.length);
  return packet === undefined ? hex(part.bytes) : hex(head) + packet.fixedHex;
}

function processingTimesMs(parts: readonly ServerPart[]): number[] {
  return parts.flatMap((part) => (part.kind === "frame" ? (reliablePacket(part.payload)?.processingTimeMs ?? []) : []));
}

/** Who ended TCP, and when if it was the server. */
function expectSameEnd(capture: Capture, bench: ServerBench): void {
  const first = capture.events.find((event) => event.kind === "tcp");
  expect(first).toBeDefined();
  expect(bench.closedMs.has(0), "our server has ended TCP").toBe(true);
  if (first?.kind !== "tcp") return;
  expect(Math.abs(bench.closedMs.get(0)! - first.t_ms), "ms between the two ends of TCP").toBeLessThanOrEqual(SLACK_MS);
}

/** The disconnect reasons and counters that Unity's server logged. */
function expectSameLog(capture: Capture, bench: ServerBench): void {
  const log = capture.serverLog.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
  const of = (event: string) => log.filter((line) => line.event === event);
  const { accepted, refused, messagesIn, messagesOut } = bench.core.stats();
  expect(bench.disconnects()).toEqual(of("disconnect").map(({ reason }) => reason));
  for (const exit of of("exit")) {
    expect({ accepted: accepted + refused, in: messagesIn, out: messagesOut }).toEqual({
      accepted: exit.accepted,
      in: exit.msgs_in,
      out: exit.msgs_out,
    });
  }
  const payloads = bench.told.flatMap((told) =>
    told.what === "connected" ? [hex(told.payload ?? new Uint8Array())] : [],
  );
  if (refused === 0) expect(payloads).toEqual(of("accept").map(({ connect_payload }) => connect_payload));
}

interface LogLine {
  readonly event: string;
  readonly reason?: string;
  readonly connect_payload?: string;
  readonly accepted?: number;
  readonly msgs_in?: number;
  readonly msgs_out?: number;
}

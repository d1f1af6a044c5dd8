// The captures with pipelines, as bytes: every Data packet of theirs decodes, is what our stages make of the same messages, and
// acknowledges only what had come. Whole connections are replayed elsewhere.
import { beforeAll, describe, expect, it } from "vitest";
import type { ConnectionPipelines } from "../../../../src/protocol/pipelines/connection-pipelines.js";
import { PipelineSet } from "../../../../src/protocol/pipelines/pipeline-set.js";
import type { StageSettings } from "../../../../src/protocol/pipelines/pipeline-settings.js";
import { ReliableHeader, reliableHeaderBytes } from "../../../../src/protocol/pipelines/reliable-header.js";
import { ABSENT, type Capture, type Direction, goldenFolder, loadCapture } from "../../../conformance/golden.js";
import { bytes, hex } from "../../../support/bytes.js";
import { BODY_BYTES, RecordingPipelines } from "../../../support/recording-pipelines.js";

const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

/** Over UDP nothing is reserved for the WebSocket's header: 14 bytes more. */
const UDP_BODY_BYTES = BODY_BYTES + 14;

const CAPTURES = [
  { name: "ngo_default_window", window: 32, maxBodyBytes: BODY_BYTES },
  { name: "ngo_pipelines_echo", window: 64, maxBodyBytes: BODY_BYTES },
  { name: "reliable_40_echo", window: 64, maxBodyBytes: BODY_BYTES },
  { name: "reliable_40_noecho", window: 64, maxBodyBytes: BODY_BYTES },
  { name: "reliable_100_burst", window: 64, maxBodyBytes: BODY_BYTES },
  { name: "reliable_window_256", window: 256, maxBodyBytes: BODY_BYTES },
  { name: "udp_basic", window: 64, maxBodyBytes: UDP_BODY_BYTES },
];
const DIRECTIONS: readonly Direction[] = ["c2s", "s2c"];

interface Packet {
  readonly dir: Direction;
  readonly pipelineId: number;
  readonly body: Uint8Array;
}

function setOf(window: number): PipelineSet {
  const fragmentation = { stage: "fragmentation", payloadCapacityBytes: 6148 } as const;
  const reliable = { stage: "reliableSequenced", window, maximumResendMs: 500 } as const;
  const pipelines = [
    [fragmentation],
    [fragmentation, { stage: "unreliableSequenced" as const }],
    [reliable],
    [fragmentation, reliable],
  ];
  return new PipelineSet(pipelines);
}

function packetsOf(capture: Capture): Packet[] {
  return capture.events.flatMap((event) => {
    const isPacket = event.kind === "datagram" || (event.kind === "frame" && event.opcode === 2);
    if (!isPacket || !event.hex.startsWith("01")) return [];
    const packet = bytes(event.hex);
    // Pipeline 0 is none.
    if (packet[9] === 0) return [];
    return [{ dir: event.dir, pipelineId: packet[9]!, body: packet.subarray(10) }];
  });
}

/** What the receiver of a direction delivers: `pipeline:hex`. */
function delivered(
  set: PipelineSet,
  packets: readonly Packet[],
): { messages: string[]; pipelines: ConnectionPipelines } {
  const sink = new RecordingPipelines();
  const messages: string[] = [];
  sink.onMessage = (payload, _nowMs, pipelineId) => messages.push(`${pipelineId}:${hex(payload)}`);
  const pipelines = set.connect(sink);
  for (const { pipelineId, body } of packets) pipelines.receive(pipelineId, body, 0);
  expect(sink.unknown).toEqual([]);
  return { messages, pipelines };
}

/** The bodies that our stages make of these messages, with a peer that acks each at once. */
function sentByUs(set: PipelineSet, messages: readonly string[], maxBodyBytes: number): Packet[] {
  const sink = new RecordingPipelines();
  sink.maxBodyBytes = maxBodyBytes;
  const peerSink = new RecordingPipelines();
  const ours = set.connect(sink);
  const peer = set.connect(peerSink);
  const bodies: Packet[] = [];
  sink.onSend = (body, nowMs, pipelineId) => {
    bodies.push({ dir: "c2s", pipelineId, body });
    peer.receive(pipelineId, body, nowMs);
  };
  peerSink.onSend = (body, nowMs, pipelineId) => ours.receive(pipelineId, body, nowMs);
  for (const message of messages) {
    const [pipelineId, payload] = message.split(":");
    expect(ours.send(Number(pipelineId), bytes(payload!), 0)).toBe("accepted");
    peer.sendDue(0);
  }
  return bodies;
}

const isReliable = (stages: readonly StageSettings[]): boolean => stages.at(-1)?.stage === "reliableSequenced";

/** What a sender decides: each payload packet without ack fields, once, reliable ones in the order of their sequence. */
function decisions(set: PipelineSet, window: number, packets: readonly Packet[]): string[] {
  const found = packets.flatMap(({ pipelineId, body }) => {
    if (!isReliable(set.settingsOf(pipelineId)!)) return [`${pipelineId}:${hex(body)}`];
    const header = new ReliableHeader(window);
    expect(header.read(body)).toBe(true);
    const sequence = String(header.sequence).padStart(5, "0");
    return header.type === "ack" ? [] : [`${pipelineId}:${sequence}:${hex(body.subarray(header.lengthBytes))}`];
  });
  return [...new Set(found)].sort();
}

describe.skipIf(isAbsent).each(CAPTURES)("$name", ({ name, window, maxBodyBytes }) => {
  const set = setOf(window);
  let capture: Capture;
  let packets: Packet[];
  const inDirection = (dir: Direction): Packet[] => packets.filter((packet) => packet.dir === dir);
  beforeAll(() => {
    capture = loadCapture(name);
    packets = packetsOf(capture);
  });

  it("delivers what Unity's application says it got, and finds nothing odd", () => {
    const atClient = capture.clientEvents.flatMap(
      (line) => /data pipeline=([1-9]\d*) len=(\d+)/i.exec(line)?.slice(1) ?? [],
    );
    // Without a log of the server each message has been echoed.
    const exit = /"msgs_in":(\d+)/.exec(capture.serverLog.at(-1) ?? "");
    const atServer = Number(exit?.[1] ?? atClient.length / 2);
    const [up, down] = DIRECTIONS.map((dir) => delivered(set, inDirection(dir)));
    expect(up!.messages.length).toBe(atServer);
    expect(down!.messages.flatMap((text) => [text.split(":")[0]!, `${text.split(":")[1]!.length / 2}`])).toEqual(
      atClient,
    );
    for (const { pipelines } of [up!, down!]) {
      for (let id = 1; id <= set.size; id++) {
        const counters = pipelines.countersOf(id);
        expect([counters?.dropped ?? 0, counters?.outOfWindow ?? 0]).toEqual([0, 0]);
      }
    }
  });

  it("holds the packets that our stages make of the same messages", () => {
    for (const dir of DIRECTIONS) {
      const ours = sentByUs(set, delivered(set, inDirection(dir)).messages, maxBodyBytes);
      expect(decisions(set, window, inDirection(dir))).toEqual(decisions(set, window, ours));
    }
  });

  it("has reliable headers that are written as they were read, and acks of one dummy byte", () => {
    for (const { pipelineId, body } of packets) {
      if (!isReliable(set.settingsOf(pipelineId)!)) continue;
      const header = new ReliableHeader(window);
      header.read(body);
      const isTrimmed = header.lengthBytes < reliableHeaderBytes(window);
      const target = new Uint8Array(header.writtenBytes(isTrimmed));
      header.write(target, 0, target.length);
      expect(hex(target)).toBe(hex(body.subarray(0, header.lengthBytes)));
      if (header.type === "ack") expect([header.sequence, body.length - header.lengthBytes]).toEqual([0, 1]);
    }
  });

  it("acknowledges what had come and nothing else", () => {
    const seen = new Map<string, Set<number>>();
    const ofPipeline = (dir: Direction, id: number): Set<number> => {
      const key = `${dir} ${id}`;
      const known = seen.get(key) ?? new Set();
      seen.set(key, known);
      return known;
    };
    for (const { dir, pipelineId, body } of packets) {
      if (!isReliable(set.settingsOf(pipelineId)!)) continue;
      const header = new ReliableHeader(window);
      header.read(body);
      if (header.type === "payload") ofPipeline(dir, pipelineId).add(header.sequence);
      if (header.acked === 0xffff) continue;
      const arrived = ofPipeline(dir === "c2s" ? "s2c" : "c2s", pipelineId);
      for (let i = 0; i < window && i <= header.acked; i++) {
        if (header.mask.has(i)) expect(arrived).toContain(header.acked - i);
      }
      expect(header.mask.has(0)).toBe(true);
    }
  });
});

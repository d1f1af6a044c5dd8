// Sets of pipelines: presets, what a description may say, ids in the order of creation, and instances only for who uses them.
import { describe, expect, it } from "vitest";
import { PipelineSet } from "../../../../src/protocol/pipelines/pipeline-set.js";
import { type PipelinesDescription, pipelineSettings } from "../../../../src/protocol/pipelines/pipeline-settings.js";
import { bytes } from "../../../support/bytes.js";
import {
  FRAGMENTATION,
  pattern,
  RELIABLE,
  RecordingPipelines,
  reliablePacket,
  UNRELIABLE,
} from "../../../support/recording-pipelines.js";

describe("presets", () => {
  it("ngo has the three pipelines of Netcode for GameObjects", () => {
    const fragmentation = { stage: "fragmentation", payloadCapacityBytes: 6148 };
    expect(pipelineSettings("ngo")).toEqual([
      [fragmentation],
      [fragmentation, { stage: "unreliableSequenced" }],
      [
        {
          stage: "reliableSequenced",
          window: 64,
          minimumResendMs: 64,
          maximumResendMs: 500,
          initialMask: "ones",
          ackDummyByte: 0,
        },
      ],
    ]);
  });

  it("none has none", () => {
    expect(pipelineSettings("none")).toEqual([]);
    expect(new PipelineSet("none").size).toBe(0);
  });
});

describe("a description", () => {
  it("gets Unity's defaults", () => {
    expect(pipelineSettings([[FRAGMENTATION, RELIABLE], []])).toEqual([
      [
        { stage: "fragmentation", payloadCapacityBytes: 4096 },
        {
          stage: "reliableSequenced",
          window: 32,
          minimumResendMs: 64,
          maximumResendMs: 200,
          initialMask: "ones",
          ackDummyByte: 0,
        },
      ],
      [],
    ]);
  });

  it.each([
    [1, 8],
    [8, 8],
    [33, 40],
    [2033, 2040],
    [2040, 2040],
  ])("with a window of %i has one of %i", (window, effective) => {
    expect(pipelineSettings([[{ ...RELIABLE, window }]])[0]?.[0]).toMatchObject({ window: effective });
  });

  it.each([
    ["an unknown preset", "unity"],
    ["an unknown stage", [[{ stage: "simulator" }]]],
    ["Fragmentation after Reliable", [[RELIABLE, FRAGMENTATION]]],
    ["Fragmentation after Reliable, not at once", [[], [RELIABLE, UNRELIABLE, FRAGMENTATION]]],
    ["a stage twice", [[UNRELIABLE, UNRELIABLE]]],
    ["a window of 0", [[{ ...RELIABLE, window: 0 }]]],
    ["a window of 2041", [[{ ...RELIABLE, window: 2041 }]]],
    ["half a window", [[{ ...RELIABLE, window: 8.5 }]]],
    ["no minimum", [[{ ...RELIABLE, minimumResendMs: 0 }]]],
    ["no number", [[{ ...RELIABLE, minimumResendMs: Number.NaN }]]],
    ["a maximum below the minimum", [[{ ...RELIABLE, maximumResendMs: 63 }]]],
    ["no maximum", [[{ ...RELIABLE, maximumResendMs: Number.POSITIVE_INFINITY }]]],
    ["another mask", [[{ ...RELIABLE, initialMask: "twos" }]]],
    ["a dummy of two bytes", [[{ ...RELIABLE, ackDummyByte: 256 }]]],
    ["no capacity", [[{ ...FRAGMENTATION, payloadCapacityBytes: 0 }]]],
    ["too much capacity", [[{ ...FRAGMENTATION, payloadCapacityBytes: 24_115_776 }]]],
    ["256 pipelines", Array.from({ length: 256 }, () => [])],
  ] as [string, PipelinesDescription][])("with %s is refused", (_name, description) => {
    expect(() => new PipelineSet(description)).toThrow(RangeError);
  });

  it("that is refused is told with its place, the rule and the value", () => {
    expect(() => pipelineSettings([[], [{ ...RELIABLE, window: 0 }]])).toThrow(
      "Cannot create pipeline 2: window must be an integer from 1 to 2040, got 0",
    );
  });

  it("may have 255 pipelines", () => {
    expect(new PipelineSet(Array.from({ length: 255 }, () => [])).size).toBe(255);
  });
});

function connected(description: PipelinesDescription) {
  const sink = new RecordingPipelines();
  const set = new PipelineSet(description);
  return { sink, set, pipelines: set.connect(sink) };
}

describe("the pipelines of a connection", () => {
  it("have ids from 1 in the order of their creation", () => {
    const { pipelines, sink } = connected("ngo");
    const ids: number[] = [];
    sink.onSend = (_body, _nowMs, pipelineId) => ids.push(pipelineId);
    for (const id of [3, 1, 2]) pipelines.send(id, bytes("AA"), 0);
    expect(ids).toEqual([3, 1, 2]);
    expect(sink.takeSent()).toEqual(["000000000000ffffffffffffffffffffaa", "00c0aa", "000000c0aa"]);
    expect([1, 2, 3].map((id) => pipelines.maxMessageBytes(id))).toEqual([6148, 6148, 1360]);
  });

  it.each([0, 4, 255])("report packets of pipeline %i, which there is not, and go on", (id) => {
    const { pipelines, sink } = connected("ngo");
    pipelines.receive(id, bytes("00C0AA"), 0);
    pipelines.receive(1, bytes("00C0AA"), 0);
    expect([sink.unknown, sink.takeMessages()]).toEqual([[id], ["aa"]]);
  });

  it.each([0, 4, 256, -1])("refuse to send on pipeline %i", (id) => {
    const { pipelines } = connected("ngo");
    expect(() => pipelines.send(id, bytes("AA"), 0)).toThrow(RangeError);
    expect(() => pipelines.maxMessageBytes(id)).toThrow(RangeError);
  });

  it("cost nothing until they are used", () => {
    const { pipelines, sink } = connected("ngo");
    pipelines.sendDue(1_000_000);
    expect([pipelines.pendingUpdate, pipelines.nextDeadlineMs, sink.takeSent()]).toEqual([false, Infinity, []]);
    expect(pipelines.countersOf(1)).toBeUndefined();
    pipelines.receive(2, bytes("00"), 0);
    expect([pipelines.countersOf(1), pipelines.countersOf(2)?.dropped]).toEqual([undefined, 1]);
  });

  it("of one connection know nothing of another's", () => {
    const { set, pipelines } = connected("ngo");
    pipelines.send(1, bytes("AA"), 0);
    const sink = new RecordingPipelines();
    set.connect(sink).send(1, bytes("AA"), 0);
    expect(sink.takeSent()).toEqual(["00c0aa"]);
  });

  it("say together what is pending and when", () => {
    const { pipelines, sink } = connected([[RELIABLE], [RELIABLE], [UNRELIABLE]]);
    pipelines.send(2, pattern(1), 40);
    pipelines.send(1, pattern(1), 30);
    expect([pipelines.pendingUpdate, pipelines.nextDeadlineMs]).toEqual([false, 95]);
    pipelines.receive(2, bytes(reliablePacket(0)), 50);
    expect(pipelines.pendingUpdate).toBe(true);
    sink.takeSent();
    pipelines.sendDue(105);
    expect(sink.takeSent().map((body) => body.slice(0, 2))).toEqual(["01", "00", "00"]);
    expect(pipelines.nextDeadlineMs).toBe(170);
  });

  it("tell round trips and messages with their pipeline", () => {
    const { pipelines, sink } = connected([[], [RELIABLE]]);
    const seen: [number, string][] = [];
    sink.onMessage = (_payload, _nowMs, pipelineId) => seen.push([pipelineId, "message"]);
    sink.roundTrip = (pipelineId, rttMs) => void seen.push([pipelineId, `${rttMs} ms`]);
    pipelines.send(2, pattern(1), 0);
    pipelines.receive(2, bytes(reliablePacket(0, "aa", "0000")), 30);
    expect(seen).toEqual([
      [2, "30 ms"],
      [2, "message"],
    ]);
  });
});

// What a reliable stage does with its own packets (protocol page 6.4.3 rule 5 and 6.4.4): window, release, samples, resends.
import { describe, expect, it } from "vitest";
import { RoundTripEstimate } from "../../../../src/protocol/pipelines/round-trip-estimate.js";
import {
  FRAGMENTATION,
  pattern,
  RELIABLE,
  type RecordedStack,
  reliableAck,
  reliablePacket,
  stackOf,
  u16,
} from "../../../support/recording-pipelines.js";

const sequencesOf = (bodies: readonly string[]): number[] =>
  bodies.map((body) => Number.parseInt(body.slice(10, 12) + body.slice(8, 10), 16));

/** A stack that has sent packets 0 to `count - 1` at time 0. */
function sent(count: number, window = 32): RecordedStack {
  const made = stackOf({ ...RELIABLE, window });
  for (let i = 0; i < count; i++) made.send("");
  return made;
}

describe("the window", () => {
  it.each([
    [8, 8],
    [9, 16],
    [32, 32],
    [64, 64],
    [250, 256],
    [2040, 2040],
  ])("%i lets %i packets out, then says queueFull and counts nothing", (window, count) => {
    const { stack, sink } = sent(count, window);
    expect(stack.send(pattern(1), 0)).toBe("queueFull");
    expect([sink.takeSent(), stack.counters.sent]).toEqual([[], count]);
  });

  it("opens with the oldest packet's ack only", () => {
    const { stack, receive } = sent(32);
    receive(reliableAck(31, "feffffff"));
    expect(stack.send(pattern(1), 0)).toBe("accepted");
    const other = sent(32);
    other.receive(reliableAck(31, "ffffff7f"));
    expect(other.stack.send(pattern(1), 0)).toBe("queueFull");
  });

  it("must have room for all fragments of a message", () => {
    const { stack, sink } = stackOf(FRAGMENTATION, { ...RELIABLE, window: 8 });
    for (let i = 0; i < 6; i++) stack.send(pattern(1), 0);
    sink.takeSent();
    expect(stack.send(pattern(3 * 1362), 0)).toBe("queueFull");
    expect(sink.takeSent()).toEqual([]);
    expect(stack.send(pattern(2 * 1362), 0)).toBe("accepted");
    expect(sequencesOf(sink.takeSent())).toEqual([6, 7]);
  });

  it("refuses a message of more fragments than it holds", () => {
    const { stack, sink } = stackOf({ ...FRAGMENTATION, payloadCapacityBytes: 100_000 }, { ...RELIABLE, window: 8 });
    expect(stack.maxMessageBytes).toBe(8 * 1362);
    expect(stack.send(pattern(8 * 1362), 0)).toBe("accepted");
    expect(sink.takeSent().length).toBe(8);
    expect(() => stack.send(pattern(8 * 1362 + 1), 0)).toThrow(RangeError);
  });

  it("keeps what the layer below does not take, and sends it later", () => {
    const { stack, sink } = stackOf(RELIABLE);
    sink.accepting = false;
    expect(stack.send(pattern(1), 0)).toBe("accepted");
    stack.sendDue(65);
    sink.accepting = true;
    stack.sendDue(129);
    expect(sink.takeSent()).toEqual([]);
    stack.sendDue(130);
    expect(sequencesOf(sink.takeSent())).toEqual([0]);
    expect(stack.counters.resent).toBe(1);
  });
});

describe("ack fields", () => {
  const held = ({ stack, sink }: RecordedStack, nowMs = 1_000_000): number[] => {
    sink.takeSent();
    stack.sendDue(nowMs);
    return sequencesOf(sink.takeSent());
  };

  it.each([
    ["a newer id with holes", [[3, "fdffffff"]], [2, 4]],
    [
      "the same id again: masks are added",
      [
        [3, "f9ffffff"],
        [3, "f3ffffff"],
      ],
      [1, 4],
    ],
    [
      "an older id is ignored",
      [
        [3, "f1ffffff"],
        [2, "ffffffff"],
      ],
      [0, 1, 2, 4],
    ],
    [
      "a newer one replaces",
      [
        [1, "fdffffff"],
        [3, "f7ffffff"],
      ],
      [0, 4],
    ],
    ["none", [[65_535, "ffffffff"]], [0, 1, 2, 3, 4]],
  ] as [string, [number, string][], number[]][])("%s", (_name, acks, rest) => {
    const made = sent(5);
    for (const [acked, mask] of acks) made.receive(reliableAck(acked, mask));
    expect(held(made)).toEqual(rest);
  });

  it("count in payloads, accepted or duplicate", () => {
    const made = sent(3);
    made.receive(reliablePacket(0, "aa", "0000"));
    expect(held(made).slice(1)).toEqual([1, 2]);
    made.receive(reliablePacket(0, "aa", "0200"));
    expect(made.stack.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("for an id never sent: what the mask names counts as delivered, the rest goes on until the sequence is there", () => {
    const made = sent(3);
    made.receive(reliableAck(40, "fffffffd"), 10);
    expect(made.stack.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
    for (let id = 3; id < 12; id++) made.send("");
    // 40 - 25 = 15 is the one hole of the mask; 12 is sent behind it and released at once.
    for (let id = 12; id < 17; id++) made.send("", 500);
    expect(made.stack.nextDeadlineMs).toBe(565);
    expect(held(made)).toEqual([15]);
    made.receive(reliableAck(16), 1_000_010);
    expect(held(made, 1_001_000)).toEqual([15]);
    for (let id = 17; id < 42; id++) made.send("", 1_001_000);
    made.receive(reliableAck(41), 1_001_020);
    expect(held(made, 1_002_000)).toEqual([]);
    expect(made.sink.roundTripsMs).toEqual([999_510, 20]);
  });
});

describe("samples", () => {
  it.each([
    ["an ack", [[20, 0, 0]], [20]],
    ["less the peer's processing time", [[36, 0, 16]], [20]],
    ["never below 1 ms", [[10, 0, 16]], [1]],
    [
      "the same id once, whatever its processing time",
      [
        [20, 0, 0],
        [40, 0, 5],
        [60, 0, 9],
      ],
      [20],
    ],
    ["mask bits give none: a burst and one ack", [[20, 2, 0]], [20]],
    [
      "an older id, if it gave none yet",
      [
        [20, 2, 0],
        [30, 1, 0],
        [35, 1, 0],
      ],
      [20, 30],
    ],
    [
      "none received, or never sent",
      [
        [20, 65_535, 0],
        [20, 3, 0],
        [20, 40_000, 0],
      ],
      [],
    ],
  ] as [string, [number, number, number][], number[]][])("%s", (_name, acks, samples) => {
    const made = sent(3);
    for (const [nowMs, acked, processingTimeMs] of acks)
      made.receive(reliableAck(acked, "ffffffff", processingTimeMs), nowMs);
    expect(made.sink.roundTripsMs).toEqual(samples);
  });

  it("count from the first transmission, resends or not", () => {
    const made = sent(1);
    made.stack.sendDue(65);
    made.receive(reliableAck(0), 70);
    expect(made.sink.roundTripsMs).toEqual([70]);
  });

  it("have none for an id whose slot was taken by a later packet", () => {
    const made = sent(8, 8);
    made.receive(reliableAck(7), 5);
    made.send("", 6);
    made.receive(reliableAck(0), 8);
    expect(made.sink.roundTripsMs).toEqual([5]);
  });

  it("of payloads count as those of acks do, not those of packets outside the window", () => {
    const made = sent(2);
    made.receive(reliablePacket(50, "aa", u16(0)), 10);
    made.receive(reliablePacket(0, "aa", u16(1)), 20);
    expect(made.sink.roundTripsMs).toEqual([20]);
  });
});

describe("the wait before a resend", () => {
  it("is 64 ms at first, and 91, 102, 108, 180 after samples of 20, 20, 20, 120", () => {
    const estimate = new RoundTripEstimate(64, 200);
    expect(estimate.resendMs).toBe(64);
    const waits = [20, 20, 20, 120].map((rttMs) => {
      estimate.add(rttMs);
      return estimate.resendMs;
    });
    expect(waits).toEqual([91, 102, 108, 180]);
  });

  it.each([
    [64, 200, Array(40).fill(1), 64],
    [64, 200, [900], 200],
    [64, 500, [900], 500],
    [64, 500, [150], 177],
    [10, 200, [], 50],
  ])("lies between %i and %i: samples %j, %i ms", (minimumMs, maximumMs, samples, resendMs) => {
    const estimate = new RoundTripEstimate(minimumMs, maximumMs);
    for (const rttMs of samples) estimate.add(rttMs);
    expect(estimate.resendMs).toBe(resendMs);
  });
});

describe("resends", () => {
  /** When a lone packet of time 0 is sent for the second time by who calls at these moments. */
  function secondSendMs(resendMs: number, moments: Iterable<number>): number | undefined {
    const { stack, sink } = stackOf({ ...RELIABLE, minimumResendMs: resendMs, maximumResendMs: resendMs });
    stack.send(pattern(1), 0);
    sink.takeSent();
    for (const nowMs of moments) {
      stack.sendDue(nowMs);
      if (sink.takeSent().length > 0) return nowMs;
    }
    return undefined;
  }
  const everyMs = Array.from({ length: 300 }, (_, i) => i);
  const updates = Array.from({ length: 20 }, (_, i) => Math.round((i * 1000) / 60));

  it.each([
    [64, 65, 67],
    [100, 101, 117],
    [200, 201, 217],
  ])("after %i ms leave at %i for who acts at once, at %i at 60 updates a second", (resendMs, patientMs, updateMs) => {
    expect(secondSendMs(resendMs, everyMs)).toBe(patientMs);
    expect(secondSendMs(resendMs, updates)).toBe(updateMs);
    const { stack } = stackOf({ ...RELIABLE, minimumResendMs: resendMs, maximumResendMs: resendMs });
    stack.send(pattern(1), 0);
    expect(stack.nextDeadlineMs).toBe(patientMs);
  });

  it("are oldest first, without back-off and without end, until the ack", () => {
    const { stack, sink, receive } = sent(3);
    const sentAtMs: [number, number[]][] = [];
    for (let nowMs = 0; nowMs <= 10 * 65; nowMs++) {
      stack.sendDue(nowMs);
      const sequences = sequencesOf(sink.takeSent());
      if (sequences.length > 0) sentAtMs.push([nowMs, sequences]);
    }
    expect(sentAtMs).toEqual(Array.from({ length: 10 }, (_, i) => [65 * (i + 1), [0, 1, 2]]));
    expect(stack.counters.resent).toBe(30);
    receive(reliableAck(2), 660);
    stack.sendDue(10_000);
    expect([sink.takeSent(), stack.nextDeadlineMs]).toEqual([[], Number.POSITIVE_INFINITY]);
  });

  it("carry the first payload and sequence with the ack fields of the moment", () => {
    const { stack, sink, receive, send } = stackOf(RELIABLE);
    send("AABB");
    receive(reliablePacket(0), 60);
    stack.sendDue(61);
    sink.takeSent();
    stack.sendDue(65);
    expect(sink.takeSent()).toEqual(["0000050000000000ffffffffaabb"]);
  });

  it("say when the next is due, from the packet that has waited longest", () => {
    const { stack, send, receive } = stackOf(RELIABLE);
    send("", 10);
    send("", 30);
    expect(stack.nextDeadlineMs).toBe(75);
    stack.sendDue(75);
    expect(stack.nextDeadlineMs).toBe(95);
    receive(reliableAck(1, "01000000"), 80);
    expect(stack.nextDeadlineMs).toBe(75 + (stack.resendMs ?? 0) + 1);
  });
});

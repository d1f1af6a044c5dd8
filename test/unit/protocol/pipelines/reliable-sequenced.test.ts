// The reliable stage, byte for byte: the worked examples of the protocol page (6.4.6), which acks leave and when (6.4.5).
import { describe, expect, it } from "vitest";
import {
  FRAGMENTATION,
  pattern,
  RELIABLE,
  reliableAck,
  reliablePacket,
  stackOf,
} from "../../../support/recording-pipelines.js";

const joined = (text: string): string => text.replaceAll(/\s/g, "").toLowerCase();
const ones = (count: number): string => "ff".repeat(count);

describe("worked examples", () => {
  it("seq 0, payload hi", () => {
    expect(stackOf(RELIABLE).send("6869")).toEqual([joined("00 00 00 00 00 00 FF FF FF FF FF FF 68 69")]);
  });

  it.each([
    ["ones", "01 00 10 00 00 00 00 00 FF FF FF FF 00"],
    ["zeros", "01 00 10 00 00 00 00 00 01 00 00 00 00"],
  ] as const)("its ack 16 ms later, initial mask %s", (initialMask, ack) => {
    const { stack, sink, receive } = stackOf({ ...RELIABLE, initialMask });
    receive("00 00 00 00 00 00 FF FF FF FF FF FF 68 69", 100);
    stack.sendDue(116);
    expect([sink.takeMessages(), sink.takeSent()]).toEqual([["6869"], [joined(ack)]]);
  });

  it.each([
    ["ones", "01 00 05 00 00 00 03 00 FD FF FF FF 00"],
    ["zeros", "01 00 05 00 00 00 03 00 0D 00 00 00 00"],
  ] as const)("0, 1 and 3 there, 2 missing, 5 ms after 3, initial mask %s", (initialMask, ack) => {
    const { stack, sink, receive } = stackOf({ ...RELIABLE, initialMask });
    for (const [sequence, nowMs] of [
      [0, 10],
      [1, 11],
      [3, 12],
    ] as const) {
      receive(reliablePacket(sequence), nowMs);
    }
    stack.sendDue(17);
    expect(sink.takeSent()).toEqual([joined(ack)]);
  });

  it("[Fragmentation, Reliable]: seq 7, first fragment", () => {
    const { stack, sink, receive } = stackOf(FRAGMENTATION, RELIABLE);
    for (let i = 0; i < 7; i++) stack.send(pattern(1), 0);
    sink.takeSent();
    stack.send(pattern(2000), 0);
    const [first, second] = sink.takeSent();
    expect(first?.slice(0, 28)).toBe(joined("00 00 00 00 07 00 FF FF FF FF FF FF 07 80"));
    expect(second?.slice(0, 28)).toBe(joined("00 00 00 00 08 00 FF FF FF FF FF FF 08 40"));
    expect(first!.length / 2).toBe(1376);
    receive(reliableAck(8));
    expect(stack.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("window 128: the very first header, and a later one with a trimmed mask", () => {
    const { stack, sink, receive, send } = stackOf({ ...RELIABLE, window: 128 });
    expect(send("")).toEqual([joined(`00 10 00 00 00 00 FF FF ${ones(16)}`)]);
    for (let i = 1; i < 5; i++) send("");
    for (let sequence = 0; sequence <= 20; sequence++) {
      const acked = sequence === 20 ? "0400" : "ffff";
      if (sequence !== 10) receive(`0001 0000 ${sequence.toString(16).padStart(2, "0")}00 ${acked} ff`, 50);
    }
    stack.send(pattern(0), 53);
    expect(sink.takeSent()).toEqual([joined("00 02 03 00 05 00 14 00 FF FB")]);
  });

  it("window 64: the first packet", () => {
    expect(stackOf({ ...RELIABLE, window: 64 }).send("")).toEqual([joined(`00 00 00 00 00 00 FF FF ${ones(8)}`)]);
  });

  it("an ack on [Fragmentation, Reliable] has no fragment header", () => {
    const { stack, sink, receive } = stackOf(FRAGMENTATION, { ...RELIABLE, ackDummyByte: 0xc7 });
    receive(reliablePacket(0, "00c0aa"));
    stack.sendDue(0);
    expect([sink.takeMessages(), sink.takeSent()]).toEqual([
      ["aa"],
      [joined("01 00 00 00 00 00 00 00 FF FF FF FF C7")],
    ]);
  });

  it("an ack without the dummy byte, if so set", () => {
    const { stack, sink, receive } = stackOf({ ...RELIABLE, ackDummyByte: "none" });
    receive(reliablePacket(0));
    stack.sendDue(0);
    expect(sink.takeSent()).toEqual([joined("01 00 00 00 00 00 00 00 FF FF FF FF")]);
  });
});

describe("acks", () => {
  it("leave once, and not at all when nothing came", () => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    stack.sendDue(0);
    expect([stack.pendingUpdate, sink.takeSent()]).toEqual([false, []]);
    for (const sequence of [0, 1, 2]) receive(reliablePacket(sequence));
    expect(stack.pendingUpdate).toBe(true);
    stack.sendDue(1);
    stack.sendDue(2);
    expect(stack.pendingUpdate).toBe(false);
    expect(sink.takeSent().map((body) => body.slice(0, 16))).toEqual([joined("01 00 01 00 00 00 02 00")]);
  });

  it("need none when an answer has carried them, with processing time 0 in the same moment", () => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    sink.onMessage = (payload, nowMs) => stack.send(payload, nowMs);
    receive(reliablePacket(0), 40);
    stack.sendDue(40);
    expect(sink.takeSent()).toEqual([joined(`00 00 00 00 00 00 00 00 ${ones(4)} AA`)]);
  });

  it.each([
    ["a hole that is filled", [1, 0], 2],
    ["a packet behind a hole", [0, 2], 2],
    ["two duplicates", [0, 0, 0], 1],
    ["three duplicates", [0, 0, 0, 0], 2],
    ["six duplicates", [0, 0, 0, 0, 0, 0, 0], 3],
    ["what is outside the window", [0, 33, 65_535], 1],
  ])("for %s: %j", (_name, sequences, acks) => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    for (const sequence of sequences) {
      receive(reliablePacket(sequence));
      stack.sendDue(0);
    }
    expect(sink.takeSent().length).toBe(acks);
  });

  it("are answered by none", () => {
    const { stack, sink, receive, send } = stackOf(RELIABLE);
    send("AA");
    receive(reliableAck(0));
    receive(reliableAck(0));
    stack.sendDue(1);
    expect([sink.takeSent(), sink.takeMessages()]).toEqual([[], []]);
  });

  it("are taken with and without the dummy byte, whatever its value", () => {
    for (const tail of ["", "00", "c7", "c7c8"]) {
      const { stack, sink, receive, send } = stackOf(RELIABLE);
      send("AA");
      receive(`0100 0000 0000 0000 ffffffff ${tail}`, 5);
      expect([sink.roundTripsMs, stack.nextDeadlineMs, stack.counters.dropped]).toEqual([[5], Infinity, 0]);
    }
  });

  it("are taken with masks of either initial style", () => {
    for (const mask of ["ffffffff", "01000000"]) {
      const { stack, receive, send } = stackOf(RELIABLE);
      send("AA");
      receive(reliableAck(0, mask));
      expect(stack.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("wait for the next call when they are not taken", () => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    receive(reliablePacket(0));
    sink.accepting = false;
    stack.sendDue(1);
    expect(stack.pendingUpdate).toBe(true);
    sink.accepting = true;
    stack.sendDue(2);
    expect(sink.takeSent().length).toBe(1);
  });

  it("tell whole milliseconds, mod 65536, since the highest packet came, not since its duplicates", () => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    receive(reliablePacket(1), 10.5);
    receive(reliablePacket(1), 17);
    receive(reliablePacket(0), 18);
    stack.sendDue(20.4);
    stack.send(pattern(0), 10.5 + 65_536 + 258);
    expect(sink.takeSent().map((body) => body.slice(4, 8))).toEqual(["0900", "0201"]);
  });

  it("precede the resends of the same call", () => {
    const { stack, sink, receive, send } = stackOf(RELIABLE);
    send("AA");
    receive(reliablePacket(0), 60);
    stack.sendDue(65);
    expect(sink.takeSent().map((body) => body.slice(0, 2))).toEqual(["01", "00"]);
  });

  it("are driven by whoever calls: at updates one update later, at the end of the batch at once", () => {
    const processingTimeMs = (arrivalMs: number, callMs: number): string | undefined => {
      const { stack, sink, receive } = stackOf(RELIABLE);
      receive(reliablePacket(0), arrivalMs);
      stack.sendDue(callMs);
      return sink.takeSent()[0]?.slice(4, 8);
    };
    expect([processingTimeMs(33, 50), processingTimeMs(50, 66), processingTimeMs(40, 40)]).toEqual([
      "1100",
      "1000",
      "0000",
    ]);
  });

  it("say FF FF until something was received", () => {
    const { receive, send } = stackOf(RELIABLE);
    expect(send("")[0]?.slice(12, 16)).toBe("ffff");
    receive(reliableAck(0));
    expect(send("")[0]?.slice(12, 16)).toBe("ffff");
    receive(reliablePacket(0));
    expect(send("")[0]?.slice(12, 16)).toBe("0000");
  });
});

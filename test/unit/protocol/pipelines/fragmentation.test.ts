// The Fragmentation stage (protocol page 6.2): flags, counters, block sizes, capacities, and what a missing fragment costs.
import { describe, expect, it } from "vitest";
import { hex } from "../../../support/bytes.js";
import { FRAGMENTATION, pattern, stackOf, UNRELIABLE, u16 } from "../../../support/recording-pipelines.js";

const FIRST = 0x8000;
const LAST = 0x4000;
const fragment = (header: number, payload: string): string => u16(header) + payload;
/** Headers and payload sizes of bodies. */
const outline = (bodies: readonly string[]): [string, number][] =>
  bodies.map((body) => [body.slice(0, 4), body.length / 2 - 2]);

describe("sending", () => {
  it("marks a message in one piece as first and last: 00 C0", () => {
    const { send } = stackOf(FRAGMENTATION);
    expect([send("AA"), send("BB")]).toEqual([["00c0aa"], ["01c0bb"]]);
  });

  it("sends an empty message", () => {
    expect(stackOf(FRAGMENTATION).send("")).toEqual(["00c0"]);
  });

  it("counts packets, not messages: the page's 05 80, 06 00, 07 40 with 1374 + 1374 + 252 bytes", () => {
    const { stack, sink, send } = stackOf(FRAGMENTATION);
    for (let i = 0; i < 5; i++) send("");
    expect(stack.send(pattern(3000), 0)).toBe("accepted");
    const bodies = sink.takeSent();
    expect(outline(bodies)).toEqual([
      ["0580", 1374],
      ["0600", 1374],
      ["0740", 252],
    ]);
    expect(bodies.map((body) => body.slice(4)).join("")).toBe(hex(pattern(3000)));
    expect(stack.counters.sent).toBe(6);
  });

  it("wraps its counter from 16383 to 0, also inside a message", () => {
    const { stack, sink, send } = stackOf(FRAGMENTATION);
    for (let i = 0; i < 16_383; i++) send("");
    stack.send(pattern(1375), 0);
    expect(outline(sink.takeSent())).toEqual([
      ["ffbf", 1374],
      ["0040", 1],
    ]);
  });

  it.each([
    [1374, [1374]],
    [1375, [1374, 1]],
    [2748, [1374, 1374]],
    [4096, [1374, 1374, 1348]],
  ])("cuts %i bytes into %j", (messageBytes, sizes) => {
    const { stack, sink } = stackOf(FRAGMENTATION);
    stack.send(pattern(messageBytes), 0);
    expect(outline(sink.takeSent()).map(([, size]) => size)).toEqual(sizes);
  });

  it.each([4096, 6148, 100])("takes messages up to its capacity of %i", (payloadCapacityBytes) => {
    const { stack } = stackOf({ ...FRAGMENTATION, payloadCapacityBytes });
    expect(stack.maxMessageBytes).toBe(payloadCapacityBytes);
    expect(stack.send(pattern(payloadCapacityBytes), 0)).toBe("accepted");
    expect(() => stack.send(pattern(payloadCapacityBytes + 1), 0)).toThrow(RangeError);
  });

  it("gives earlier stages their place in the first fragment", () => {
    const { stack, sink } = stackOf(UNRELIABLE, FRAGMENTATION);
    stack.send(pattern(1373), 0);
    const [first, second] = sink.takeSent();
    expect(first?.slice(0, 12)).toBe(`0080 0000 ${hex(pattern(2))}`.replaceAll(" ", ""));
    expect(outline([first!, second!]).map(([, size]) => size)).toEqual([1374, 1]);
    const peer = stackOf(UNRELIABLE, FRAGMENTATION);
    peer.receive(first!);
    peer.receive(second!);
    expect(peer.sink.takeMessages()).toEqual([hex(pattern(1373))]);
  });

  it("does not send the rest of a message whose fragment was not taken", () => {
    const { stack, sink } = stackOf(FRAGMENTATION);
    sink.onSend = () => {
      sink.accepting = false;
    };
    expect(stack.send(pattern(4000), 0)).toBe("queueFull");
    expect([sink.takeSent().length, stack.counters.sent]).toEqual([1, 0]);
  });

  it("never sends where not even a byte fits", () => {
    const { stack, sink } = stackOf(FRAGMENTATION);
    sink.maxBodyBytes = 2;
    expect(() => stack.send(pattern(1), 0)).toThrow(RangeError);
    sink.maxBodyBytes = 3;
    stack.send(pattern(3), 0);
    expect(sink.takeSent().length).toBe(3);
  });
});

describe("receiving", () => {
  const cases: { name: string; bodies: [number, string][]; messages: string[]; dropped: number }[] = [
    { name: "one piece", bodies: [[FIRST | LAST, "aa"]], messages: ["aa"], dropped: 0 },
    { name: "one piece with any counter", bodies: [[FIRST | LAST | 777, "aa"]], messages: ["aa"], dropped: 0 },
    {
      name: "three pieces",
      bodies: [
        [FIRST | 5, "aa"],
        [6, "bb"],
        [LAST | 7, "cc"],
      ],
      messages: ["aabbcc"],
      dropped: 0,
    },
    {
      name: "pieces across the wrap of the counter",
      bodies: [
        [FIRST | 16_383, "aa"],
        [LAST | 0, "bb"],
      ],
      messages: ["aabb"],
      dropped: 0,
    },
    {
      name: "a gap: the message is lost, and all up to the next first one",
      bodies: [
        [FIRST | 1, "aa"],
        [3, "cc"],
        [LAST | 4, "dd"],
        [FIRST | LAST | 5, "ee"],
      ],
      messages: ["ee"],
      dropped: 3,
    },
    {
      name: "a fragment twice",
      bodies: [
        [FIRST | 1, "aa"],
        [2, "bb"],
        [2, "bb"],
        [LAST | 3, "cc"],
      ],
      messages: [],
      dropped: 4,
    },
    {
      name: "an end that is missing",
      bodies: [
        [FIRST | 1, "aa"],
        [2, "bb"],
        [FIRST | LAST | 4, "dd"],
      ],
      messages: ["dd"],
      dropped: 2,
    },
    {
      name: "a lone last one whose counter fits",
      bodies: [
        [FIRST | LAST | 4, "aa"],
        [LAST | 5, "bb"],
      ],
      messages: ["aa", "bb"],
      dropped: 0,
    },
    {
      name: "a lone last one whose counter does not",
      bodies: [
        [FIRST | LAST | 4, "aa"],
        [LAST | 6, "bb"],
      ],
      messages: ["aa"],
      dropped: 1,
    },
  ];
  it.each(cases)("$name", ({ bodies, messages, dropped }) => {
    const { stack, sink, receive } = stackOf(FRAGMENTATION);
    for (const [header, payload] of bodies) receive(fragment(header, payload));
    expect(sink.takeMessages()).toEqual(messages);
    expect(stack.counters).toMatchObject({ received: messages.length, dropped });
  });

  it("counts messages of several pieces as reassembled, the others not", () => {
    const { stack, receive } = stackOf(FRAGMENTATION);
    receive(fragment(FIRST | LAST, "aa"));
    receive(fragment(LAST | 1, "aa"));
    receive(fragment(FIRST | 2, "aa"));
    receive(fragment(LAST | 3, "aa"));
    expect(stack.counters).toMatchObject({ received: 3, reassembled: 1 });
  });

  it("counts what is too short for a header", () => {
    const { stack, receive } = stackOf(FRAGMENTATION);
    receive("");
    receive("00");
    expect(stack.counters).toMatchObject({ received: 0, dropped: 2 });
  });

  it("puts together what is exactly as large as its capacity, and refuses one byte more with all that follows", () => {
    const { stack, sink, receive } = stackOf({ ...FRAGMENTATION, payloadCapacityBytes: 4 });
    receive(fragment(FIRST | 0, "aabb"));
    receive(fragment(LAST | 1, "ccdd"));
    receive(fragment(FIRST | 2, "aabb"));
    receive(fragment(3, "ccddee"));
    receive(fragment(LAST | 4, "ff"));
    receive(fragment(FIRST | LAST | 5, "010203040506"));
    expect(sink.takeMessages()).toEqual(["aabbccdd", "010203040506"]);
    expect(stack.counters).toMatchObject({ received: 2, dropped: 3, reassembled: 1 });
  });

  it("refuses with the default capacity what a peer with 6148 sends", () => {
    const sender = stackOf({ ...FRAGMENTATION, payloadCapacityBytes: 6148 });
    const { stack, sink, receive } = stackOf(FRAGMENTATION);
    sender.stack.send(pattern(5000), 0);
    for (const body of sender.sink.takeSent()) receive(body);
    expect(sink.takeMessages()).toEqual([]);
    expect(stack.counters.dropped).toBe(4);
  });
});

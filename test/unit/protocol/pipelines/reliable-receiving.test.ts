// What a reliable stage does with payload packets (protocol page 6.4.2 and 6.4.3): order, windows, duplicates, wraps.
import { describe, expect, it } from "vitest";
import { bytes, hex } from "../../../support/bytes.js";
import {
  RELIABLE,
  type RecordedStack,
  reliableAck,
  reliablePacket,
  stackOf,
  u16,
} from "../../../support/recording-pipelines.js";

/** Payloads are the low 16 bits of their own sequence. */
const take = ({ receive }: RecordedStack, ...sequences: number[]): void => {
  for (const sequence of sequences) receive(reliablePacket(sequence, u16(sequence)));
};
const delivered = ({ sink }: RecordedStack): number[] =>
  sink.takeMessages().map((text) => Number.parseInt(text.slice(2, 4) + text.slice(0, 2), 16));

const NOTHING = new Uint8Array(0);
const packet = bytes(reliablePacket(0, ""));
const ack = bytes(reliableAck(0));

/** A stack that has received everything below `next`. */
function receivedUpTo(next: number): RecordedStack {
  const made = stackOf(RELIABLE);
  for (let id = 0; id < next; id++) {
    packet[4] = id & 0xff;
    packet[5] = (id >> 8) & 0xff;
    made.stack.receive(packet, 0);
  }
  made.sink.takeMessages();
  return made;
}

describe("order", () => {
  it.each([
    [[0, 1, 2], [0, 1, 2], 0],
    [[2, 1, 0], [0, 1, 2], 0],
    [[1, 3, 0, 2], [0, 1, 2, 3], 0],
    [[0, 2, 3], [0], 0],
    [[0, 0, 1, 1], [0, 1], 2],
    [[1, 1, 0, 1], [0, 1], 2],
    [[2, 0, 2, 1, 2], [0, 1, 2], 2],
  ])("%j is delivered as %j, with %i duplicates", (sequences, messages, duplicates) => {
    const made = stackOf(RELIABLE);
    take(made, ...sequences);
    expect(delivered(made)).toEqual(messages);
    expect(made.stack.counters).toMatchObject({ received: messages.length, duplicates, outOfWindow: 0, dropped: 0 });
  });

  it("keeps up to 31 packets of a window of 32 for the one that is missing", () => {
    const made = stackOf(RELIABLE);
    const rest = Array.from({ length: 31 }, (_, i) => i + 1);
    take(made, ...[...rest].reverse());
    expect(delivered(made)).toEqual([]);
    take(made, 0);
    expect(delivered(made)).toEqual([0, ...rest]);
  });

  it("delivers before it is asked again from inside", () => {
    const made = stackOf(RELIABLE);
    made.sink.onMessage = (_payload, nowMs) => made.stack.receive(Uint8Array.of(0, 0), nowMs);
    take(made, 1, 0);
    expect(delivered(made)).toEqual([0, 1]);
  });
});

describe("the window", () => {
  it.each([
    [32, 32],
    [64, 64],
    [8, 8],
    [1, 8],
    [33, 40],
  ])("%i, in effect %i: newer by that much is taken, by more ignored", (window, effective) => {
    const acks = window > 32 ? "ffffffffffffffff" : "ffffffff";
    for (const [ahead, outOfWindow] of [
      [effective, 0],
      [effective + 1, 1],
    ] as const) {
      const { stack, receive } = stackOf({ ...RELIABLE, window });
      receive(reliablePacket(ahead - 1, "aa", "ffff", acks));
      expect([stack.counters.outOfWindow, stack.pendingUpdate]).toEqual([outOfWindow, outOfWindow === 0]);
    }
  });

  it("ignores what is older by the window or more, its ack fields too", () => {
    const made = receivedUpTo(40);
    made.send("AA");
    made.receive(reliablePacket(39 - 32, "aa", "0000"));
    expect(made.stack.counters).toMatchObject({ outOfWindow: 1, duplicates: 0 });
    expect(made.sink.roundTripsMs).toEqual([]);
    made.receive(reliablePacket(39 - 31, "aa", "0000"));
    expect(made.stack.counters).toMatchObject({ outOfWindow: 1, duplicates: 1 });
    expect(made.sink.roundTripsMs.length).toBe(1);
  });

  it("ignores what would take the place of a packet that waits", () => {
    const made = stackOf(RELIABLE);
    take(made, 1, 31, 32, 63);
    expect(made.stack.counters.outOfWindow).toBe(2);
    take(made, 0, ...Array.from({ length: 29 }, (_, i) => i + 2));
    expect(delivered(made)).toEqual(Array.from({ length: 32 }, (_, i) => i));
  });

  it.each([65_535, 40_000, 32_767])("does not begin with %i", (sequence) => {
    const made = stackOf(RELIABLE);
    take(made, sequence);
    expect(made.stack.counters).toMatchObject({ outOfWindow: 1, received: 0 });
    expect(made.stack.pendingUpdate).toBe(false);
  });
});

describe("long connections", () => {
  it.each([16_383, 32_767, 49_151, 65_535, 131_071])("go on across %i, in disorder and with duplicates", (edge) => {
    const made = receivedUpTo(edge - 3);
    const order = [0, 2, 1, 4, 3, 3, 7, 6, 5, 8].map((step) => edge - 3 + step);
    take(made, ...order.map((id) => id & 0xffff));
    expect(delivered(made)).toEqual(Array.from({ length: 9 }, (_, i) => (edge - 3 + i) & 0xffff));
    made.stack.sendDue(0);
    expect(made.sink.takeSent()[0]?.slice(12)).toBe(`${u16(edge + 5)}ffffffff00`);
    expect(made.stack.counters).toMatchObject({ duplicates: 1, outOfWindow: 0 });
  });

  it("go on across the wrap of our own sequences; from there on without samples and processing times, as Unity's", () => {
    const { stack, sink, receive } = receivedUpTo(65_537);
    for (let id = 0; id < 65_600; id++) {
      expect(stack.send(NOTHING, 0)).toBe("accepted");
      ack[6] = id & 0xff;
      ack[7] = (id >> 8) & 0xff;
      stack.receive(ack, 0);
    }
    expect(sink.takeSent().at(-1)?.slice(8, 12)).toBe(u16(65_599));
    expect([stack.nextDeadlineMs, sink.roundTripsMs.length]).toEqual([Number.POSITIVE_INFINITY, 65_536]);
    receive(reliablePacket(65_537));
    stack.sendDue(9);
    expect(sink.takeSent()).toEqual(["0100000000000100ffffffff00"]);
  });
});

describe("what is no packet of the stage", () => {
  it.each([
    "",
    "00",
    "00 00 00 00 00 00 FF FF FF FF FF",
    "07 00 00 00 00 00 FF FF FF FF FF FF",
    "00 04 00 00 00 00 FF FF FF FF FF FF",
  ])("%s is dropped and counted, nothing else", (body) => {
    const { stack, sink, receive } = stackOf(RELIABLE);
    receive(body);
    expect([stack.counters.dropped, sink.takeMessages(), stack.pendingUpdate]).toEqual([1, [], false]);
  });

  it("an empty payload is one", () => {
    const { sink, receive } = stackOf(RELIABLE);
    receive(reliablePacket(0, ""));
    expect(sink.takeMessages()).toEqual([hex(new Uint8Array(0))]);
  });
});

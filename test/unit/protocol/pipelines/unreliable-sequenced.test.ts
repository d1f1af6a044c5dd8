// The UnreliableSequenced stage (protocol page 6.3): numbers, wraps, what is let through and what is counted.
import { describe, expect, it } from "vitest";
import { stackOf, UNRELIABLE, u16 } from "../../../support/recording-pipelines.js";

/** A stack whose last accepted packet was `last`: several steps, none longer than 32767. */
function after(last: number) {
  const made = stackOf(UNRELIABLE);
  if (last >= 32_767) made.receive(u16(32_766));
  if (last >= 65_533) made.receive(u16(65_500));
  made.receive(u16(last));
  made.sink.takeMessages();
  return made;
}

describe("sending", () => {
  it("starts at 0 and adds one per packet, little-endian", () => {
    const { send } = stackOf(UNRELIABLE);
    expect([send("AA"), send("BB")]).toEqual([["0000aa"], ["0100bb"]]);
    for (let sequence = 2; sequence < 0x0102; sequence++) send("");
    expect(send("CC")).toEqual(["0201cc"]);
  });

  it("wraps from 65535 to 0", () => {
    const { send } = stackOf(UNRELIABLE);
    for (let sequence = 0; sequence < 65_535; sequence++) send("");
    expect([send(""), send("")]).toEqual([["ffff"], ["0000"]]);
  });

  it("sends empty messages", () => {
    expect(stackOf(UNRELIABLE).send("")).toEqual(["0000"]);
  });
});

describe("receiving", () => {
  it.each([
    [65_535, 0, true],
    [65_535, 32_766, true],
    [0, 1, true],
    [0, 5, true],
    [0, 32_767, true],
    [0, 32_768, false],
    [32_767, 0, false],
    [32_768, 0, true],
    [32_768, 1, false],
    [16_383, 16_384, true],
    [16_384, 16_383, false],
    [7, 7, false],
    [7, 6, false],
  ])("after %i takes %i: %s", (last, sequence, taken) => {
    const { stack, sink, receive } = after(last);
    const before = stack.counters.received;
    receive(`${u16(sequence)} AA`);
    expect(sink.takeMessages()).toEqual(taken ? ["aa"] : []);
    expect(stack.counters.received - before).toBe(taken ? 1 : 0);
  });

  it("takes 0 first, and an empty payload", () => {
    const { sink, receive } = stackOf(UNRELIABLE);
    receive("0000");
    expect(sink.takeMessages()).toEqual([""]);
  });

  it.each([
    [32_767, true],
    [32_768, false],
    [65_534, false],
  ])("takes %i at first: %s", (sequence, taken) => {
    const { stack, receive } = stackOf(UNRELIABLE);
    receive(u16(sequence));
    expect([stack.counters.received, stack.counters.dropped]).toEqual(taken ? [1, 0] : [0, 1]);
  });

  it("counts what it does not let through: the same again, late ones, cut ones", () => {
    const { stack, receive } = stackOf(UNRELIABLE);
    for (const body of ["0000", "0200", "0200", "0100", "0000", "03", ""]) receive(body);
    expect(stack.counters).toMatchObject({ received: 2, duplicates: 1, dropped: 4 });
  });
});

// The ring of unanswered sends.
import { describe, expect, it } from "vitest";
import { SentTimes } from "../../../src/virtual-user/sent-times.js";

describe("SentTimes", () => {
  it("gives each send back once", () => {
    const times = new SentTimes(1);
    times.note(0, 10);
    times.note(1, 20);
    expect(times.take(1)).toBe(20);
    expect(times.take(1)).toBeUndefined();
    expect(times.take(0)).toBe(10);
  });

  it("knows nothing of messages that were never sent or were dropped", () => {
    const times = new SentTimes(1);
    times.note(0, 10);
    times.note(3, 40);
    expect(times.take(2)).toBeUndefined();
    expect(times.take(4)).toBeUndefined();
    expect(times.take(-1)).toBeUndefined();
  });

  it("does not answer a dropped message with the time of one that had its slot before", () => {
    const times = new SentTimes(1);
    for (let sequence = 0; sequence < 8; sequence++) times.note(sequence, sequence);
    times.note(12, 12);
    for (const dropped of [8, 9, 10, 11]) expect(times.take(dropped)).toBeUndefined();
  });

  it("keeps its size while nothing is answered, and says that it forgot", () => {
    const times = new SentTimes(1);
    for (let sequence = 0; sequence < 100; sequence++) times.note(sequence, sequence);
    expect(times.take(0)).toBeNull();
    expect(times.take(99)).toBe(99);
  });

  it("grows once answers come, however late they are", () => {
    const times = new SentTimes(1);
    times.note(0, 0);
    times.take(0);
    for (let sequence = 1; sequence <= 1000; sequence++) times.note(sequence, sequence);
    for (let sequence = 1; sequence <= 1000; sequence++) expect(times.take(sequence)).toBe(sequence);
  });
});

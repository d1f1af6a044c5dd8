// Two ends of a pipeline joined by a bad network, on a virtual clock: reliable ones deliver everything once and in order, whoever
// drives them; the others lose whole messages and nothing else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, hex } from "../support/bytes.js";
import { PipelinePair } from "../support/pipeline-pair.js";
import { propertyParameters } from "../support/property.js";
import { FRAGMENTATION, RELIABLE, UNRELIABLE } from "../support/recording-pipelines.js";

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const link = fc.record({
  delayMs: fc.integer({ min: 0, max: 150 }),
  jitterMs: fc.integer({ min: 0, max: 200 }),
  lossRatio: fc.double({ min: 0, max: 0.5, noNaN: true }),
  duplicateRatio: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const window = fc.constantFrom(8, 32, 64, 72, 256);
const driver = fc.constantFrom("patient" as const, "updates" as const);
/** After this on a sound link everything that can be repaired is. */
const REPAIR_MS = 60_000;

/** Payloads that tell their number. */
const messagesOf = (count: number, messageBytes: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => {
    const payload = new Uint8Array(Math.max(2, messageBytes)).fill(i & 0xff);
    payload[0] = i >> 8;
    return payload;
  });

describe("a reliable pipeline", () => {
  it("delivers everything in order, exactly once, both ways", () => {
    fc.assert(
      fc.property(
        fc.record({ seed, link, window, driver, echo: fc.boolean(), initialMask: fc.constantFrom("ones", "zeros") }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 40 }),
        ({ window, initialMask, ...options }, count, gapMs) => {
          const pair = new PipelinePair({ ...options, stages: [{ ...RELIABLE, window, initialMask }] });
          const messages = messagesOf(count, 2);
          pair.sendAll(messages, gapMs);
          pair.makeSound();
          pair.clock.advanceBy(REPAIR_MS);
          const expected = messages.map(hex);
          expect(pair.b.messages).toEqual(expected);
          expect(pair.a.messages).toEqual(options.echo ? expected : []);
          for (const end of [pair.a, pair.b]) {
            expect([end.stack.nextDeadlineMs, end.stack.pendingUpdate]).toEqual([Number.POSITIVE_INFINITY, false]);
            expect(end.stack.counters.dropped).toBe(0);
          }
        },
      ),
      propertyParameters("reliable over a bad link", 150),
    );
  });

  it("delivers fragmented messages whole", () => {
    fc.assert(
      fc.property(
        seed,
        link,
        window,
        driver,
        fc.array(fc.nat(4096), { maxLength: 12 }),
        (seed, link, window, driver, sizes) => {
          const pair = new PipelinePair({ seed, link, driver, stages: [FRAGMENTATION, { ...RELIABLE, window }] });
          const messages = sizes.map((size, i) => messagesOf(i + 1, size)[i]!);
          pair.sendAll(messages, 20);
          pair.makeSound();
          pair.clock.advanceBy(REPAIR_MS);
          expect(pair.b.messages).toEqual(messages.map(hex));
        },
      ),
      propertyParameters("fragmented and reliable over a bad link", 100),
    );
  });

  it("goes on for more than 65,536 packets in disorder", () => {
    const pair = new PipelinePair({
      seed: 7,
      link: { delayMs: 1, jitterMs: 2, lossRatio: 0.01, duplicateRatio: 0.01 },
      driver: "patient",
      stages: [{ ...RELIABLE, window: 64 }],
    });
    const count = 66_500;
    const messages = Array.from({ length: count }, (_, i) => Uint8Array.of(i & 0xff, (i >> 8) & 0xff, i >> 16));
    for (let from = 0; from < count; from += 20) {
      pair.sendAll(messages.slice(from, from + 20), 0);
      pair.clock.advanceBy(1);
    }
    pair.clock.advanceBy(REPAIR_MS);
    expect(pair.b.messages.length).toBe(count);
    expect(pair.b.messages.findIndex((text, i) => text !== hex(messages[i]!))).toBe(-1);
  });

  it("resends nothing on a sound link whose round trip is short", () => {
    const pair = new PipelinePair({ link: { delayMs: 10 }, driver: "patient", stages: [RELIABLE] });
    pair.sendAll(messagesOf(200, 10), 5);
    pair.clock.advanceBy(1000);
    expect([pair.a.stack.counters.resent, pair.b.stack.counters.duplicates]).toEqual([0, 0]);
    expect(pair.a.roundTripsMs.every((rttMs) => rttMs === 20)).toBe(true);
    expect(pair.a.roundTripsMs.length).toBeGreaterThan(100);
  });
});

describe("a pipeline without repair", () => {
  const sizes = fc.array(fc.nat(4096), { minLength: 1, maxLength: 40 });

  it("of fragments loses whole messages only", () => {
    fc.assert(
      fc.property(seed, link, sizes, (seed, link, sizes) => {
        const pair = new PipelinePair({ seed, link, driver: "patient", stages: [FRAGMENTATION, UNRELIABLE] });
        const messages = sizes.map((size, i) => messagesOf(i + 1, size)[i]!);
        pair.sendAll(messages, 10);
        pair.clock.advanceBy(REPAIR_MS);
        const sent = messages.map(hex);
        let at = 0;
        for (const message of pair.b.messages) {
          const found = sent.indexOf(message, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + 1;
        }
        if (link.lossRatio === 0 && link.jitterMs === 0) expect(pair.b.messages).toEqual(sent);
      }),
      propertyParameters("fragments over a bad link", 200),
    );
  });

  it("of sequenced packets delivers what is newer, never twice", () => {
    fc.assert(
      fc.property(seed, link, (seed, link) => {
        const pair = new PipelinePair({ seed, link, driver: "patient", stages: [UNRELIABLE] });
        pair.sendAll(messagesOf(200, 2), 3);
        pair.clock.advanceBy(REPAIR_MS);
        const numbers = pair.b.messages.map((text) => bytes(text)[0]! * 256 + bytes(text)[1]!);
        for (let i = 1; i < numbers.length; i++) expect(numbers[i]).toBeGreaterThan(numbers[i - 1]!);
        const { received, duplicates, dropped } = pair.b.stack.counters;
        expect(received + duplicates + dropped).toBe(pair.arrivedAtB);
      }),
      propertyParameters("sequenced over a bad link", 100),
    );
  });
});

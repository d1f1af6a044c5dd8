// Whatever a peer puts into a Data message of a pipeline: nothing throws, nothing is without a count, and memory has its bounds.
import fc from "fast-check";
import { expect, it } from "vitest";
import { PipelineSet } from "../../src/protocol/pipelines/pipeline-set.js";
import type { StageDescription } from "../../src/protocol/pipelines/pipeline-settings.js";
import { propertyParameters } from "../support/property.js";
import { FRAGMENTATION, RELIABLE, RecordingPipelines, UNRELIABLE } from "../support/recording-pipelines.js";

const PIPELINES: readonly (readonly StageDescription[])[] = [
  [],
  [{ ...FRAGMENTATION, payloadCapacityBytes: 64 }],
  [UNRELIABLE],
  [{ ...FRAGMENTATION, payloadCapacityBytes: 64 }, UNRELIABLE],
  [RELIABLE],
  [FRAGMENTATION, { ...RELIABLE, window: 64 }],
  [{ ...RELIABLE, window: 72, initialMask: "zeros" }],
  [UNRELIABLE, FRAGMENTATION, RELIABLE],
];

/** Sequences, flags and acks near the edges, so that some packets are believed. */
const word = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 70 }) },
  fc.integer({ min: 65_500, max: 65_535 }),
  fc.nat(65_535),
);
const u16 = word.map((value) => [value & 0xff, value >> 8]);
const tail = fc.uint8Array({ maxLength: 40 }).map((view) => [...view]);
const reliable = fc
  .tuple(fc.constantFrom([0, 0], [1, 0], [0, 9], [1, 1], [2, 0]), u16, u16, u16, tail)
  .map((parts) => Uint8Array.from(parts.flat()));
const fragment = fc
  .tuple(word, fc.constantFrom(0, 0x40, 0x80, 0xc0), tail)
  .map(([counter, flags, rest]) => Uint8Array.from([counter & 0xff, ((counter >> 8) & 0x3f) | flags, ...rest]));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  { weight: 3, arbitrary: reliable },
  { weight: 2, arbitrary: fragment },
);

it("any bodies in any order, with our own messages and all updates between them", () => {
  const step = fc.record({ pipelineId: fc.nat(10), body, waitMs: fc.nat(150), isSend: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const sink = new RecordingPipelines();
      const pipelines = new PipelineSet(PIPELINES).connect(sink);
      const arrived = new Map<number, number>();
      let nowMs = 0;
      for (const { pipelineId, body, waitMs, isSend } of steps) {
        nowMs += waitMs;
        pipelines.receive(pipelineId, body, nowMs);
        arrived.set(pipelineId, (arrived.get(pipelineId) ?? 0) + 1);
        if (isSend && pipelineId >= 1 && pipelineId <= PIPELINES.length) pipelines.send(pipelineId, body, nowMs);
        pipelines.sendDue(nowMs);
        expect(pipelines.nextDeadlineMs).toBeGreaterThan(nowMs);
      }
      expect(sink.unknown).toEqual(
        steps.map((step) => step.pipelineId).filter((id) => id === 0 || id > PIPELINES.length),
      );
      expect(sink.roundTripsMs.every((rttMs) => rttMs >= 1)).toBe(true);
      // Without stages that keep packets or swallow acks, each arrival is a message, a duplicate or a drop.
      for (const id of [1, 3]) {
        const counters = pipelines.countersOf(id);
        const empty = steps.filter(
          (step) => step.pipelineId === id && step.isSend && id === 1 && step.body.length === 0,
        );
        const { received = 0, duplicates = 0, dropped = 0 } = counters ?? {};
        expect(received + duplicates + dropped).toBe((arrived.get(id) ?? 0) + empty.length);
      }
    }),
    propertyParameters("any bytes, pipelines", 1500),
  );
});

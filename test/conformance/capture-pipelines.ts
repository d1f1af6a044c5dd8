// The pipelines of the captures, the same at both ends: their README's settings.
import type { StageDescription } from "../../src/protocol/pipelines/pipeline-settings.js";

const DEFAULT_WINDOW = 64;

/** 1 `[Frag]`, 2 `[Frag, UnrelSeq]`, 3 `[Reliable]`, 4 `[Frag, Reliable]`. */
export function capturePipelines(window = DEFAULT_WINDOW): readonly (readonly StageDescription[])[] {
  const fragmentation: StageDescription = { stage: "fragmentation", payloadCapacityBytes: 6148 };
  const reliable: StageDescription = { stage: "reliableSequenced", window, minimumResendMs: 64, maximumResendMs: 500 };
  return [[fragmentation], [fragmentation, { stage: "unreliableSequenced" }], [reliable], [fragmentation, reliable]];
}

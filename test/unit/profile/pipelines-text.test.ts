import { describe, expect, it } from "vitest";
import { pipelinesText } from "../../../src/profile/pipelines-text.js";
import { pipelines } from "../../../src/profile/schema-pipelines.js";
import type { PipelinesDescription } from "../../../src/protocol/pipelines/pipeline-settings.js";

describe("pipelinesText()", () => {
  it.each<[text: string, description: PipelinesDescription]>([
    ["ngo", "ngo"],
    ["none", "none"],
    ["[]", []],
    ["[[]]", [[]]],
    ['[[{"stage":"fragmentation"}]]', [[{ stage: "fragmentation" }]]],
    ['[[{"stage":"reliableSequenced","window":64}]]', [[{ stage: "reliableSequenced", window: 64 }]]],
    [
      '[[{"stage":"fragmentation","payloadCapacity":9},{"stage":"unreliableSequenced"}]]',
      [[{ stage: "fragmentation", payloadCapacityBytes: 9 }, { stage: "unreliableSequenced" }]],
    ],
    [
      '[[{"stage":"reliableSequenced","minimumResend":"64ms","maximumResend":"1s","initialMask":"zeros"}]]',
      [[{ stage: "reliableSequenced", minimumResendMs: 64, maximumResendMs: 1000, initialMask: "zeros" }]],
    ],
  ])("gives %s, which is read as it was", (text, description) => {
    expect(pipelinesText(description)).toBe(text);
    const written: unknown = typeof description === "string" ? text : JSON.parse(text);
    expect(pipelines.parse(written)).toEqual(description);
  });
});

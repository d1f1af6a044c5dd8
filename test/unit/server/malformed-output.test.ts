// The mistakes that a server makes on purpose, as bytes. What clients do with them is an end-to-end matter.
import { describe, expect, it } from "vitest";
import { PipelineSet } from "../../../src/protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../../../src/protocol/pipelines/pipeline-settings.js";
import { type Malformation, MalformedOutput, withOtherWindows } from "../../../src/server/malformed-output.js";
import type { ServerClient } from "../../../src/server/server-client.js";
import { emptyStats } from "../../../src/server/server-stats.js";
import { bytes, hex } from "../../support/bytes.js";

/** Only named here, never asked. */
const CLIENT = {} as ServerClient;
const ACCEPT = bytes("55 54 50 01 02 T");

/** 1 `[Reliable]`, 2 `[Reliable, UnreliableSequenced]`, 3 `[Fragmentation]`. */
const PIPELINES: PipelinesDescription = [
  [{ stage: "reliableSequenced" }],
  [{ stage: "reliableSequenced" }, { stage: "unreliableSequenced" }],
  [{ stage: "fragmentation" }],
];

function outputOf(...modes: Malformation[]) {
  const counts = emptyStats().faults;
  const output = new MalformedOutput(new Set(modes), new PipelineSet(PIPELINES), 1386, counts);
  const distorted = (packet: Uint8Array, client = CLIENT): string => hex(output.distort(client, packet));
  return { distorted, counts };
}

describe("the Accept", () => {
  it.each<[Malformation[], string, string]>([
    [["version-2"], "55 54 50 01 02 T", "55 54 50 02 02 T"],
    [["length-lie"], "55 54 50 01 02 T", "55 54 50 01 02 T 05 00 00"],
    [["length-lie"], "55 54 50 01 02 T 02 00 68 69", "55 54 50 01 02 T 06 00 68 69"],
    [["version-2", "length-lie"], "55 54 50 01 02 T", "55 54 50 02 02 T 05 00 00"],
    [["glued"], "55 54 50 01 02 T", "55 54 50 01 02 T 55 54 50 01 02 T"],
    [["future-ack"], "55 54 50 01 02 T", "55 54 50 01 02 T"],
  ])("with %j: %s leaves as %s", (modes, packet, expected) => {
    const { distorted, counts } = outputOf(...modes);
    const original = bytes(packet);
    expect(distorted(original)).toBe(hex(bytes(expected)));
    expect(hex(original)).toBe(hex(bytes(packet)));
    expect(counts.malformed).toBe(expected === packet ? 0 : 1);
  });

  it("is all that the first two touch", () => {
    const { distorted, counts } = outputOf("version-2", "length-lie");
    for (const packet of ["01 T 00 AA", "03 T", "02 T"]) expect(distorted(bytes(packet))).toBe(hex(bytes(packet)));
    expect(counts.malformed).toBe(0);
  });
});

describe("glued packets", () => {
  it.each(["03 T", "01 T 00 AA"])("%s leaves twice in one message", (packet) => {
    expect(outputOf("glued").distorted(bytes(packet))).toBe(hex(bytes(packet)).repeat(2));
  });

  it.each([
    [693, 1386],
    [694, 694],
  ])("a packet of %i bytes becomes one of %i: no message may be too large", (before, after) => {
    const packet = new Uint8Array(before);
    packet.set(ACCEPT.subarray(5), 1);
    packet[0] = 1;
    expect(outputOf("glued").distorted(packet)).toHaveLength(2 * after);
  });
});

describe("a future ack", () => {
  const packet = (pipelineId: number, acked: string): Uint8Array => {
    const outer = pipelineId === 2 ? "00 00" : "";
    return bytes(`01 T 0${pipelineId} ${outer} 00 00 00 00 07 00 ${acked} FF FF FF FF AA`);
  };

  it("is the first that acks anything, 200 later, once a pipeline and client", () => {
    const { distorted, counts } = outputOf("future-ack");
    for (const pipelineId of [1, 2]) {
      const untouched = packet(pipelineId, "FF FF");
      expect(distorted(untouched)).toBe(hex(untouched));
      expect(distorted(packet(pipelineId, "64 00"))).toBe(hex(packet(pipelineId, "2C 01")));
      expect(distorted(packet(pipelineId, "65 00"))).toBe(hex(packet(pipelineId, "65 00")));
    }
    expect(distorted(packet(1, "64 00"), {} as ServerClient)).toBe(hex(packet(1, "2C 01")));
    expect(counts.malformed).toBe(3);
  });

  it.each(["01 T 03 00 C0 AA", "01 T 00 AA", "01 T 09 AA", "01 T", "01 T 01 00"])("leaves %s alone", (text) => {
    expect(outputOf("future-ack").distorted(bytes(text))).toBe(hex(bytes(text)));
  });
});

describe("another window", () => {
  it.each([
    [8, 64],
    [32, 64],
    [40, 32],
    [64, 32],
    [72, 64],
    [2040, 64],
  ])("than %i is one of another class: %i", (window, other) => {
    const described: PipelinesDescription = [[{ stage: "fragmentation" }, { stage: "reliableSequenced", window }]];
    const set = new PipelineSet(withOtherWindows(described));
    expect(set.settingsOf(1)?.map((stage) => ("window" in stage ? stage.window : stage.stage))).toEqual([
      "fragmentation",
      other,
    ]);
  });
});

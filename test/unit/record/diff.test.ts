// Two plays side by side: which message is which, where they differ, and what that may be.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { parseProfile } from "../../../src/profile/parse-profile.js";
import { align, type Pair } from "../../../src/record/diff/align.js";
import { differingRanges } from "../../../src/record/diff/byte-ranges.js";
import { diffLines } from "../../../src/record/diff/diff-text.js";
import { playDifferences } from "../../../src/record/diff/differences.js";
import { meaningOf } from "../../../src/record/diff/meaning.js";
import { type RecordedPlay, recordedPlays } from "../../../src/record/diff/recorded-play.js";
import { bytes, hex } from "../../support/bytes.js";
import { propertyParameters } from "../../support/property.js";

const text = (value: string): string => hex(new TextEncoder().encode(value));
const number = (size: 2 | 4, value: number): string =>
  hex(new Uint8Array(new Uint32Array([value]).buffer)).slice(0, 2 * size);
const float = (value: number): string => hex(new Uint8Array(new Float32Array([value]).buffer));

/** Messages without a pipeline, or `pipeline:hex`. */
function play(...messages: string[]): RecordedPlay {
  return {
    scenario: "client-1",
    messages: messages.map((message, index) => {
      const [payload, pipeline = "0"] = message.split(":").reverse();
      return { number: index + 1, pipeline, payload: bytes(payload!) };
    }),
  };
}

const pairText = ({ one, other }: Pair): string => `${one ?? "-"}${other ?? "-"}`;

describe("messages of two plays", () => {
  it.each([
    ["the same", ["01", "02"], ["01", "02"], ["00", "11"]],
    ["one more in the first", ["01aa", "0700", "02bb"], ["01aa", "02bb"], ["00", "1-", "21"]],
    ["one more in the other", ["01", "02"], ["01", "0900", "02"], ["00", "-1", "12"]],
    ["one changed", ["01aabb", "02"], ["01aacc", "02"], ["00", "11"]],
    ["one of another length", ["01aabb", "02"], ["01aa", "02"], ["00", "11"]],
    ["nothing alike", ["01aa"], ["02"], ["0-", "-0"]],
    ["none in one", [], ["02", "03"], ["-0", "-1"]],
    ["the likeliest of several", ["0102", "0304"], ["0304"], ["0-", "10"]],
  ])("are paired: %s", (_name, ones, others, expected) => {
    const pairs = align(ones.map(bytes), others.map(bytes));
    expect(pairs.map(pairText).sort()).toEqual([...expected].sort());
  });

  it("are each in exactly one pair, in order, whatever they are", () => {
    const list = fc.array(fc.uint8Array({ maxLength: 3, max: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (ones, others) => {
        const pairs = align(ones, others);
        expect(pairs.flatMap(({ one }) => one ?? [])).toEqual(ones.map((_, index) => index));
        expect(pairs.flatMap(({ other }) => other ?? [])).toEqual(others.map((_, index) => index));
      }),
      propertyParameters("align", 300),
    );
  });

  it("are paired in a band where there are very many, and none is forgotten", () => {
    const ones = Array.from({ length: 6000 }, (_, index) => Uint8Array.of(1, index & 0xff, index >> 8));
    const others = ones.filter((_, index) => index % 1000 !== 500);
    const pairs = align(ones, others);
    const alone = pairs.filter(({ other }) => other === undefined).map(({ one }) => one);
    expect(alone).toEqual([500, 1500, 2500, 3500, 4500, 5500]);
  });
});

describe("ranges", () => {
  it.each([
    ["01 02 03", "01 02 03", []],
    ["01 02 03", "01 09 03", ["1 02 09"]],
    ["00 01 02 03 04", "09 01 02 09 04", ["0 00010203 09010209"]],
    ["00 01 02 03 04", "09 01 02 03 09", ["0 00 09", "4 04 09"]],
    ["05 aa bb 07", "05 cc 07", ["1 aabb cc"]],
    ["05 07", "05 06 07", ["1  06"]],
  ])("of %s and %s", (one, other, expected) => {
    const found = differingRanges(bytes(one), bytes(other));
    const ranges = bytes(one).length === bytes(other).length || found.length > 0 ? found : [];
    expect(ranges.map((range) => `${range.offset} ${hex(range.one)} ${hex(range.other)}`)).toEqual(expected);
  });
});

describe("what differs may be", () => {
  const fixed = (name: string): string => `07${number(2, name.length)}${text(name)}`;
  const cases: [what: string, ones: string[], others: string[]][] = [
    ["a text with its length in front", [fixed("alice")], [fixed("bob")]],
    ["a text with its length in front", [fixed("player-1")], [fixed("player-2")]],
    ["a text, such as a name", [`07${text("alice")}`], [`07${text("bobby")}`]],
    [
      "a counter that goes up by 1",
      [1, 2, 3].map((at) => `05${number(4, at)}`),
      [71, 72, 73].map((at) => `05${number(4, at)}`),
    ],
    [
      "a counter that goes up by 16",
      [0, 16, 32].map((at) => `05${number(2, at)}`),
      [5, 21, 37].map((at) => `05${number(2, at)}`),
    ],
    ["a float", [`05${float(1.25)}`], [`05${float(-33.7)}`]],
    [
      "3 floats, such as a position",
      [`05${float(1.1)}${float(2.2)}${float(3.3)}`],
      [`05${float(9.9)}${float(8.7)}${float(7.7)}`],
    ],
    ["a time, seconds since 1970", [`05${number(4, 1_770_000_000)}`], [`05${number(4, 1_770_000_777)}`]],
    ["a time, milliseconds since 1970", ["05e0b7a5be9b010000"], ["0562f1a8be9b010000"]],
    ["a whole number", ["0511"], ["0512"]],
    ["without a plain meaning, such as a token", ["05ff00ff00ff00ff0001"], ["0500fe01fe02fe03fe04"]],
  ];
  it.each(cases)("%s", (what, ones, others) => {
    const { differences } = playDifferences(play(...ones), play(...others));
    expect(differences.map(meaningOf)).toEqual([expect.stringContaining(what)]);
  });

  it("gathered over the messages of a kind", () => {
    const inputs = (seed: number): string[] => [1, 2, 3, 4].map((at) => `3:05${number(4, at)}${float(at * seed)}00`);
    const { differences, pairs, differingPairs } = playDifferences(
      play("01", ...inputs(1.5)),
      play("01", ...inputs(2.5)),
    );
    expect({ pairs, differingPairs }).toEqual({ pairs: 5, differingPairs: 4 });
    expect(differences).toMatchObject([{ pipeline: "3" }]);
    expect(differences[0]!.samples.length).toBe(4);
  });
});

describe("as lines", () => {
  const plays = (name: string, ...messages: string[]) => ({ name, plays: [play(...messages)] });

  it("name message, place, both values and a guess, and what is in one only", () => {
    const lines = diffLines(
      plays("a.yaml", `reliable:07${text("alice")}`, "0500", "0900ff"),
      plays("bb.yaml", `reliable:07${text("bobby")}`, "0500"),
    );
    expect(lines).toEqual([
      "client-1: 2 messages in both, 1 of them different",
      "  message 1 on reliable (6 bytes), offset 1, length 5",
      "    may be a text, such as a name or token: a text field",
      '    a.yaml   message 1: 616c696365 "alice"',
      '    bb.yaml  message 1: 626f626279 "bobby"',
      "  message 3 (3 bytes) is in a.yaml only: 0900ff",
      "",
    ]);
  });

  it("say so where nothing differs, and name scenarios without a partner", () => {
    const two = { name: "b", plays: [play("01"), { ...play("02"), scenario: "client-2" }] };
    expect(diffLines(plays("a", "01"), two)).toEqual([
      "client-1: 1 messages in both, 0 of them different",
      "  nothing differs: no candidate for a variable",
      "",
      "client-2 is in b only",
    ]);
  });
});

describe("a recording", () => {
  const read = (yaml: string): RecordedPlay[] => recordedPlays(parseProfile(yaml, "a.yaml"), "a.yaml");

  it("is read back by scenario and message, the connect payload first", () => {
    const yaml = `scenarios: { one: { connectPayload: [{ hex: "0a" }], steps: [{ at: 1s, send: [{ hex: "01" }, { hex: "02" }] },
      { wait: 1s }, { at: 2s, send: { pipeline: reliable, payload: [{ hex: "ff" }] } }, { disconnect: true }] } }`;
    const [found] = read(yaml);
    expect(
      found!.messages.map(({ number: count, pipeline, payload }) => `${count} ${pipeline} ${hex(payload)}`),
    ).toEqual(["0 connect 0a", "1 0 0102", "2 reliable ff"]);
  });

  it.each([
    ["rate: 5", "a profile without scenarios"],
    ["scenarios: { s: { steps: [{ send: [{ byte: 1 }] }] } }", "scenario s, whose step 0 is not only hex"],
    ["scenarios: { s: { steps: [{ send: { marked: 16 } }] } }", "step 0 is not only hex"],
    ["scenarios: { s: { connectPayload: [{ text: a }], steps: [{ wait: 1s }] } }", "connectPayload is not only hex"],
    ['scenarios: { s: { steps: [{ every: 1s, send: [{ hex: "01" }] }] } }', "step 0 is none of a recording"],
    ["scenarios: { s: { steps: [{ repeat: { steps: [{ wait: 1s }] } }] } }", "step 0 is none of a recording"],
  ])("is not %s", (yaml, why) => {
    expect(() => read(yaml)).toThrow(UsageError);
    expect(() => read(yaml)).toThrow(why);
  });
});

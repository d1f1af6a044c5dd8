// `--vary` as typed, its combinations, and the order in which they run.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { scheduleOf, variantFolder } from "../../../src/matrix/schedule.js";
import { readAllVaried, readVaried, variantsOf } from "../../../src/matrix/vary.js";

describe("readVaried", () => {
  it.each([
    ["rate=10,20", "rate", ["10", "20"]],
    [" transport.heartbeat = 500ms , 1s ", "transport.heartbeat", ["500ms", "1s"]],
    ["target=ws://a:1/?x=1,ws://b:2/", "target", ["ws://a:1/?x=1", "ws://b:2/"]],
    [
      'pipelines=none,[["fragmentation","reliable"]],ngo',
      "pipelines",
      ["none", '[["fragmentation","reliable"]]', "ngo"],
    ],
    ["env.NAME='a,b',c", "env.NAME", ["'a,b'", "c"]],
  ])("%s", (text, key, values) => {
    expect(readVaried(text)).toEqual({ key, values });
  });

  it.each(["rate", "=1,2", "rate=", "rate=1", "rate=1,,2", "rate=1,1", "1rate=1,2"])("refuses %j", (text) => {
    expect(() => readVaried(text)).toThrow(UsageError);
  });

  it("refuses none, and a key twice", () => {
    expect(() => readAllVaried([])).toThrow(/at least once/);
    expect(() => readAllVaried(["rate=1,2", "rate=3,4"])).toThrow(/rate twice/);
  });
});

const variants = variantsOf(readAllVaried(["rate=10,20,30", "size=64,128"]));

it("variantsOf makes every combination once", () => {
  expect(variants.map(({ name }) => name)).toEqual([
    "rate=10, size=64",
    "rate=10, size=128",
    "rate=20, size=64",
    "rate=20, size=128",
    "rate=30, size=64",
    "rate=30, size=128",
  ]);
  expect(variants[3]?.settings).toEqual({ rate: "20", size: "128" });
});

describe("scheduleOf", () => {
  const cells = scheduleOf(variants, 4);

  it("runs every variant once a round", () => {
    for (let round = 1; round <= 4; round++) {
      const inRound = cells.slice((round - 1) * 6, round * 6);
      expect(inRound.every((cell) => cell.round === round)).toBe(true);
      expect(inRound.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  it("shuffles each round anew, the same way each time", () => {
    const orders = [0, 1, 2, 3].map((round) =>
      cells
        .slice(round * 6, round * 6 + 6)
        .map(({ index }) => index)
        .join(""),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(scheduleOf(variants, 4)).toEqual(cells);
  });

  it("gives each cell a folder of its own", () => {
    expect(new Set(cells.map(({ folder }) => folder)).size).toBe(24);
    expect(cells[0]?.folder).toMatch(/^\d-rate=\d0-size=\d+\/run-1$/);
  });
});

it.each([
  ["target=ws://127.0.0.1:7777/", "3-target=ws-127.0.0.1-7777"],
  ["pipelines=[..]/../x", "3-pipelines=-..-..-x"],
  ["key=é?*|", "3-key="],
])("the folder of %j holds no character that means something", (name, folder) => {
  expect(variantFolder({ name, settings: {} }, 2)).toBe(folder);
});

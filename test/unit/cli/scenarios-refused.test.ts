import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { machineWith } from "./machine.js";
import { profileOf, refusal, scenario, steps } from "./scenario-profile.js";

describe("refused, with the place", () => {
  const fed = "feeders: { players: { file: players.csv } }\n";
  const decoded = "decode: { hit: { fields: [{ byte: type }, { fixedString32: by }] } }\n";
  const cases: [body: string, ...parts: string[]][] = [
    [steps("- send: [{ byte: 256 }]"), "load.yaml:6:22: ", "byte must be a whole number from 0 to 255, got 256"],
    [steps("- send: [{ byte: 1.5 }]"), "got 1.5"],
    [steps("- send: [{ uint: hello }]"), 'got "hello"'],
    [steps("- send: [{ ulong: '-1' }]"), 'got "-1"'],
    [steps("- send: [{ long: '9223372036854775808' }]"), "long must be"],
    [steps("- send: [{ float: 1.0e+39 }]"), "a number from -3.4"],
    [steps("- send: [{ ushort: { random: [0, 65536] } }]"), "between two numbers", "got [0,65536]"],
    [steps("- send: [{ short: { counter: 40000 } }]"), "a counter that starts with", "got 40000"],
    [steps("- send: [{ rawBits: { bits: 2, value: 4 } }]"), "rawBits.value must be a whole number from 0 to 3"],
    [steps(`- send: [{ fixedString32: "${"é".repeat(15)}" }]`), "at most 29 bytes of UTF-8"],
    [
      steps("- send: [{ packedUIntDelta: { value: 1, baseline: -1 } }]"),
      "packedUIntDelta.baseline must be a whole number from 0 to 4294967295, got -1",
    ],
    [steps("- send: [{ packedIntDelta: { value: $x, baseline: 0 } }]"), "packedIntDelta.value must be a variable"],
    [steps("- send: [{ packedIntDelta: 5 }]"), "an object with value and baseline"],
    [steps("- send: [{ packedIntDelta: { value: 5 } }]"), "packedIntDelta.baseline must be"],
    [steps("- send: [{ packdIntDelta: { value: 5, baseline: 1 } }]"), "did you mean packedIntDelta?"],
    [steps("- send: [{ byte: $score }]"), "a variable that a feeder or an earlier step sets", '"$score"'],
    [steps("- send: [{ byte: $a }]\n- set: { a: 1 }"), "send[0].byte must be a variable"],
    [`${fed}${steps("- send: [{ text: $players.nam }]")}`, "such as $players.name"],
    [`${fed}${steps("- send: [{ short: $players.name }]")}`, "a column of which each row", "bob in row 1"],
    [`${fed}${steps("- send: [{ rawBits: { bits: 5, value: $players.level } }]")}`, "40 in row 2"],
    [steps("- if: $scor == 1\n  then: [{ log: x }]"), "steps[0].if must be a variable"],
    [steps("- send: { pipeline: relable, payload: [{ byte: 1 }] }"), "did you mean reliable?", "0 (none) to 3"],
    [steps("- send: { pipeline: 4, payload: [{ byte: 1 }] }"), "pipeline must be", "got 4"],
    [steps("- expect: { pipeline: x }"), "expect.pipeline"],
    [steps("- expect: { block: hit }"), "a block of decode, which has none"],
    [`${decoded}${steps("- expect: { block: hitt }")}`, "did you mean hit?"],
    [`${decoded}${steps("- expect: { block: hit, fields: { typ: 1 } }")}`, "fields.typ", "did you mean type?"],
    [`${decoded}${steps("- expect: { block: hit, capture: { a: bye } }")}`, "capture.a", "did you mean by?"],
    [`${decoded}${steps("- expect: { capture: { a: by } }")}`, "given a block"],
    [steps("- send: [{ padTo: 1377 }]"), "at most 1376 bytes in all", "without a pipeline", "got 1377"],
    [steps("- send: { marked: 1377 }"), "send.marked must be at most 1376"],
    [steps("- send: { pipeline: 1, marked: 6149 }"), "at most 6148 bytes", "on pipeline 1"],
    [`connectPayload: [{ padTo: 1362 }]\n${steps("- log: x")}`, "at most 1361 bytes", "a Connection Request"],
    [`${fed}connectPayload: [{ padTo: 1361 }, { text: $players.token }]\n${steps("- log: x")}`, "got 1363"],
    [`connectPayload: [{ text: $late }]\n${steps("- set: { late: 1 }")}`, "connectPayload[0].text"],
    [steps("- repeat: { steps: [{ log: x }] }"), "steps that take time", 'got "log"'],
    [steps("- repeat: { steps: [{ if: $client > 1, then: [{ wait: 1s }] }] }"), "steps that take time"],
    [steps("- repeat: { steps: [{ wait: 0s }] }"), "steps that take time"],
    [steps("- disconnect: true\n- log: x"), "steps[1] must be before step 0"],
    [steps("- repeat: { steps: [{ wait: 1s }] }\n- log: x"), "nothing comes after a repeat without times"],
    [steps("- repeat: { steps: [{ every: 1s, send: [{ byte: 1 }] }, { wait: 1s }] }"), "would start one more"],
    [steps("- repeat: { times: 2, steps: [{ at: 1s, log: x }] }"), "after which times count anew"],
    [steps("- at: 1s"), "one step: an object with one of"],
    [`feeders: { p: { file: none.csv } }\n${steps("- log: x")}`, "p.file must be a file that can be read", "ENOENT"],
    [`feeders: { p: { file: ticket.bin } }\n${steps("- log: x")}`, "ends in .csv"],
    [`feeders: { p: { file: ../players.csv } }\n${steps("- log: x")}`, "in the profile's folder or below"],
    [steps("- send: [{ file: /etc/passwd }]"), "in the profile's folder or below"],
    [`decode: { a: { fields: [{ byte: x, equals: 256 }] } }\n${steps("- log: x")}`, "equals must be a number from 0"],
    [`decode: { a: { fields: [{ skip: 1, equals: 2 }] } }\n${steps("- log: x")}`, "left out beside skip"],
    [`decode: { a: { fields: [{ byte: x }, { byte: x }] } }\n${steps("- log: x")}`, "a name of its own"],
    [`decode: { a: { fields: [{ byte: size }] } }\n${steps("- log: x")}`, "not messages or size"],
    [`decode: { a: { fields: [{ byte: x }], metrics: { rtt: { gauge: x } } } }\n${steps("- log: x")}`, "the name rtt"],
    [`decode: { a: { fields: [{ byte: x }], metrics: { m: { gauge: y } } } }\n${steps("- log: x")}`, "a field of a: x"],
    [
      `decode: { a: { fields: [{ fixedString32: x }], metrics: { m: { gauge: x } } } }\n${steps("- log: x")}`,
      "is a number",
    ],
  ];
  it.each(cases)("%s", (body, ...parts) => {
    const message = refusal(body);
    expect(message).toMatch(/^Cannot load profile: load\.yaml:\d+:\d+: [^\n]*$/);
    for (const part of parts) expect(message).toContain(part);
  });

  it("unique feeders need a row for each client, others one", () => {
    const body = `feeders: { p: { file: players.csv, order: unique } }\n${steps("- log: x")}`;
    expect(scenario(body).feeders[0]?.rows.length).toBe(3);
    expect(refusal(body, "clients: 4")).toContain("a row for each of the 4 clients");
    expect(refusal(body, "clients: 4")).toContain('got "3 rows"');
    const cyclic = `feeders: { p: { file: players.csv } }\n${steps("- log: x")}`;
    expect(scenario(cyclic, "clients: 4").feeders[0]?.order).toBe("cyclic");
  });

  it("pipelines that the profile does not create", () => {
    const body = steps("- send: { pipeline: reliable, payload: [{ byte: 1 }] }");
    expect(refusal(body, "clients: 1")).toContain("the profile creates no pipelines");
  });

  it("all at once, in the order of the file", () => {
    const body = `weight: 1\n${steps("- send: [{ byte: 256 }, { uint: $a }]\n- expect: { block: b }")}\ndecode: { c: { fields: [{ byte: x, equals: -1 }] } }`;
    const lines = refusal(body).split("\n");
    expect(lines[0]).toContain("4 problems");
    expect(lines.slice(1).map((line) => line.trim().split(": ", 1)[0])).toEqual([
      "load.yaml:7:22",
      "load.yaml:7:37",
      "load.yaml:8:24",
      "load.yaml:9:46",
    ]);
  });
});

describe("files", () => {
  const body = (path: string): string => `clients: 1\nscenarios: { s: { steps: [{ send: [{ file: ${path} }] }] } }`;

  it("outside the profile's folder need leave", () => {
    const text = body("../x.bin");
    const machine = machineWith({ "load.yaml": text });
    const readFile = (path: string): Buffer => (path === "load.yaml" ? machine.readFile(path) : Buffer.from("x"));
    expect(() => profileOf(text, {}, { readFile })).toThrow(/folder or below/);
    expect(profileOf(text, { "allow-outside": true }, { readFile }).scenarios).toHaveLength(1);
  });

  it("outside are not even looked for", () => {
    const realPath = (): never => {
      throw new Error("was asked for");
    };
    expect(() => profileOf(body("../x.bin"), {}, { realPath })).toThrow(/folder or below/);
  });

  it("behind a link that leads away are outside", () => {
    const realPath = (path: string): string => (path.endsWith("ticket.bin") ? "/somewhere/else" : "/profiles");
    expect(() => profileOf(body("ticket.bin"), {}, { realPath })).toThrow(/folder or below/);
    expect(profileOf(body("ticket.bin"), { "allow-outside": true }, { realPath }).scenarios).toHaveLength(1);
  });
});

describe("beside scenarios", () => {
  const text = "clients: 2\nscenarios: { a: { steps: [{ log: x }] } }";

  it.each([
    ["rate", "20"],
    ["size", "20"],
    ["pipeline", "0"],
  ])("--%s is refused", (flag, value) => {
    expect(() => profileOf(text, { [flag]: value })).toThrow(UsageError);
    expect(() => profileOf(text, { [flag]: value })).toThrow(/left out with a profile that has scenarios/);
  });

  it.each(["rate: 1", "size: 20", "pipeline: 0"])("the key of %s is refused", (line) => {
    expect(() => profileOf(`${line}\n${text}`)).toThrow(
      /scenarios must be left out where rate, size or pipeline stands/,
    );
  });

  it("a profile without them has none", () => {
    expect(profileOf("rate: 5").scenarios).toBeUndefined();
  });
});

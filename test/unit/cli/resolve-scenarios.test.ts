import { describe, expect, it } from "vitest";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import type { Machine } from "../../../src/cli/this-machine.js";
import { ProfileError, UsageError } from "../../../src/errors.js";
import type { Profile } from "../../../src/profile/profile.js";
import type { Scenario } from "../../../src/profile/scenario.js";
import { machineWith } from "./machine.js";

const FILES = {
  "players.csv": 'name,token,level\nbob,t1,3\n"al ""x""",t2,40\ncy,t3,255\n',
  "ticket.bin": "AB",
};

function profileOf(text: string, flags = {}, overrides: Partial<Machine> = {}): Profile {
  const machine = machineWith({ ...FILES, "load.yaml": text }, overrides);
  return resolveRun({ argument: "load.yaml", flags, environment: {} }, machine).run.profile;
}

/** The one scenario of a profile whose keys are `body`, at two blanks. */
function scenario(body: string, head = "clients: 3\npipelines: ngo"): Scenario {
  return profileOf(`${head}\nscenarios:\n s:\n  ${body.replaceAll("\n", "\n  ")}\n`).scenarios![0]!;
}

function refusal(body: string, head?: string): string {
  try {
    scenario(body, head);
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  throw new Error(`was taken: ${body}`);
}

const steps = (list: string): string => `steps:\n  ${list.replaceAll("\n", "\n  ")}`;

describe("steps", () => {
  const hello = [{ type: "byte", value: { from: "literal", value: 7 } }];
  const payload = { kind: "fields", fields: hello };
  const cases: [written: string, resolved: object[]][] = [
    ["- send: [{ byte: 7 }]", [{ do: "send", pipelineId: 0, payload }]],
    ["- send: { payload: [{ byte: 7 }] }", [{ do: "send", pipelineId: 0, payload }]],
    ["- send: { pipeline: reliable, payload: [{ byte: 7 }] }", [{ do: "send", pipelineId: 3, payload }]],
    [
      "- send: { pipeline: 2, marked: 16 }",
      [{ do: "send", pipelineId: 2, payload: { kind: "marked", sizeBytes: 16 } }],
    ],
    ["- { every: 33ms, send: [{ byte: 7 }] }", [{ do: "every", intervalMs: 33, pipelineId: 0, payload }]],
    ["- { every: 8/s, send: [{ byte: 7 }] }", [{ do: "every", intervalMs: 125, pipelineId: 0, payload }]],
    ["- wait: 1m", [{ do: "wait", time: { kind: "fixed", ms: 60_000 } }]],
    ["- wait: { uniform: [1s, 3s] }", [{ do: "wait", time: { kind: "uniform", minMs: 1000, maxMs: 3000 } }]],
    ["- wait: { normal: [2s, 1s] }", [{ do: "wait", time: { kind: "normal", meanMs: 2000, stdDevMs: 1000 } }]],
    ["- wait: { exponential: 2s }", [{ do: "wait", time: { kind: "exponential", meanMs: 2000 } }]],
    [
      "- reconnect: { after: { exponential: 1s } }",
      [{ do: "reconnect", after: { kind: "exponential", meanMs: 1000 } }],
    ],
    ["- reconnect: {}", [{ do: "reconnect", after: { kind: "fixed", ms: 0 } }]],
    ["- disconnect: true", [{ do: "disconnect" }]],
    ["- log: done", [{ do: "log", text: "done" }]],
    [
      "- set: { a: 1, b: $a, c: $$a }",
      [
        { do: "set", variable: "a", value: { from: "literal", value: 1 } },
        { do: "set", variable: "b", value: { from: "variable", name: "a" } },
        { do: "set", variable: "c", value: { from: "literal", value: "$a" } },
      ],
    ],
    [
      "- repeat: { times: 2, steps: [{ wait: 0s }] }",
      [{ do: "repeat", times: 2, steps: [{ do: "wait", time: { kind: "fixed", ms: 0 } }] }],
    ],
    [
      "- repeat: { steps: [{ wait: 1s }] }",
      [{ do: "repeat", times: undefined, steps: [{ do: "wait", time: { kind: "fixed", ms: 1000 } }] }],
    ],
    [
      "- choose: [{ weight: 9, steps: [{ log: a }] }, { steps: [{ disconnect: true }] }]",
      [
        {
          do: "choose",
          options: [
            { weight: 9, steps: [{ do: "log", text: "a" }] },
            { weight: 1, steps: [{ do: "disconnect" }] },
          ],
        },
      ],
    ],
    [
      "- { if: $client > 10, else: [{ log: few }] }",
      [
        {
          do: "if",
          condition: {
            left: { from: "variable", name: "client" },
            operator: ">",
            right: { from: "literal", value: 10 },
          },
          // biome-ignore lint/suspicious/noThenProperty: the step's own word; nothing awaits it.
          then: [],
          else: [{ do: "log", text: "few" }],
        },
      ],
    ],
    [
      "- expect: {}",
      [
        {
          do: "expect",
          match: { pipelineId: undefined, startsWithHex: undefined, block: undefined, fields: [] },
          timeoutMs: 5000,
          capture: [],
          rtt: false,
          required: false,
        },
      ],
    ],
  ];
  it.each(cases)("%s", (written, resolved) => {
    expect(scenario(steps(written)).steps).toEqual(resolved);
  });

  it("speak of decode blocks", () => {
    const { decode, steps: found } = scenario(`decode:
  hit:
    pipeline: reliable
    fields: [{ byte: type, equals: 2 }, { skip: 3 }, { rawBits: { bits: 4, name: flags } }, { fixedString32: by }]
    metrics: { hits: { counter: messages }, hit_flags: { gauge: flags }, hit_bytes: { trend: size } }
steps: [{ expect: { block: hit, startsWith: '02FF', fields: { by: bob }, timeout: 2s, rtt: true, required: true, capture: { who: by } } }, { log: x }]`);
    expect(decode).toEqual([
      {
        name: "hit",
        pipelineId: 3,
        fields: [
          { type: "byte", name: "type", size: undefined, equals: 2 },
          { type: "skip", name: undefined, size: 3, equals: undefined },
          { type: "rawBits", name: "flags", size: 4, equals: undefined },
          { type: "fixedString", name: "by", size: 32, equals: undefined },
        ],
        metrics: [
          { name: "hits", kind: "counter", field: undefined },
          { name: "hit_flags", kind: "gauge", field: "flags" },
          { name: "hit_bytes", kind: "trend", field: undefined },
        ],
      },
    ]);
    expect(found[0]).toEqual({
      do: "expect",
      match: {
        pipelineId: undefined,
        startsWithHex: "02ff",
        block: "hit",
        fields: [{ name: "by", value: { from: "literal", value: "bob" } }],
      },
      timeoutMs: 2000,
      capture: [{ variable: "who", field: "by" }],
      rtt: true,
      required: true,
    });
  });
});

describe("payload fields", () => {
  const cases: [written: string, field: object][] = [
    ["{ packedUInt: { counter: 5 } }", { type: "packedUInt", value: { from: "counter", start: 5, step: 1 } }],
    [
      "{ short: { counter: { start: 9, step: -2 } } }",
      { type: "short", value: { from: "counter", start: 9, step: -2 } },
    ],
    ["{ float: { random: [-1, 1] } }", { type: "float", value: { from: "random", min: -1, max: 1 } }],
    ["{ double: { time: epoch } }", { type: "double", value: { from: "time", clock: "epoch" } }],
    ["{ byte: $players.level }", { type: "byte", value: { from: "variable", name: "players.level" } }],
    ["{ byte: true }", { type: "byte", value: { from: "literal", value: true } }],
    ["{ ulong: '18446744073709551615' }", { type: "ulong", value: { from: "literal", value: "18446744073709551615" } }],
    ["{ fixedString64: 5 }", { type: "fixedString", size: 64, value: { from: "literal", value: 5 } }],
    ["{ text: $$x }", { type: "text", value: { from: "literal", value: "$x" } }],
    ["{ rawBits: { bits: 3, value: 7 } }", { type: "rawBits", bitCount: 3, value: { from: "literal", value: 7 } }],
    ["{ hex: '07Ff' }", { type: "bytes", hex: "07ff" }],
    ["{ file: ticket.bin }", { type: "bytes", hex: "4142" }],
    ["{ padTo: 48 }", { type: "padTo", sizeBytes: 48 }],
    ["{ flush: true }", { type: "flush" }],
  ];
  const feeders = "feeders: { players: { file: players.csv, order: random } }\n";
  it.each(cases)("%s", (written, field) => {
    const { steps: found } = scenario(`${feeders}steps: [{ send: [${written}] }]`);
    expect(found[0]).toMatchObject({ payload: { fields: [field] } });
  });

  it("of the connect payload are the profile's where the scenario has none", () => {
    const head = "clients: 3\nconnectPayload: hex:0a0b";
    const bytes = { kind: "fields", fields: [{ type: "bytes", hex: "0a0b" }] };
    expect(scenario(steps("- log: x"), head).connectPayload).toEqual(bytes);
    expect(scenario(steps("- log: x")).connectPayload).toBeUndefined();
    const own = scenario(`${feeders}connectPayload: [{ text: $players.token }]\nsteps: [{ log: x }]`, head);
    expect(own.connectPayload).toMatchObject({ fields: [{ type: "text" }] });
  });
});

it("feeders hold columns and rows, reconnects their defaults", () => {
  const found = scenario(
    "weight: 0.5\ntags: { role: tank }\nfeeders: { players: { file: players.csv, order: unique } }\nsteps: [{ log: x }]\n" +
      "reconnect: { after: [Silence, Silence] }",
  );
  expect(found).toMatchObject({ name: "s", weight: 0.5, tags: { role: "tank" } });
  expect(found.feeders).toMatchObject([{ name: "players", order: "unique", columns: ["name", "token", "level"] }]);
  expect(found.feeders[0]?.rows[1]).toEqual(['al "x"', "t2", "40"]);
  expect(found.reconnect).toEqual({
    reasons: ["Silence"],
    maxReconnects: 5,
    firstMs: 1000,
    factor: 2,
    maxMs: 30_000,
    jitterShare: 0.2,
  });
});

describe("refused, with the place", () => {
  const fed = "feeders: { players: { file: players.csv } }\n";
  const decoded = "decode: { hit: { fields: [{ byte: type }, { fixedString32: by }] } }\n";
  const cases: [body: string, ...parts: string[]][] = [
    [steps("- send: [{ byte: 256 }]"), "load.yaml:6:19: ", "byte must be a whole number from 0 to 255, got 256"],
    [steps("- send: [{ byte: 1.5 }]"), "got 1.5"],
    [steps("- send: [{ uint: hello }]"), 'got "hello"'],
    [steps("- send: [{ ulong: '-1' }]"), 'got "-1"'],
    [steps("- send: [{ long: '9223372036854775808' }]"), "long must be"],
    [steps("- send: [{ float: 1.0e+39 }]"), "a number from -3.4"],
    [steps("- send: [{ ushort: { random: [0, 65536] } }]"), "between two numbers", "got [0,65536]"],
    [steps("- send: [{ short: { counter: 40000 } }]"), "a counter that starts with", "got 40000"],
    [steps("- send: [{ rawBits: { bits: 2, value: 4 } }]"), "rawBits.value must be a whole number from 0 to 3"],
    [steps(`- send: [{ fixedString32: "${"é".repeat(15)}" }]`), "at most 29 bytes of UTF-8"],
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
      "load.yaml:7:19",
      "load.yaml:7:32",
      "load.yaml:8:22",
      "load.yaml:9:49",
    ]);
  });
});

describe("files", () => {
  const body = (path: string): string => `clients: 1\nscenarios: { s: { steps: [{ send: [{ file: ${path} }] }] } }`;

  it("outside the profile's folder need leave", () => {
    const elsewhere = { readFile: () => Buffer.from("x") };
    const machine = machineWith({ "load.yaml": body("../x.bin") });
    const files = {
      ...elsewhere,
      readFile: (path: string) => (path === "load.yaml" ? machine.readFile(path) : Buffer.from("x")),
    };
    expect(() => profileOf(body("../x.bin"), {}, files)).toThrow(/folder or below/);
    expect(profileOf(body("../x.bin"), { "allow-outside": true }, files).scenarios).toHaveLength(1);
  });

  it("behind a link that leads away are outside", () => {
    const realPath = (path: string): string => (path.endsWith("ticket.bin") ? "/somewhere/else" : "/profiles");
    expect(() => profileOf(body("ticket.bin"), {}, { realPath })).toThrow(/folder or below/);
    expect(profileOf(body("ticket.bin"), { "allow-outside": true }, { realPath }).scenarios).toHaveLength(1);
  });
});

describe("beside scenarios", () => {
  const text = "clients: 2\nscenarios: { a: { steps: [{ log: x }] } }";

  it.each(["rate", "size", "pipeline"])("--%s is refused", (flag) => {
    expect(() => profileOf(text, { [flag]: "20" })).toThrow(UsageError);
    expect(() => profileOf(text, { [flag]: "20" })).toThrow(/left out with a profile that has scenarios/);
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

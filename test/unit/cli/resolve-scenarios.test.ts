import { describe, expect, it } from "vitest";
import { scenario, steps } from "./scenario-profile.js";

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
    [
      "- { at: 1.5s, send: [{ byte: 7 }] }",
      [
        { do: "at", sinceConnectedMs: 1500 },
        { do: "send", pipelineId: 0, payload },
      ],
    ],
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

// What an `expect` waits for: pipeline, first bytes, block and fields must all hold; captured fields become variables.
import { describe, expect, it } from "vitest";
import type { DecodeBlock, Match, ValueSource } from "../../../src/profile/scenario.js";
import { compileMatch, type Expectation } from "../../../src/workload/matcher.js";
import { compileDecode, type MessageDecoder } from "../../../src/workload/message-decoder.js";
import type { Value } from "../../../src/workload/value.js";
import { bytes } from "../../support/bytes.js";
import { ScriptClients } from "../../support/script-client.js";

const BLOCKS: readonly DecodeBlock[] = [
  {
    name: "joined",
    pipelineId: undefined,
    fields: [
      { type: "byte", name: undefined, size: undefined, equals: 1 },
      { type: "ulong", name: "id", size: undefined, equals: undefined },
      { type: "fixedString", name: "name", size: 32, equals: undefined },
    ],
    metrics: [],
  },
];
/** id 2^64 - 2, name "bob" */
const JOINED = "01feffffffffffffff0300626f62";
const literal = (value: number | string): ValueSource => ({ from: "literal", value });
const variable = (name: string): ValueSource => ({ from: "variable", name });

function expectation(match: Partial<Match>, capture: Expectation["capture"] = []): Expectation {
  return {
    match: { pipelineId: undefined, startsWithHex: undefined, block: undefined, fields: [], ...match },
    capture,
  };
}

function setUp(match: Partial<Match>, capture: Expectation["capture"] = []) {
  const clients = new ScriptClients(["name", "id"]);
  const decoder: MessageDecoder = compileDecode(BLOCKS);
  const matcher = compileMatch(expectation(match, capture), decoder, clients.layout);
  return { clients, decoder, matcher };
}

function matches(match: Partial<Match>, hex: string, pipelineId = 0, variables: Record<string, Value> = {}): boolean {
  const { clients, decoder, matcher } = setUp(match);
  const client = clients.client(0, variables);
  matcher.begin(client);
  return matcher.test(decoder.read(bytes(hex), pipelineId), client);
}

describe("Matcher.test()", () => {
  it.each<[string, Partial<Match>, string, number, boolean]>([
    ["nothing asked: any message", {}, "00", 0, true],
    ["its pipeline", { pipelineId: 2 }, "00", 2, true],
    ["another pipeline", { pipelineId: 2 }, "00", 1, false],
    ["its first bytes", { startsWithHex: "01FE" }, JOINED, 0, true],
    ["other first bytes", { startsWithHex: "01ff" }, JOINED, 0, false],
    ["a message shorter than the first bytes", { startsWithHex: "0100" }, "01", 0, false],
    ["its block", { block: "joined" }, JOINED, 0, true],
    ["no block", { block: "joined" }, "00", 0, false],
    ["a field", { block: "joined", fields: [{ name: "name", value: literal("bob") }] }, JOINED, 0, true],
    ["another text", { block: "joined", fields: [{ name: "name", value: literal("bo") }] }, JOINED, 0, false],
    ["64 bits", { block: "joined", fields: [{ name: "id", value: literal("18446744073709551614") }] }, JOINED, 0, true],
    [
      "64 bits but one",
      { block: "joined", fields: [{ name: "id", value: literal("18446744073709551615") }] },
      JOINED,
      0,
      false,
    ],
    ["a text for a number", { block: "joined", fields: [{ name: "id", value: literal("bob") }] }, JOINED, 0, false],
    ["all must hold", { pipelineId: 1, startsWithHex: "01", block: "joined" }, JOINED, 0, false],
  ])("%s", (_, match, hex, pipelineId, expected) => {
    expect(matches(match, hex, pipelineId)).toBe(expected);
  });

  it("compares with the client's variables", () => {
    const match = { block: "joined", fields: [{ name: "name", value: variable("name") }] };
    expect(matches(match, JOINED, 0, { name: "bob" })).toBe(true);
    expect(matches(match, JOINED, 0, { name: "eve" })).toBe(false);
    expect(matches(match, JOINED)).toBe(false);
  });

  it("takes the next of a counter for each wait, not for each message", () => {
    const counter: ValueSource = { from: "counter", start: 5, step: 1 };
    const { clients, decoder, matcher } = setUp({ block: "joined", fields: [{ name: "id", value: counter }] });
    const [client, other] = [clients.client(0), clients.client(1)];
    const joined = (id: string): boolean => matcher.test(decoder.read(bytes(`01${id}000000000000000000`), 0), client);
    matcher.begin(client);
    expect([joined("04"), joined("05"), joined("06")]).toEqual([false, true, false]);
    matcher.begin(client);
    matcher.begin(other);
    expect([joined("05"), joined("06")]).toEqual([false, true]);
  });
});

describe("Matcher.capture()", () => {
  it("keeps fields as the client's variables, 64 bits and all", () => {
    const { clients, decoder, matcher } = setUp({ block: "joined" }, [
      { variable: "id", field: "id" },
      { variable: "name", field: "name" },
    ]);
    const client = clients.client();
    const message = bytes(JOINED);
    expect(matcher.test(decoder.read(message, 0), client)).toBe(true);
    matcher.capture(client);
    message.fill(0);
    expect(["id", "name"].map((name) => client.get(clients.layout.slotOf(name)))).toEqual([2n ** 64n - 2n, "bob"]);
  });
});

it.each<[string, Partial<Match>, Expectation["capture"]]>([
  ["a decode block must be one of joined, got left", { block: "left" }, []],
  [
    "a field of joined must be one of id, name, got nam",
    { block: "joined", fields: [{ name: "nam", value: literal(1) }] },
    [],
  ],
  ["a field of joined must be one of id, name, got nam", { block: "joined" }, [{ variable: "name", field: "nam" }]],
  ["an expected field must be one of a decode block, got id without one", {}, [{ variable: "id", field: "id" }]],
  [
    "a variable must be one of client, iteration, name, id, got x",
    { block: "joined" },
    [{ variable: "x", field: "id" }],
  ],
  ['the first bytes of an expected message must be an even number of hex digits, got "0"', { startsWithHex: "0" }, []],
])("compiling refuses: %s", (message, match, capture) => {
  expect(() => setUp(match, capture)).toThrow(new RangeError(`Cannot compile a script: ${message}`));
});

// Where a client's state lies: the variables that a scenario's steps and feeders name, wherever they stand.
import { expect, it } from "vitest";
import type { Scenario, Step } from "../../../src/profile/scenario.js";
import { BUILT_IN_VARIABLES, VariableLayout, variableNames } from "../../../src/workload/variable-layout.js";

const set = (variable: string): Step => ({ do: "set", variable, value: { from: "literal", value: 1 } });
const capture = (variable: string): Step => ({
  do: "expect",
  match: { pipelineId: undefined, startsWithHex: undefined, block: "b", fields: [] },
  timeoutMs: 1,
  capture: [{ variable, field: "f" }],
  rtt: false,
  required: false,
});

it("variableNames() finds them in feeders, captures and sets, at any depth", () => {
  const value = { from: "literal", value: 1 } as const;
  const steps: Step[] = [
    set("a"),
    capture("b"),
    { do: "repeat", times: 2, steps: [set("c"), { do: "repeat", times: undefined, steps: [capture("d")] }] },
    // biome-ignore lint/suspicious/noThenProperty: the step's own name, and nothing awaits it
    { do: "if", condition: { left: value, operator: "==", right: value }, then: [set("e")], else: [set("f")] },
    {
      do: "choose",
      options: [
        { weight: 1, steps: [set("g")] },
        { weight: 1, steps: [set("a")] },
      ],
    },
    { do: "disconnect" },
  ];
  const feeders = [{ name: "p", columns: ["x", "y"], rows: [], order: "cyclic" }] as const;
  const scenario: Scenario = {
    name: "s",
    weight: 1,
    tags: {},
    connectPayload: undefined,
    steps,
    decode: [],
    feeders,
    reconnect: undefined,
  };
  expect([...variableNames(scenario)].sort()).toEqual(["a", "b", "c", "d", "e", "f", "g", "p.x", "p.y"]);
});

it("VariableLayout gives each name one slot, the built-in ones first", () => {
  const layout = new VariableLayout(1, ["a", "client", "a", "b"]);
  expect(["client", "iteration", "a", "b"].map((name) => layout.slotOf(name))).toEqual([0, 1, 2, 3]);
  expect(BUILT_IN_VARIABLES).toHaveLength(2);
  expect(layout.seal()).toEqual({ variables: 4, counters: 0, randoms: 0 });
});

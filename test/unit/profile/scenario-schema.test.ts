import { describe, expect, it } from "vitest";
import { ProfileError } from "../../../src/errors.js";
import { keysAt } from "../../../src/profile/key-tree.js";
import { parseProfile } from "../../../src/profile/parse-profile.js";
import { profileJsonSchema } from "../../../src/profile/schema.js";

function refusal(text: string): string {
  try {
    parseProfile(text, "load.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  throw new Error(`was taken: ${text}`);
}

const inSteps = (step: string): string => `scenarios: { s: { steps: [${step}] } }`;

describe("parseProfile() refuses", () => {
  const cases: [text: string, ...parts: string[]][] = [
    ["scenarios: {}", "scenarios must be kinds of players by name"],
    ["scenarios: []", "scenarios must be kinds of players by name"],
    ["scenarios: { s: {} }", "scenarios.s must be an object with steps or script", "got {}"],
    ["scenarios: { s: { steps: [] } }", "a list of 1 to 100000 steps, got []"],
    ["scenarios: { 'a b': { steps: [{ log: x }] } }", "load.yaml:1:14", "the name a b in scenarios must be 1 to 64"],
    ["scenarios: { s: { wieght: 1, steps: [{ log: x }] } }", "unknown key wieght in scenarios.s", "weight?"],
    ["scenarios: { s: { weight: 0, steps: [{ log: x }] } }", "weight must be a number above 0"],
    ["scenarios: { s: { tags: { A: x }, steps: [{ log: x }] } }", "the name A in scenarios.s.tags"],
    ["scenarios: { s: { feeders: { p: {} }, steps: [{ log: x }] } }", "p.file must be the path of a file"],
    ["scenarios: { s: { feeders: { p: { file: a, order: uniqe } }, steps: [{ log: x }] } }", "did you mean unique?"],
    ["scenarios: { s: { reconnect: { after: [Silense] }, steps: [{ log: x }] } }", "did you mean Silence?"],
    ["scenarios: { s: { reconnect: { after: [ClosedByClient] }, steps: [{ log: x }] } }", "must be one of"],
    ["scenarios: { s: { reconnect: { after: [], times: 1 }, steps: [{ log: x }] } }", "a list of reasons"],
    [inSteps("{}"), "scenarios.s.steps[0] must be one step"],
    [inSteps("{ log: a, wait: 1s }"), "must be one step"],
    [inSteps("{ wiat: 1s }"), "load.yaml:1:29", "unknown key wiat in scenarios.s.steps[0], did you mean wait?"],
    [inSteps("{ every: 1s }"), "every with the send that it repeats"],
    [inSteps("{ every: 0/s, send: [{ byte: 1 }] }"), "times a second such as 60/s"],
    [inSteps("{ every: 1001/s, send: [{ byte: 1 }] }"), "every must be"],
    [inSteps("{ send: [] }"), "send must be a list of 1 to 1000 fields"],
    [inSteps("{ send: 5 }"), "send must be a list of fields, or an object"],
    [inSteps("{ send: {} }"), "send must be a list of fields, or an object"],
    [inSteps("{ send: { payload: [{ byte: 1 }], marked: 20 } }"), "send must be a list of fields"],
    [inSteps("{ send: { marked: 15 } }"), "marked must be a whole number of bytes from 16"],
    [inSteps("{ send: [{}] }"), "send[0] must be an object with one field"],
    [inSteps("{ send: [{ byte: 1, uint: 2 }] }"), "send[0] must be an object with one field"],
    [inSteps("{ send: [{ packdUInt: 1 }] }"), "did you mean packedUInt?"],
    [inSteps("{ send: [{ byte: [1] }] }"), "byte must be a number, a text"],
    [inSteps("{ send: [{ byte: { countr: 1 } }] }"), "did you mean counter?"],
    [inSteps("{ send: [{ byte: { random: [2, 1] } }] }"), "the smaller one first"],
    [inSteps("{ send: [{ byte: $7 }] }"), "a variable such as $score"],
    [inSteps("{ send: [{ hex: 'abc' }] }"), "an even number of hex digits"],
    [inSteps("{ send: [{ rawBits: { bits: 33, value: 1 } }] }"), "bits must be an integer from 1 to 32"],
    [inSteps("{ send: [{ flush: false }] }"), "flush must be true"],
    [inSteps("{ wait: 5 }"), "wait must be a duration such as 500ms, or an object"],
    [inSteps("{ wait: { uniform: [3s, 1s] } }"), "the shorter one first"],
    [inSteps("{ wait: { uniform: 3s } }"), "wait.uniform must be two durations"],
    [inSteps("{ expect: { startsWith: 'xy' } }"), "startsWith must be an even number of hex digits"],
    [inSteps("{ expect: { capture: { '1': a } } }"), "the name 1 in scenarios.s.steps[0].expect.capture"],
    [inSteps("{ if: $a, then: [{ log: x }] }"), "if must be one comparison"],
    [inSteps("{ if: $a > 1 }"), "if with then or else beside it"],
    [inSteps("{ then: [{ log: x }], log: y }"), "if with then or else beside it"],
    [inSteps("{ repeat: { times: 0, steps: [{ log: x }] } }"), "times must be an integer from 1"],
    [inSteps("{ repeat: { steps: [{ repeat: { steps: [{ lgo: x }] } }] } }"), "did you mean log?"],
    [inSteps("{ choose: [{ weight: 0, steps: [{ log: x }] }] }"), "choose[0].weight must be a number above 0"],
    [inSteps("{ choose: [] }"), "a list of 1 to 100 options"],
    [inSteps("{ set: {} }"), "set must be variables, each with a value"],
    ["scenarios: &a { s: { steps: [*a] } }", "load.yaml:1:30", "an alias must not stand inside"],
    [
      "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\nd: &d [*b,*b,*b]",
      "load.yaml:1:1",
    ],
    ["target: !!js/function 'x'", "load.yaml:1:9", "runs no code", "got !!js/function"],
    ["target: !local x", "load.yaml:1:9", "a value must be without a tag", "got !local"],
  ];
  it.each(cases)("%s", (text, ...parts) => {
    const message = refusal(text);
    expect(message).toMatch(/^Cannot load profile: /);
    for (const part of parts) expect(message).toContain(part);
  });

  it("an unknown key once, not the lack of a known one as well", () => {
    expect(refusal(inSteps("{ wiat: 1s }")).split("\n")).toHaveLength(1);
  });

  it("what an alias stands for where it was written", () => {
    const text = "scenarios:\n  a: { steps: &s [{ log: x }, { wait: 5 }] }\n  b: { steps: *s }\n";
    const places = refusal(text).split("\n").slice(1);
    expect(places.map((line) => line.trim().split(": ", 1)[0])).toEqual(["load.yaml:2:39", "load.yaml:2:39"]);
  });
});

it("keysAt() knows the keys of steps however deep they stand", () => {
  const schema = profileJsonSchema();
  const path = ["scenarios", "x", "steps", 0, "repeat", "steps", 3, "choose", 1, "steps", 0];
  expect(keysAt(schema, path)).toEqual(expect.arrayContaining(["send", "wait", "choose", "if"]));
  expect(keysAt(schema, [...path, "send", "payload", 0])).toContain("fixedString64");
  expect(keysAt(schema, [...path, "nothing"])).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { ProfileError, UsageError } from "../../../src/errors.js";
import { profileOf } from "./scenario-profile.js";

const ONE = `clients: 2
scenarios:
  v1.2:
    tags: { role: tank }
    decode: { a: { fields: [{ uint: tick }], metrics: { server_tick: { gauge: tick } } } }
    steps: [{ log: x }]
    thresholds: { rtt: ["p(95)<80", "max<900"], server_tick: [value>0] }
`;
const TWO = `${ONE}  other:
    tags: { role: healer }
    steps: [{ log: x }]
`;

describe("thresholds of scenarios", () => {
  it("are narrowed down to theirs", () => {
    expect(profileOf(`${TWO}thresholds: { rtt: [max<5000] }`).thresholds).toEqual([
      { metric: "rtt", expression: "max<5000" },
      { metric: "rtt{scenario:v1.2}", expression: "p(95)<80" },
      { metric: "rtt{scenario:v1.2}", expression: "max<900" },
      { metric: "server_tick{scenario:v1.2}", expression: "value>0", type: "gauge" },
    ]);
  });

  it("are the run's where there is only one", () => {
    const metrics = profileOf(ONE).thresholds.map(({ metric }) => metric);
    expect(metrics).toEqual(["rtt", "rtt", "server_tick"]);
  });

  it("are replaced by flags on the same metric", () => {
    const typed = { threshold: ["rtt{scenario:v1.2}: max<1", "server_tick: value>5"] };
    expect(profileOf(TWO, typed).thresholds).toEqual([
      { metric: "server_tick{scenario:v1.2}", expression: "value>0", type: "gauge" },
      { metric: "rtt{scenario:v1.2}", expression: "max<1" },
      { metric: "server_tick", expression: "value>5", type: "gauge" },
    ]);
  });

  it.each(["connect_total{role:tank}", "checks{role:healer}", "rtt{scenario:other}"])("take %s", (metric) => {
    const expression = metric.startsWith("checks") ? "rate>0.9" : "max<9";
    expect(profileOf(`${TWO}thresholds: { "${metric}": [${expression}] }`).thresholds[0]?.metric).toBe(metric);
  });

  it.each([
    ["rtt{scenario:otter}", "max<9", "scenario must be one of v1.2, other, got otter"],
    ["rtt{role:bard}", "max<9", "role must be one of tank, healer"],
    ["rtt{rolle:tank}", "max<9", "rtt{rolle:tank}"],
    ["server_tik", "value<9", "a known metric"],
    ["server_tick", "p(95)<9", "value for the gauge server_tick"],
  ])("refuse %s", (metric, expression, part) => {
    const text = `${TWO}thresholds: { "${metric}": ["${expression}"] }`;
    expect(() => profileOf(text)).toThrow(ProfileError);
    expect(() => profileOf(text)).toThrow(part);
    expect(() => profileOf(TWO, { threshold: [`${metric}: ${expression}`] })).toThrow(UsageError);
  });

  it("refuse a second tag", () => {
    const text = TWO.replace("server_tick: [value>0]", '"disconnects{reason:Silence}": [count==0]');
    expect(() => profileOf(text)).toThrow(/on a metric without a tag/);
  });

  it("refuse the tag of an only scenario: it is the whole run", () => {
    expect(() => profileOf(`${ONE}thresholds: { "rtt{scenario:v1.2}": [max<9] }`)).toThrow(ProfileError);
  });
});

import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { TREND_NAMES } from "../../../src/metrics/names.js";
import { parseThreshold, readThreshold } from "../../../src/metrics/thresholds-parser.js";

describe("parseThreshold() splits the command line's form", () => {
  it.each([
    ["rtt: p(95)<80", "rtt", "p(95)<80"],
    ["rtt:p(95)<80", "rtt", "p(95)<80"],
    ["  rtt :  p( 99.9 ) <= 80.5 ", "rtt", "p( 99.9 ) <= 80.5"],
    ["disconnects{reason:Silence}: count==0", "disconnects{reason:Silence}", "count==0"],
    ["disconnects{reason:WebSocketClose:1001}:count<3", "disconnects{reason:WebSocketClose:1001}", "count<3"],
  ])("%s", (line, metric, expression) => {
    expect(parseThreshold(line)).toEqual({ metric, expression });
  });
});

describe("readThreshold() reads", () => {
  it.each([
    ["rtt", "p(95)<80", { type: "trend", aggregation: "p", percentile: 95, operator: "<", limit: 80 }],
    ["rtt", "p(99.9) <= .5", { percentile: 99.9, operator: "<=", limit: 0.5 }],
    ["rtt", "p(0)>0", { percentile: 0 }],
    ["rtt", "p(100)>0", { percentile: 100 }],
    ["connect_total", "med<10", { aggregation: "med", percentile: undefined }],
    ["connect_failed", "rate<0.01", { type: "rate", aggregation: "rate", limit: 0.01 }],
    ["clients_connected", "value>=100", { type: "gauge", aggregation: "value" }],
    ["messages_received", "rate>10000", { type: "counter", aggregation: "rate" }],
    ["disconnects{reason:WebSocketClose:1001}", "count!=1", { tag: { name: "reason", value: "WebSocketClose:1001" } }],
    ["disconnects { reason : Silence }", "count===0", { tag: { name: "reason", value: "Silence" }, operator: "===" }],
    ["protocol_drops{why:unknownToken}", "count==0", { tag: { name: "why", value: "unknownToken" } }],
  ])("%s: %s", (metric, expression, expected) => {
    expect(readThreshold({ metric, expression })).toMatchObject(expected);
  });

  it.each(["<", "<=", ">", ">=", "==", "===", "!="])("the operator %s", (operator) => {
    expect(readThreshold({ metric: "rtt", expression: `max${operator}1` }).operator).toBe(operator);
  });

  it.each(TREND_NAMES)("the trend %s", (metric) => {
    expect(readThreshold({ metric, expression: "avg<1" }).type).toBe("trend");
  });
});

describe("refused, with what is allowed", () => {
  it.each([
    ["rrt: p(95)<80", "rrt", /Did you mean rtt\?.*connect_total.*clients_connected/],
    ["Disconnect{reason:Silence}: count==0", "Disconnect", /Did you mean disconnects\?/],
    ["nonsense_of_a_name: count==0", "nonsense_of_a_name", /^Metrics: connect_tcp/],
    ["rtt: rate<1", "rate", /rtt is a trend: write avg, min, max, med, p\(N\), count/],
    ["rtt: p<80", "p", /p\(N\)/],
    ["connect_failed: count<1", "count", /connect_failed is a rate: write rate, as in 'rate<0.01'/],
    ["disconnects: p(95)<1", "p", /disconnects is a counter: write count, rate/],
    ["clients_connected: max>5", "max", /clients_connected is a gauge: write value/],
    ["rtt: p(101)<80", "p(101)", /p\(95\)/],
    ["rtt: p(-1)<80", "p(-1)", /p\(95\)/],
    ["rtt: p()<80", "p()", /p\(95\)/],
    ["rtt: p(95)<80ms", "p(95)<80ms", /operators are < <= > >= == === !=/],
    ["rtt: p(95)=80", "p(95)=80", /operators/],
    ["rtt: p(95)=<80", "p(95)=<80", /operators/],
    ["rtt: 80", "80", /operators/],
    ["rtt: p(95)<80ms", "p(95)<80ms", /no unit: times are in ms$/],
    ["connect_failed: rate<1%", "rate<1%", /!=$/],
    ["rtt:", "", /operators/],
    ["rtt{reason:Silence}: p(95)<80", "rtt{reason:Silence}", /rtt has no tags/],
    ["disconnects{pipeline:x}: count<1", "disconnects{pipeline:x}", /disconnects\{reason:VALUE\}/],
    ["disconnects{reason:}: count<1", "disconnects{reason:}", /disconnects\{reason:VALUE\}/],
    ["disconnects{reason}: count<1", "disconnects{reason}", /Did you mean disconnects\?|Metrics/],
    [
      "disconnects{reason:Silence count<1",
      "disconnects{reason:Silence count<1",
      /disconnects\{reason:Silence\}: count==0/,
    ],
    ["rtt p(95)<80", "rtt p(95)<80", /rtt: p\(95\)<80/],
    ["", "", /rtt: p\(95\)<80/],
  ])("%s", (line, got, hint) => {
    let caught: unknown;
    try {
      parseThreshold(line);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(UsageError);
    const error = caught as UsageError;
    expect(error.message).toMatch(/^Cannot use threshold ".*": it must be .*, got ".*"$/);
    expect(error.message.endsWith(`got ${JSON.stringify(got)}`), error.message).toBe(true);
    expect(error.hint).toMatch(hint);
  });
});

import { describe, expect, it } from "vitest";
import { parseCondition } from "../../../src/profile/condition.js";
import type { ValueSource } from "../../../src/profile/scenario.js";

const variable = (name: string): ValueSource => ({ from: "variable", name });
const literal = (value: string | number | boolean): ValueSource => ({ from: "literal", value });

describe("parseCondition()", () => {
  const cases: [text: string, left: ValueSource, operator: string, right: ValueSource][] = [
    ["$score > 10", variable("score"), ">", literal(10)],
    ["$score>=-1.5", variable("score"), ">=", literal(-1.5)],
    ["10 <= $a.b", literal(10), "<=", variable("a.b")],
    ["$a != $b", variable("a"), "!=", variable("b")],
    ["$name == bob smith", variable("name"), "==", literal("bob smith")],
    ["$ready == true", variable("ready"), "==", literal(true)],
    ["$price < $$5", variable("price"), "<", literal("$5")],
    ["$id == 007", variable("id"), "==", literal(7)],
  ];
  it.each(cases)("reads %s", (text, left, operator, right) => {
    expect(parseCondition(text)).toEqual({ left, operator, right });
  });

  it.each(["", "$score", "$score >", "> 10", "$a = 1", "$a > 1 > 2", "$a => 1", "$7 > 1", "$a == $ b", "$a ! 1"])(
    "refuses %j",
    (text) => {
      expect(parseCondition(text)).toBeUndefined();
    },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../src/profile/csv.js";
import { feederRows } from "../../../src/profile/feeder-rows.js";
import { propertyParameters } from "../../support/property.js";

describe("parseCsv()", () => {
  const cases: [text: string, rows: string[][]][] = [
    ["", []],
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\r\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["a\r1\r", [["a"], ["1"]]],
    ["\ufeffa\n1", [["a"], ["1"]]],
    ['"a,b","c""d"\n', [["a,b", 'c"d']]],
    ['"line\nbreak",x', [["line\nbreak", "x"]]],
    ["a\n\n\nb\n", [["a"], ["b"]]],
    ['a\n""\n', [["a"], [""]]],
    [
      "a,\n,b",
      [
        ["a", ""],
        ["", "b"],
      ],
    ],
    [" a , b ", [[" a ", " b "]]],
  ];
  it.each(cases)("%j", (text, rows) => {
    const parsed = parseCsv(text);
    expect(Array.isArray(parsed) && parsed.map(({ cells }) => cells)).toEqual(rows);
  });

  it.each([
    ['a\n"b', 2],
    ['a\nb"c', 2],
    ['"a"b', 1],
    ['"x\ny"\nz\n"', 4],
  ])("tells the line of a quote out of place in %j", (text, line) => {
    expect(parseCsv(text)).toMatchObject({ line, rule: expect.stringContaining('""') });
  });

  it("tells the line on which a row begins", () => {
    const parsed = parseCsv('a\n"1\n2"\n\n3');
    expect(Array.isArray(parsed) && parsed.map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it("reads back any cells that are written as RFC 4180 says", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é"), maxLength: 6 });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.constantFrom("\n", "\r\n"), (cells, end) => {
        const text = cells.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join(end);
        const parsed = parseCsv(text);
        expect(Array.isArray(parsed) && parsed.map((row) => row.cells)).toEqual(cells);
      }),
      propertyParameters("parseCsv()", 300),
    );
  });
});

describe("feederRows()", () => {
  it("takes columns from the first line of CSV", () => {
    expect(feederRows("p.CSV", "name, token\nbob,a\n")).toEqual({ columns: ["name", "token"], rows: [["bob", "a"]] });
  });

  it("takes columns from the first object of JSON lines, in any order afterwards", () => {
    const text = '{"name":"bob","level":3}\n\n{"level":true,"name":"al"}\r\n';
    const rows = [
      ["bob", "3"],
      ["al", "true"],
    ];
    expect(feederRows("p.jsonl", text)).toEqual({ columns: ["name", "level"], rows });
    expect(feederRows("p.ndjson", text)).toEqual({ columns: ["name", "level"], rows });
  });

  it("knows a file by its name only", () => {
    expect(feederRows("players.txt", "a\n1")).toBeUndefined();
  });

  it.each([
    ["p.csv", "", 1, "columns named"],
    ["p.csv", "a,a\n1,2", 1, "each once"],
    ["p.csv", "a b\n1", 1, "columns named"],
    ["p.csv", "a,b\n1,2\n3\n", 3, "2 cells"],
    ["p.csv", 'a\n"', 2, "a cell"],
    ["p.jsonl", "", 1, "a JSON object"],
    ["p.jsonl", '{"a":1}\n[1]', 2, "a JSON object"],
    ["p.jsonl", '{"a":1}\n{"b":1}', 2, "an object of a"],
    ["p.jsonl", '{"a":1}\n{"a":1,"b":2}', 2, "an object of a"],
    ["p.jsonl", '{"a":{}}', 1, "a JSON object"],
    ["p.jsonl", '{"a":null}', 1, "a JSON object"],
    ["p.jsonl", '{"a":1}\n\n{"a":', 3, "a JSON object"],
    ["p.jsonl", "{}", 1, "columns named"],
  ])("refuses %s of %j at line %i", (name, text, line, rule) => {
    expect(feederRows(name, text)).toMatchObject({ line, rule: expect.stringContaining(rule) });
  });
});

import { describe, expect, it } from "vitest";
import { EXIT_CODES, type ExitFacts, exitCode, exitFactsOf } from "../../../src/result/exit-code.js";
import { summaryOf } from "./sample-run.js";

describe("exitCode()", () => {
  it("has the contract's codes in the contract's order", () => {
    expect(EXIT_CODES.map(({ code }) => code)).toEqual([109, 104, 105, 113, 111, 99, 112, 0]);
  });

  const names = EXIT_CODES.map(({ name }) => name).filter((name) => name !== "ok");
  it.each(names.map((name, index) => [name, index] as const))("%s comes before all behind it", (name, index) => {
    const all: ExitFacts = Object.fromEntries(names.slice(index).map((later) => [later, true]));
    const expected = EXIT_CODES.find((entry) => entry.name === name)!.code;
    expect([exitCode(all), exitCode({ [name]: true })]).toEqual([expected, expected]);
  });

  it("is 0 where nothing happened", () => {
    expect([exitCode({}), exitCode({ invalid: false })]).toEqual([0, 0]);
  });
});

describe("exitFactsOf() a run", () => {
  const thresholds = [{ metric: "rtt", expression: "max<1" }];
  const nobody = { clients_connected_ever: 0, clients_failed: 97 };
  const waiting = { clients_connected_ever: 0, clients_failed: 0, clients_cancelled: 100 };
  it.each([
    ["that held", {}, {}, {}, 0],
    ["with a crossed threshold", {}, {}, { thresholds }, 99],
    ["that was interrupted", { end: "interrupted" }, {}, { thresholds }, 105],
    ["that a threshold aborted", { end: "aborted" }, {}, {}, 99],
    ["whose generator was late", { laggingSeconds: 3 }, {}, { thresholds }, 111],
    ["that lost a worker", { end: "generatorLost" }, {}, {}, 111],
    ["that reached nobody", {}, nobody, { thresholds }, 113],
    ["whose clients all still waited at its end", {}, waiting, {}, 113],
    ["that lost a worker while its clients waited", { end: "generatorLost" }, waiting, {}, 111],
    ["that was interrupted before it reached anybody", { end: "interrupted" }, nobody, {}, 105],
  ] as const)("%s", (_what, changes, sums, profile, code) => {
    const end = "end" in changes ? changes.end : "completed";
    expect(exitCode(exitFactsOf(summaryOf(changes, sums, profile), end))).toBe(code);
  });
});

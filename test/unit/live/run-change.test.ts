// What a page asks for becomes a change of the run, or a plain answer that it does not.
import { describe, expect, it } from "vitest";
import type { RunControl } from "../../../src/engine/run-control.js";
import { changeRun } from "../../../src/live/dashboard/run-change.js";

function control(isPossible = true): { control: RunControl; asked: unknown[] } {
  const asked: unknown[] = [];
  const note = <Value>(what: unknown, value: Value): Value => {
    asked.push(what);
    return value;
  };
  return {
    asked,
    control: {
      isPaused: false,
      pause: () => note("pause", isPossible),
      resume: () => note("resume", isPossible),
      addClients: (count) => note(count, isPossible ? count : 0),
      removeClients: (count) => note(-count, isPossible ? Math.min(count, 3) : 0),
      stop: () => note("stop", undefined),
    },
  };
}

describe("changeRun", () => {
  it.each<[string, string, unknown, string]>([
    ["/pause", "{}", "pause", "Paused: no client starts and none sends"],
    ["/resume", "", "resume", "The run goes on"],
    ["/stop", "", "stop", "Everybody leaves, then the results are written"],
    ["/clients", '{"change":10}', 10, "10 more clients start"],
    ["/clients", '{"change":-10}', -10, "3 clients leave"],
  ])("does %s %s", (path, body, asked, text) => {
    const bench = control();
    expect(changeRun(path, body, bench.control)).toEqual({ status: 200, text });
    expect(bench.asked).toEqual([asked]);
  });

  it.each(["/pause", "/resume", "/clients"])("says that %s came too late", (path) => {
    expect(changeRun(path, '{"change":1}', control(false).control).status).toBe(409);
  });

  it.each(["", "{}", '{"change":0}', '{"change":1.5}', '{"change":"1"}', '{"change":1000000}', "null", "[1]"])(
    "refuses %j as a change of the clients",
    (body) => {
      const bench = control();
      expect(changeRun("/clients", body, bench.control).status).toBe(400);
      expect(bench.asked).toEqual([]);
    },
  );

  it("knows no other action, and none without a run", () => {
    expect(changeRun("/restart", "", control().control).status).toBe(404);
    expect(changeRun("/stop", "", undefined).status).toBe(409);
  });
});

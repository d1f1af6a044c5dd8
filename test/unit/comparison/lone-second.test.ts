// A second that has no other of its segment, such as the one in which a ramp ends: one hitch there is no slower server.
import { expect, it } from "vitest";
import { compareRuns } from "../../../src/comparison/compare-runs.js";
import type { RunFacts, SecondFacts } from "../../../src/comparison/run-facts.js";
import { SERVER, simulatedRun } from "./simulated-runs.js";

const SHORT = { ...SERVER, holdSeconds: 20, hitches: 0 };
const HITCH = { valuesMs: [500], counts: [100] };

/** The second in which the ramp ends stands alone, as it does in a stored result. */
function withLoneSecond({ seconds, ...rest }: RunFacts, change: (second: SecondFacts) => SecondFacts): RunFacts {
  const at = SHORT.rampSeconds;
  return {
    ...rest,
    seconds: seconds.map((second, index) => (index === at ? change({ ...second, segment: 99 }) : second)),
  };
}

const plain = (second: SecondFacts): SecondFacts => second;
const hitch = (second: SecondFacts): SecondFacts => ({ ...second, trends: { ...second.trends, rtt: HITCH } });
const wordOf = (base: RunFacts, next: RunFacts, id: string) =>
  compareRuns([base], [next]).find((figure) => figure.id === id)?.word;

it("a hitch in it leaves a percentile unsure, and not worse", () => {
  const [base, next] = [simulatedRun(SHORT, 1), simulatedRun(SHORT, 2)];
  expect(wordOf(withLoneSecond(base, plain), withLoneSecond(next, hitch), "rtt.p99")).toBe("unsure");
});

it("without a hitch it hides no slower server", () => {
  const [base, next] = [simulatedRun(SHORT, 1), simulatedRun({ ...SHORT, rttMs: SHORT.rttMs * 1.3 }, 2)];
  for (const id of ["rtt.p50", "rtt.p95", "rtt.p99"]) {
    expect(wordOf(withLoneSecond(base, plain), withLoneSecond(next, plain), id)).toBe("worse");
  }
});

// Which messages of a profile carry the mark by which their echo is known, out of its steps alone. It measures nothing.
import type { Profile } from "../profile/profile.js";
import type { Step } from "../profile/scenario.js";

export interface MarkedSends {
  /** How many of the steps that send have the mark; nobody knows it of a bot. */
  readonly share: "all" | "some" | "none" | "unknown";
  /** Most that one client sends by its schedules. */
  readonly perSecond: number;
}

type Sending = Extract<Step, { do: "send" | "every" }>;

/** Without scenarios every message is marked; whether it has room for the mark is another question. */
export function markedSends({ scenarios, ratePerSecond }: Pick<Profile, "scenarios" | "ratePerSecond">): MarkedSends {
  if (scenarios === undefined) return { share: "all", perSecond: ratePerSecond };
  const sending = scenarios.map(({ steps }) => sendingSteps(steps));
  const hasBots = scenarios.some(({ bot }) => bot !== undefined);
  return {
    share: hasBots ? "unknown" : shareOf(sending.flat()),
    perSecond: Math.max(...sending.map(scheduledPerSecond)),
  };
}

function shareOf(sending: readonly Sending[]): MarkedSends["share"] {
  const marked = sending.filter(({ payload }) => payload.kind === "marked");
  if (marked.length === 0) return "none";
  return marked.length < sending.length ? "some" : "all";
}

function sendingSteps(steps: readonly Step[]): Sending[] {
  return steps.flatMap((step) => (step.do === "send" || step.do === "every" ? [step] : sendingSteps(innerSteps(step))));
}

function innerSteps(step: Step): readonly Step[] {
  if (step.do === "repeat") return step.steps;
  if (step.do === "if") return [...step.then, ...step.else];
  return step.do === "choose" ? step.options.flatMap(({ steps }) => steps) : [];
}

function scheduledPerSecond(sending: readonly Sending[]): number {
  return sending.reduce((sum, step) => sum + (step.do === "every" ? 1000 / step.intervalMs : 0), 0);
}

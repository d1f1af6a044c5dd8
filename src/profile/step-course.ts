// The course of a list of steps: whether each can be reached, and whether what is repeated takes time and piles nothing up. Runs
// none of them.
import type { Findings, Path } from "./findings.js";
import type { Step } from "./scenario.js";

/** @param compiled What each written step became. */
export function checkCourse(compiled: readonly (readonly Step[])[], path: Path, findings: Findings): void {
  const lastAt = compiled.findIndex((steps) => steps.some(isLast));
  if (lastAt >= 0 && lastAt < compiled.length - 1) {
    const { do: what } = compiled[lastAt]!.find(isLast)!;
    const reason = what === "disconnect" ? "a disconnect" : "a repeat without times";
    findings.wrong(
      [...path, lastAt + 1],
      `before step ${lastAt}, for nothing comes after ${reason}`,
      "a step behind it",
    );
  }
  for (const [index, steps] of compiled.entries()) {
    for (const step of steps) {
      if (step.do !== "repeat") continue;
      if (step.times !== 1 && !holds(step.steps, "reconnect")) {
        const wrong = (rule: string): void =>
          findings.wrong([...path, index, "repeat", "steps"], rule, wordsOf(step.steps));
        if (holds(step.steps, "every")) {
          wrong("without every, or with a reconnect, which ends schedules: each round would start one more");
        }
        if (holds(step.steps, "at")) {
          wrong("without at, or with a reconnect, after which times count anew: each comes once a connection");
        }
      }
      if (step.times !== undefined || takesTime(step.steps)) continue;
      const rule = "steps that take time whatever happens (wait, expect or reconnect), for they go on for ever";
      findings.wrong([...path, index, "repeat", "steps"], rule, wordsOf(step.steps));
    }
  }
}

function isLast(step: Step): boolean {
  return step.do === "disconnect" || (step.do === "repeat" && step.times === undefined);
}

/** Whether a step of that kind is among them, however deep. */
function holds(steps: readonly Step[], kind: Step["do"]): boolean {
  return steps.some((step) => {
    if (step.do === kind) return true;
    if (step.do === "repeat") return holds(step.steps, kind);
    if (step.do === "if") return holds(step.then, kind) || holds(step.else, kind);
    return step.do === "choose" && step.options.some((option) => holds(option.steps, kind));
  });
}

function wordsOf(steps: readonly Step[]): string {
  return steps.map((step) => step.do).join(", ");
}

/** Whether time passes on every way through the steps, or none comes back from them. */
function takesTime(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    switch (step.do) {
      case "wait":
        return step.time.kind !== "fixed" || step.time.ms > 0;
      case "expect":
      case "reconnect":
      case "disconnect":
        return true;
      case "repeat":
        return step.times === undefined || takesTime(step.steps);
      case "if":
        return takesTime(step.then) && takesTime(step.else);
      case "choose":
        return step.options.every((option) => takesTime(option.steps));
      default:
        return false;
    }
  });
}

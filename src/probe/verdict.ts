// From what a probe saw to one verdict in plain words. Pure: looks at the observation only.
import { verdictAfterAccept } from "./after-accept.js";
import { verdictBeforeAccept } from "./before-accept.js";
import { verdictBeforeOpen } from "./before-open.js";
import type { Observation } from "./observation.js";
import type { Verdict } from "./verdict-code.js";

/** The first explanation that fits, from the network upwards; `healthy` when nothing is wrong. */
export function verdictOf(seen: Observation): Verdict {
  if (seen.ending.kind === "interrupted") {
    return {
      code: "interrupted",
      message: `The probe was interrupted at the step "${seen.stage}"; what it saw until then stands above.`,
      next: "Run it again and let it finish; --hold sets how long it stays connected.",
    };
  }
  if (seen.stage === "accept") return verdictBeforeAccept(seen);
  if (seen.stage === "hold" || seen.stage === "closing") return verdictAfterAccept(seen);
  return verdictBeforeOpen(seen);
}

/** Exit code of the command: 0 healthy, 105 interrupted, 113 anything else. */
export function exitCodeOf(verdict: Verdict): 0 | 105 | 113 {
  if (verdict.code === "healthy") return 0;
  return verdict.code === "interrupted" ? 105 : 113;
}

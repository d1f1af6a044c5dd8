// What the players of one scenario share in a thread. Types only.
import type { Recorder } from "../metrics/recorder.js";
import type { Scenario } from "../profile/scenario.js";

export interface Role {
  readonly scenario: Scenario;
  /** Where its players write what they measure. */
  readonly recorder: Recorder;
}

// What the players of one scenario share in a thread. Types only.
import type { Recorder } from "../metrics/recorder.js";
import type { Scenario } from "../profile/scenario.js";
import type { MetricSink } from "../workload/block-reader.js";
import type { ValueEnvironment } from "../workload/client-variables.js";
import type { BotRole } from "./bot-role.js";
import type { ScriptProgram } from "./script-program.js";

export interface Role {
  readonly scenario: Scenario;
  /** Where its players write what they measure. */
  readonly recorder: Recorder;
  readonly program: ScriptProgram;
  /** Of a scenario that bots play. */
  readonly bot?: BotRole;
  readonly environment: ValueEnvironment;
  /** Takes what its decode blocks read. */
  readonly metrics: MetricSink;
}

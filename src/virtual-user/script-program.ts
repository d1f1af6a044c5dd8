// A scenario's steps as a flat list of instructions, shared by all who play it; each player keeps only where it is. Types only.
import type { ChoiceDraw, ConditionTest } from "../workload/branch.js";
import type { FeederRows } from "../workload/feeder.js";
import type { Matcher } from "../workload/matcher.js";
import type { MessageDecoder } from "../workload/message-decoder.js";
import type { PayloadWriter } from "../workload/payload-writer.js";
import type { CompiledValue } from "../workload/value-source.js";
import type { VariableLayout } from "../workload/variable-layout.js";
import type { WaitDraw } from "../workload/wait-time.js";
import type { TrackPlan } from "./send-track.js";
import type { SendPlan } from "./single-sends.js";

/** An `expect` step, compiled. */
export interface ExpectPlan {
  readonly matcher: Matcher;
  readonly timeoutMs: number;
  readonly rtt: boolean;
  readonly required: boolean;
}

/** Places are indexes into the instructions; the place behind the last one is the script's end. */
export type Instruction =
  | { readonly op: "send"; readonly plan: SendPlan }
  | { readonly op: "every"; readonly plan: TrackPlan }
  | { readonly op: "expect"; readonly plan: ExpectPlan }
  | { readonly op: "wait"; readonly draw: WaitDraw }
  | { readonly op: "at"; readonly sinceConnectedMs: number }
  /** Begins loop `loop`, or goes to `end` where it has no rounds. `times` undefined: without end. */
  | { readonly op: "loop"; readonly loop: number; readonly times: number | undefined; readonly end: number }
  /** One round of loop `loop` is over: the next begins at `top`, or the script goes on. */
  | { readonly op: "again"; readonly loop: number; readonly top: number }
  | { readonly op: "unless"; readonly test: ConditionTest; readonly to: number }
  | { readonly op: "choose"; readonly draw: ChoiceDraw; readonly places: readonly number[] }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "set"; readonly slot: number; readonly value: CompiledValue }
  | { readonly op: "disconnect" }
  | { readonly op: "reconnect"; readonly draw: WaitDraw }
  | { readonly op: "log"; readonly text: string };

export interface ScriptProgram {
  readonly instructions: readonly Instruction[];
  /** How many loops there are. */
  readonly loops: number;
  /** The script waits for messages, or has blocks that read them. */
  readonly readsMessages: boolean;
  readonly layout: VariableLayout;
  readonly decoder: MessageDecoder;
  readonly feeders: FeederRows;
  /** Undefined: nothing is sent with the Connection Request. */
  readonly connectPayload: PayloadWriter | undefined;
}

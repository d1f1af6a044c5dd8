// Makes a scenario into a program, once a thread. Runs none of it.
import type { Payload, Scenario, Step } from "../profile/scenario.js";
import { compileChoice, compileCondition } from "../workload/branch.js";
import { compileFeeders } from "../workload/feeder.js";
import { compileMatch } from "../workload/matcher.js";
import { compileDecode, type MessageDecoder } from "../workload/message-decoder.js";
import { compilePayload } from "../workload/payload-writer.js";
import { compileValue } from "../workload/value-source.js";
import { VariableLayout, variableNames } from "../workload/variable-layout.js";
import { compileWait } from "../workload/wait-time.js";
import type { MessagePlan } from "./message-stream.js";
import type { Instruction, ScriptProgram } from "./script-program.js";

/** @throws {RangeError} If the scenario is not one that the profile language would have let through; the error names the part. */
export function compileScript(scenario: Scenario, seed: number): ScriptProgram {
  const layout = new VariableLayout(seed, variableNames(scenario));
  const decoder = compileDecode(scenario.decode);
  const { connectPayload } = scenario;
  const compiler = new Compiler(layout, decoder);
  compiler.steps(scenario.steps);
  return {
    instructions: compiler.instructions,
    loops: compiler.loops,
    readsMessages: scenario.decode.length > 0 || compiler.instructions.some(({ op }) => op === "expect"),
    layout,
    decoder,
    feeders: compileFeeders(scenario.feeders, layout),
    connectPayload: connectPayload === undefined ? undefined : compilePayload(connectPayload, layout),
  };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  loops = 0;
  readonly #layout: VariableLayout;
  readonly #decoder: MessageDecoder;
  #lanes = 0;

  constructor(layout: VariableLayout, decoder: MessageDecoder) {
    this.#layout = layout;
    this.#decoder = decoder;
  }

  steps(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: Step): void {
    switch (step.do) {
      case "send":
        return this.#emit({ op: "send", plan: this.#sendPlan(step) });
      case "every":
        return this.#emit({ op: "every", plan: { ...this.#sendPlan(step), intervalMs: step.intervalMs } });
      case "expect":
        return this.#expect(step);
      case "wait":
        return this.#emit({ op: "wait", draw: compileWait(step.time, this.#layout) });
      case "at":
        return this.#emit({ op: "at", sinceConnectedMs: step.sinceConnectedMs });
      case "repeat":
        return this.#repeat(step.times, step.steps);
      case "if":
        return this.#if(step);
      case "choose":
        return this.#choose(step.options);
      case "set": {
        const slot = this.#layout.slotOf(step.variable);
        return this.#emit({ op: "set", slot, value: compileValue(step.value, this.#layout) });
      }
      case "disconnect":
        return this.#emit({ op: "disconnect" });
      case "reconnect":
        return this.#emit({ op: "reconnect", draw: compileWait(step.after, this.#layout) });
      case "log":
        return this.#emit({ op: "log", text: step.text });
    }
  }

  #emit(instruction: Instruction): void {
    this.instructions.push(instruction);
  }

  /** Keeps a place for an instruction that needs to know what comes behind it. */
  #reserve(): number {
    return this.instructions.push({ op: "jump", to: 0 }) - 1;
  }

  get #here(): number {
    return this.instructions.length;
  }

  #sendPlan({ pipelineId, payload }: { pipelineId: number; payload: Payload }) {
    return { pipelineId, message: this.#messagePlan(payload) };
  }

  #messagePlan(payload: Payload): MessagePlan {
    if (payload.kind === "marked") return { ...payload, lane: this.#lanes++ };
    return { kind: "written", writer: compilePayload(payload, this.#layout) };
  }

  #expect({ match, capture, timeoutMs, rtt, required }: Extract<Step, { do: "expect" }>): void {
    const matcher = compileMatch({ match, capture }, this.#decoder, this.#layout);
    this.#emit({ op: "expect", plan: { matcher, timeoutMs, rtt, required } });
  }

  #repeat(times: number | undefined, steps: readonly Step[]): void {
    const loop = this.loops++;
    const at = this.#reserve();
    this.steps(steps);
    this.#emit({ op: "again", loop, top: at + 1 });
    this.instructions[at] = { op: "loop", loop, times, end: this.#here };
  }

  #if(step: Extract<Step, { do: "if" }>): void {
    const at = this.#reserve();
    this.steps(step.then);
    const thenEnd = this.#reserve();
    this.instructions[at] = { op: "unless", test: compileCondition(step.condition, this.#layout), to: this.#here };
    this.steps(step.else);
    this.instructions[thenEnd] = { op: "jump", to: this.#here };
  }

  #choose(options: Extract<Step, { do: "choose" }>["options"]): void {
    const at = this.#reserve();
    const ends: number[] = [];
    const places = options.map(({ steps }) => {
      const place = this.#here;
      this.steps(steps);
      ends.push(this.#reserve());
      return place;
    });
    const weights = options.map(({ weight }) => weight);
    this.instructions[at] = { op: "choose", draw: compileChoice(weights, this.#layout), places };
    for (const end of ends) this.instructions[end] = { op: "jump", to: this.#here };
  }
}

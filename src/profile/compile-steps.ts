// Steps as written become steps as the engine does them; what they name is checked in the order in which it happens. Does nothing.
import { checkSize, compilePayload } from "./compile-payload.js";
import type { Path } from "./findings.js";
import type { Match, Payload, Step, ValueSource, WaitTime } from "./scenario.js";
import type { ScenarioScope } from "./scenario-scope.js";
import type { WrittenExpect, WrittenMessage, WrittenSend, WrittenStep } from "./schema-steps.js";
import { checkCourse } from "./step-course.js";

const DEFAULT_EXPECT_MS = 5000;
const AT_ONCE: WaitTime = { kind: "fixed", ms: 0 };

export function compileSteps(written: readonly WrittenStep[], path: Path, scope: ScenarioScope): Step[] {
  const compiled = written.map((step, index) => [...startOf(step), ...compileStep(step, [...path, index], scope)]);
  checkCourse(compiled, path, scope.findings);
  return compiled.flat();
}

/** What a step waits for before it comes. */
function startOf({ at }: WrittenStep): Step[] {
  return at === undefined ? [] : [{ do: "at", sinceConnectedMs: at }];
}

/** A `set` of several variables is several steps. */
function compileStep(written: WrittenStep, path: Path, scope: ScenarioScope): Step[] {
  const { send, every, wait, expect, set, repeat, choose, reconnect, log } = written;
  const inner = (steps: readonly WrittenStep[], ...keys: PropertyKey[]): Step[] =>
    compileSteps(steps, [...path, ...keys], scope);
  if (send !== undefined) return [compileSend(send, every, [...path, "send"], scope)];
  if (wait !== undefined) return [{ do: "wait", time: wait }];
  if (expect !== undefined) return [compileExpect(expect, [...path, "expect"], scope)];
  if (set !== undefined) return compileSet(set, [...path, "set"], scope);
  if (written.if !== undefined) return [compileIf(written, path, scope)];
  if (repeat !== undefined) {
    return [{ do: "repeat", times: repeat.times, steps: inner(repeat.steps, "repeat", "steps") }];
  }
  if (choose !== undefined) {
    const options = choose.map(({ weight = 1, steps }, index) => {
      return { weight, steps: inner(steps, "choose", index, "steps") };
    });
    return [{ do: "choose", options }];
  }
  if (reconnect !== undefined) return [{ do: "reconnect", after: reconnect.after ?? AT_ONCE }];
  return [log === undefined ? { do: "disconnect" } : { do: "log", text: log }];
}

function compileSend(written: WrittenSend, intervalMs: number | undefined, path: Path, scope: ScenarioScope): Step {
  const isList = "length" in written;
  const message: WrittenMessage = isList ? { payload: written } : written;
  const { pipeline, payload: fields, marked } = message;
  const pipelineId = scope.pipelineId(pipeline, [...path, "pipeline"]);
  const maxBytes = scope.surroundings.pipelines.maxMessageBytes(pipelineId);
  const where = pipelineId === 0 ? "without a pipeline" : `on pipeline ${pipelineId}`;
  const payload: Payload =
    fields === undefined
      ? { kind: "marked", sizeBytes: marked! }
      : compilePayload(fields, isList ? path : [...path, "payload"], scope, maxBytes, where);
  if (payload.kind === "marked") checkSize(payload, [...path, "marked"], scope, maxBytes, where);
  return intervalMs === undefined
    ? { do: "send", pipelineId, payload }
    : { do: "every", intervalMs, pipelineId, payload };
}

function compileSet(set: Readonly<Record<string, ValueSource>>, path: Path, scope: ScenarioScope): Step[] {
  return Object.entries(set).map(([variable, value]): Step => {
    scope.checkSource(value, [...path, variable]);
    scope.addVariable(variable);
    return { do: "set", variable, value };
  });
}

function compileIf(written: WrittenStep, path: Path, scope: ScenarioScope): Step {
  const condition = written.if!;
  for (const side of [condition.left, condition.right]) scope.checkSource(side, [...path, "if"]);
  return {
    do: "if",
    condition,
    // biome-ignore lint/suspicious/noThenProperty: the step's own word; nothing awaits a step.
    then: compileSteps(written.then ?? [], [...path, "then"], scope),
    else: compileSteps(written.else ?? [], [...path, "else"], scope),
  };
}

function compileExpect(written: WrittenExpect, path: Path, scope: ScenarioScope): Step {
  const { timeout = DEFAULT_EXPECT_MS, rtt = false, required = false } = written;
  const match = compileMatch(written, path, scope);
  const capture = Object.entries(written.capture ?? {}).map(([variable, field]) => ({ variable, field }));
  for (const { variable } of capture) scope.addVariable(variable);
  return { do: "expect", match, timeoutMs: timeout, capture, rtt, required };
}

function compileMatch(written: WrittenExpect, path: Path, scope: ScenarioScope): Match {
  const { pipeline, startsWith, block: blockName, fields = {}, capture = {} } = written;
  const asksFields = Object.keys(fields).length + Object.keys(capture).length > 0;
  if (blockName === undefined && asksFields) {
    scope.findings.wrong(path, "given a block, for fields and capture are of one", written);
  }
  const block = blockName === undefined ? undefined : scope.block(blockName, [...path, "block"]);
  if (block !== undefined) {
    for (const name of Object.keys(fields)) scope.field(block, name, [...path, "fields", name]);
    for (const [variable, name] of Object.entries(capture)) scope.field(block, name, [...path, "capture", variable]);
  }
  for (const [name, value] of Object.entries(fields)) scope.checkSource(value, [...path, "fields", name]);
  return {
    pipelineId: pipeline === undefined ? undefined : scope.pipelineId(pipeline, [...path, "pipeline"]),
    startsWithHex: startsWith?.toLowerCase(),
    block: blockName,
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
  };
}

// Decode blocks as written become blocks as the engine reads messages with them; names and metrics are checked. Reads no message.
import { bitRange, isInEncoding, isInRange } from "./compile-value.js";
import { ENCODINGS, SCALAR_ENCODINGS } from "./encodings.js";
import type { Path } from "./findings.js";
import type { DecodeBlock, DecodeField, DecodeMetric, Literal } from "./scenario.js";
import type { ScenarioScope } from "./scenario-scope.js";
import type { WrittenDecodeBlock, WrittenDecodeField } from "./schema-decode.js";
import { FIXED_STRING_KEYS } from "./schema-payload.js";

/** What a metric counts or measures instead of a field. */
const WHOLE_MESSAGE = { counter: "messages", gauge: "size", trend: "size" } as const;
const RESERVED_NAMES = ["messages", "size"];

export function compileBlock(name: string, written: WrittenDecodeBlock, path: Path, scope: ScenarioScope): DecodeBlock {
  const { pipeline } = written;
  const fields = written.fields.map((field, index) => compileField(field, [...path, "fields", index], scope));
  checkNames(fields, [...path, "fields"], scope);
  const block = {
    name,
    pipelineId: pipeline === undefined ? undefined : scope.pipelineId(pipeline, [...path, "pipeline"]),
    fields,
  };
  return { ...block, metrics: compileMetrics(written, { ...block, metrics: [] }, [...path, "metrics"], scope) };
}

function compileField(written: WrittenDecodeField, path: Path, scope: ScenarioScope): DecodeField {
  const { equals } = written;
  const check = (isHeld: boolean, rule: string): void => {
    if (equals !== undefined && !isHeld) scope.findings.wrong([...path, "equals"], rule, equals);
  };
  for (const type of SCALAR_ENCODINGS) {
    const name = written[type];
    if (name === undefined) continue;
    const { min, max } = ENCODINGS[type];
    check(isInEncoding(type, equals ?? 0), `a number from ${min} to ${max}`);
    return { type, name, size: undefined, equals };
  }
  for (const key of FIXED_STRING_KEYS) {
    const name = written[key];
    if (name !== undefined) return { type: "fixedString", name, size: Number(key.slice("fixedString".length)), equals };
  }
  return compileBits(written, equals, check);
}

function compileBits(
  { rawBits, skip }: WrittenDecodeField,
  equals: Literal | undefined,
  check: (isHeld: boolean, rule: string) => void,
): DecodeField {
  if (rawBits === undefined) {
    check(false, "left out beside skip");
    return { type: "skip", name: undefined, size: skip!, equals: undefined };
  }
  const range = bitRange(rawBits.bits);
  check(isInRange(range, equals ?? 0), `a whole number from 0 to ${range.max}`);
  return { type: "rawBits", name: rawBits.name, size: rawBits.bits, equals };
}

function checkNames(fields: readonly DecodeField[], path: Path, scope: ScenarioScope): void {
  const seen = new Set<string>(RESERVED_NAMES);
  for (const [index, { name }] of fields.entries()) {
    if (name === undefined) continue;
    if (seen.has(name))
      scope.findings.wrong([...path, index], `a field of a name of its own, not ${RESERVED_NAMES.join(" or ")}`, name);
    seen.add(name);
  }
}

function compileMetrics(
  { metrics = {} }: WrittenDecodeBlock,
  block: DecodeBlock,
  path: Path,
  scope: ScenarioScope,
): DecodeMetric[] {
  return Object.entries(metrics).map(([name, written]): DecodeMetric => {
    const kind = (["counter", "gauge", "trend"] as const).find((each) => written[each] !== undefined)!;
    scope.addMetric(name, kind, [...path, name]);
    const of = written[kind]!;
    if (of === WHOLE_MESSAGE[kind]) return { name, kind, field: undefined };
    const field = scope.field(block, of, [...path, name, kind]);
    if (field?.type === "fixedString") scope.findings.wrong([...path, name, kind], "a field that is a number", of);
    return { name, kind, field: of };
  });
}

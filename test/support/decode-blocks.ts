// Decode blocks and their fields for tests, with what does not matter left out.
import type { DecodeBlock, DecodeField } from "../../src/profile/scenario.js";

export function field(
  type: DecodeField["type"],
  { name, size, equals }: Partial<Pick<DecodeField, "name" | "size" | "equals">> = {},
): DecodeField {
  return { type, name, size, equals };
}

export function block(name: string, fields: readonly DecodeField[], rest: Partial<DecodeBlock> = {}): DecodeBlock {
  return { name, pipelineId: undefined, fields, metrics: [], ...rest };
}

// Payloads as written become payloads as the engine writes them; every field is checked, and the whole against what may be sent.
import type { FixedStringSize } from "../protocol/datastream/fixed-string.js";
import { bitRange, checkFixedString, checkNumber, isInEncoding, isInRange } from "./compile-value.js";
import { DELTA_ENCODINGS, DELTA_OF, ENCODINGS, SCALAR_ENCODINGS } from "./encodings.js";
import type { Path } from "./findings.js";
import { largestPayloadBytes } from "./payload-size.js";
import type { Payload, PayloadField, ScalarEncoding, ValueSource } from "./scenario.js";
import type { ScenarioScope } from "./scenario-scope.js";
import { FIXED_STRING_KEYS, type WrittenField } from "./schema-payload.js";

/** @param maxBytes Most that the message may have, with `where` in words. */
export function compilePayload(
  written: readonly WrittenField[],
  path: Path,
  scope: ScenarioScope,
  maxBytes: number,
  where: string,
): Payload {
  const fields = written.map((field, index) => compileField(field, [...path, index], scope));
  const payload: Payload = { kind: "fields", fields };
  checkSize(payload, path, scope, maxBytes, where);
  return payload;
}

/** What is known of the size before the run must fit. */
export function checkSize(payload: Payload, path: Path, scope: ScenarioScope, maxBytes: number, where: string): void {
  const bytes = largestPayloadBytes(payload, scope);
  const rule = `at most ${Math.max(0, maxBytes)} bytes in all, the most ${where}`;
  if (bytes > maxBytes) scope.findings.wrong(path, rule, bytes);
}

function compileField(written: WrittenField, path: Path, scope: ScenarioScope): PayloadField {
  for (const type of SCALAR_ENCODINGS) {
    const value = written[type];
    if (value === undefined) continue;
    checkScalar(type, value, [...path, type], scope);
    return { type, value };
  }
  for (const type of DELTA_ENCODINGS) {
    const delta = written[type];
    if (delta === undefined) continue;
    for (const part of ["value", "baseline"] as const) {
      checkScalar(DELTA_OF[type], delta[part], [...path, type, part], scope);
    }
    return { type, ...delta };
  }
  for (const key of FIXED_STRING_KEYS) {
    const value = written[key];
    if (value !== undefined) return fixedString(Number(key.slice("fixedString".length)), value, [...path, key], scope);
  }
  return compileBytes(written, path, scope);
}

function checkScalar(type: ScalarEncoding, value: ValueSource, path: Path, scope: ScenarioScope): void {
  checkNumber(value, ENCODINGS[type], (literal) => isInEncoding(type, literal), path, scope);
}

function fixedString(bytes: number, value: ValueSource, path: Path, scope: ScenarioScope): PayloadField {
  const size = bytes as FixedStringSize;
  checkFixedString(value, size, path, scope);
  return { type: "fixedString", size, value };
}

function compileBytes(written: WrittenField, path: Path, scope: ScenarioScope): PayloadField {
  const { rawBits, text, hex, file, padTo } = written;
  if (rawBits !== undefined) {
    const { bits, value } = rawBits;
    const range = bitRange(bits);
    checkNumber(value, range, (literal) => isInRange(range, literal), [...path, "rawBits", "value"], scope);
    return { type: "rawBits", bitCount: bits, value };
  }
  if (text !== undefined) {
    scope.checkSource(text, [...path, "text"]);
    return { type: "text", value: text };
  }
  if (hex !== undefined) return { type: "bytes", hex: hex.toLowerCase() };
  if (file !== undefined) return { type: "bytes", hex: hexOfFile(file, [...path, "file"], scope) };
  return padTo === undefined ? { type: "flush" } : { type: "padTo", sizeBytes: padTo };
}

function hexOfFile(file: string, path: Path, scope: ScenarioScope): string {
  const read = scope.surroundings.readFile(file);
  if ("bytes" in read) return Buffer.from(read.bytes).toString("hex");
  scope.findings.wrong(path, read.rule, read.got);
  return "";
}

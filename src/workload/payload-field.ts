// Fields of a payload, compiled: each appends itself to the message that is being written. Knows nothing of the others.
import type { PayloadField } from "../profile/scenario.js";
import { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import { maxStringBytes } from "../protocol/datastream/fixed-string.js";
import type { ClientVariables } from "./client-variables.js";
import { DELTAS, type Delta } from "./delta-encodings.js";
import { ENCODINGS, type Encoding, rawBitsEncoding } from "./encodings.js";
import { hexBytes } from "./hex-bytes.js";
import type { PayloadBuffer } from "./payload-buffer.js";
import { mix, Random } from "./random.js";
import { TextScratch } from "./text-scratch.js";
import { textOf, type Value } from "./value.js";
import { ValueRegister } from "./value-register.js";
import { type CompiledValue, compileValue } from "./value-source.js";
import type { VariableLayout } from "./variable-layout.js";

export interface FieldWriter {
  write(buffer: PayloadBuffer, client: ClientVariables): void;
}

/** One value at a time, and its baseline: filled and emptied within a call. */
const register = new ValueRegister();
const baselineRegister = new ValueRegister();
const scratch = new TextScratch();

/**
 * @param index Its place in the payload, from 0: its name in errors if it has none.
 * @throws {RangeError} If it can hold no such value; the error names it.
 */
export function compileField(field: PayloadField, index: number, layout: VariableLayout): FieldWriter {
  const what = fieldLabel(field, index);
  if ("baseline" in field) return deltaScalar(field, what, layout);
  switch (field.type) {
    case "flush":
      return FLUSH;
    case "padTo":
      return new Padding(paddingBytes(field.sizeBytes, layout.seed, index));
    case "bytes":
      return new Bytes(hexBytes(field.hex, what));
    case "text":
      if (field.value.from === "literal") return new Bytes(literalText(field.value.value, 0));
      return new Text(compileValue(field.value, layout));
    case "fixedString": {
      const maxBytes = maxStringBytes(field.size);
      if (field.value.from === "literal") return new Bytes(literalFixedString(field.value.value, maxBytes, what));
      return new FixedString(compileValue(field.value, layout), maxBytes);
    }
    case "rawBits":
      return scalar(field, rawBitsEncoding(field.bitCount, what), what, layout);
    default:
      return scalar(field, ENCODINGS[field.type], what, layout);
  }
}

function deltaScalar(
  { type, value, baseline }: Extract<PayloadField, { baseline: unknown }>,
  what: string,
  layout: VariableLayout,
): FieldWriter {
  const { range } = DELTAS[type];
  const target = { range, what: `the baseline of ${what}` };
  return new DeltaScalar(
    DELTAS[type],
    compileValue(value, layout, { range, what }),
    compileValue(baseline, layout, target),
  );
}

/** How errors call a field. */
export function fieldLabel(
  field: { readonly type: string; readonly name?: string | undefined },
  index: number,
): string {
  return field.name === undefined ? `field ${index + 1} (${field.type})` : `field ${field.name} (${field.type})`;
}

function scalar(
  { value }: Extract<PayloadField, { value: unknown }>,
  encoding: Encoding,
  what: string,
  layout: VariableLayout,
): FieldWriter {
  return new Scalar(encoding, compileValue(value, layout, { range: encoding.range, what }));
}

/** The same bytes for every client: a filling that differs costs more than the fields before it. */
function paddingBytes(sizeBytes: number, seed: number, index: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  new Random(seed, mix(index)).fill(bytes);
  return bytes;
}

/** The text's bytes behind so many others. */
function literalText(value: Value, headBytes: number): Uint8Array {
  const bytes = new Uint8Array(headBytes + scratch.encode(textOf(value)));
  bytes.set(scratch.bytes.subarray(0, scratch.lengthBytes), headBytes);
  return bytes;
}

/** Length and text, as whole bytes. A text that is known to be too long is not cut. */
function literalFixedString(value: Value, maxBytes: number, what: string): Uint8Array {
  const bytes = literalText(value, 2);
  const lengthBytes = scratch.lengthBytes;
  if (lengthBytes > maxBytes) {
    throw new RangeError(
      `Cannot compile a script: ${what} must be at most ${maxBytes} bytes of UTF-8, got ${lengthBytes} bytes`,
    );
  }
  new DataStreamWriter(bytes).writeUShort(lengthBytes);
  return bytes;
}

class Scalar implements FieldWriter {
  readonly #encoding: Encoding;
  readonly #value: CompiledValue;

  constructor(encoding: Encoding, value: CompiledValue) {
    this.#encoding = encoding;
    this.#value = value;
  }

  write({ writer }: PayloadBuffer, client: ClientVariables): void {
    this.#value.load(client, register);
    const isHeld = this.#encoding.write(writer, register);
    if (!isHeld && this.#value.isOpen) client.environment.faults.outOfRange++;
  }
}

class DeltaScalar implements FieldWriter {
  readonly #delta: Delta;
  readonly #value: CompiledValue;
  readonly #baseline: CompiledValue;

  constructor(delta: Delta, value: CompiledValue, baseline: CompiledValue) {
    this.#delta = delta;
    this.#value = value;
    this.#baseline = baseline;
  }

  write({ writer }: PayloadBuffer, client: ClientVariables): void {
    this.#value.load(client, register);
    this.#baseline.load(client, baselineRegister);
    const isHeld = this.#delta.write(writer, register, baselineRegister);
    if (!isHeld && (this.#value.isOpen || this.#baseline.isOpen)) client.environment.faults.outOfRange++;
  }
}

class Text implements FieldWriter {
  readonly #value: CompiledValue;

  constructor(value: CompiledValue) {
    this.#value = value;
  }

  write(buffer: PayloadBuffer, client: ClientVariables): void {
    buffer.reserve(scratch.encode(textOf(this.#value.read(client) ?? "")));
    buffer.writer.writeBytes(scratch.bytes, scratch.lengthBytes);
  }
}

class FixedString implements FieldWriter {
  readonly #value: CompiledValue;
  readonly #maxBytes: number;

  constructor(value: CompiledValue, maxBytes: number) {
    this.#value = value;
    this.#maxBytes = maxBytes;
  }

  write({ writer }: PayloadBuffer, client: ClientVariables): void {
    scratch.encode(textOf(this.#value.read(client) ?? ""));
    if (scratch.cut(this.#maxBytes)) client.environment.faults.textsCut++;
    writer.writeUShort(scratch.lengthBytes);
    writer.writeBytes(scratch.bytes, scratch.lengthBytes);
  }
}

class Bytes implements FieldWriter {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  write({ writer }: PayloadBuffer): void {
    writer.writeBytes(this.#bytes);
  }
}

class Padding implements FieldWriter {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  write({ writer }: PayloadBuffer): void {
    const missingBytes = this.#bytes.length - writer.lengthBytes;
    if (missingBytes > 0) writer.writeBytes(this.#bytes, missingBytes);
  }
}

const FLUSH: FieldWriter = { write: ({ writer }) => writer.flush() };

// Fields of a message from the server, compiled: each reads itself, keeps what it read until the next message, and tells it as a value.
// Never throws on what a message holds.
import type { DecodeField } from "../profile/scenario.js";
import type { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import {
  decodeUtf8,
  FIXED_STRING_SIZES,
  type FixedStringSize,
  maxStringBytes,
} from "../protocol/datastream/fixed-string.js";
import { Words } from "../protocol/datastream/words.js";
import { ENCODINGS, type Encoding, type EncodingReader, rawBitsEncoding } from "./encodings.js";
import { TextScratch } from "./text-scratch.js";
import { isSame, numericOf, textOf, type Value } from "./value.js";
import { literalInRange } from "./value-range.js";

const HIGH = 0x1_0000_0000;
const scratch = new TextScratch();

/** One field of one decode block. */
export interface FieldReader {
  /** False: the message ends before the field does, or its text is longer than its type. */
  read(reader: DataStreamReader, message: Uint8Array): boolean;
  /** Whether the field that was read has this value. A real equals the numbers that round to it; a text is compared as a text. */
  equals(value: Value): boolean;
  /** What was read. Of a text: only while the message's bytes are what they were. */
  readonly value: Value;
  /** What was read, rounded to a number; undefined for a text. */
  readonly number: number | undefined;
}

/**
 * @param what The field, for errors.
 * @throws {RangeError} If its size is none, or it never has the value that `equals` wants.
 */
export function compileFieldReader(field: DecodeField, what: string): FieldReader {
  const { type, equals, size } = field;
  switch (type) {
    case "skip":
      if (equals !== undefined) throw impossible(what, "of a type that has a value", "skip with equals");
      if (!(Number.isSafeInteger(size) && size! >= 0)) throw impossible(what, "a whole number of bytes, >= 0", size);
      return new Skip(size!);
    case "fixedString":
      return new Text(stringBytes(size, equals, what));
    case "rawBits":
      return numberReader(rawBitsEncoding(size ?? Number.NaN, what), equals, what);
    default:
      return numberReader(ENCODINGS[type], equals, what);
  }
}

function numberReader({ range, reader }: Encoding, equals: Value | undefined, what: string): FieldReader {
  if (equals !== undefined) literalInRange(equals, range, what);
  return reader.kind === "long" ? new LongField(reader) : new NumberField(reader);
}

/** Most bytes of a fixed string of this size, which must be one that exists and has room for the text that is wanted. */
function stringBytes(size: number | undefined, equals: Value | undefined, what: string): number {
  if (!FIXED_STRING_SIZES.includes(size as FixedStringSize))
    throw impossible(what, FIXED_STRING_SIZES.join(", "), size);
  const maxBytes = maxStringBytes(size as FixedStringSize);
  const wantedBytes = equals === undefined ? 0 : scratch.encode(textOf(equals));
  if (wantedBytes > maxBytes) throw impossible(what, `at most ${maxBytes} bytes of UTF-8`, `${wantedBytes} bytes`);
  return maxBytes;
}

function impossible(what: string, rule: string, got: unknown): RangeError {
  return new RangeError(`Cannot compile a script: ${what} must be ${rule}, got ${got}`);
}

class NumberField implements FieldReader {
  readonly #encoding: EncodingReader & { readonly kind: "number" };
  number = 0;

  constructor(encoding: EncodingReader & { readonly kind: "number" }) {
    this.#encoding = encoding;
  }

  read(reader: DataStreamReader): boolean {
    this.number = this.#encoding.read(reader);
    return !reader.hasFailedReads;
  }

  get value(): number {
    return this.number;
  }

  equals(value: Value): boolean {
    const wanted = numericOf(value);
    if (wanted === undefined) return false;
    return isSame(this.number, this.#encoding.nearest(wanted));
  }
}

class LongField implements FieldReader {
  readonly #encoding: EncodingReader & { readonly kind: "long" };
  readonly #words = new Words();

  constructor(encoding: EncodingReader & { readonly kind: "long" }) {
    this.#encoding = encoding;
  }

  read(reader: DataStreamReader): boolean {
    this.#encoding.read(reader, this.#words);
    return !reader.hasFailedReads;
  }

  get number(): number {
    const { low, high } = this.#words;
    return (this.#encoding.isSigned ? high | 0 : high) * HIGH + low;
  }

  /** A bigint only where a number is not exact. */
  get value(): number | bigint {
    const { number } = this;
    if (Number.isSafeInteger(number)) return number;
    return this.#encoding.isSigned ? this.#words.long : this.#words.ulong;
  }

  equals(value: Value): boolean {
    const wanted = numericOf(value);
    return wanted !== undefined && isSame(this.value, wanted);
  }
}

class Text implements FieldReader {
  readonly number = undefined;
  readonly #maxBytes: number;
  #message: Uint8Array = new Uint8Array(0);
  #start = 0;
  #lengthBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  read(reader: DataStreamReader, message: Uint8Array): boolean {
    this.#message = message;
    this.#lengthBytes = reader.readUShort();
    this.#start = reader.bytesRead;
    return !reader.hasFailedReads && this.#lengthBytes <= this.#maxBytes && reader.skipBytes(this.#lengthBytes);
  }

  get value(): string {
    return decodeUtf8(this.#message.subarray(this.#start, this.#start + this.#lengthBytes));
  }

  equals(value: Value): boolean {
    if (scratch.encode(textOf(value)) !== this.#lengthBytes) return false;
    for (let i = 0; i < this.#lengthBytes; i++) if (scratch.bytes[i] !== this.#message[this.#start + i]) return false;
    return true;
  }
}

class Skip implements FieldReader {
  readonly number = undefined;
  readonly value = "";
  readonly #byteCount: number;

  constructor(byteCount: number) {
    this.#byteCount = byteCount;
  }

  read(reader: DataStreamReader): boolean {
    return reader.skipBytes(this.#byteCount);
  }

  equals(): boolean {
    return false;
  }
}

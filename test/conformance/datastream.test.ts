// Every row of the table that Unity's own writer wrote, written by ours and read back, and its compression model. Skipped where the
// table is absent.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BASES, CODE_BITS, CODE_WORDS, EXTRA_BITS } from "../../src/protocol/datastream/compression-model.js";
import { DataStreamReader } from "../../src/protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../../src/protocol/datastream/data-stream-writer.js";
import { bytes, hex } from "../support/bytes.js";
import { asRead, type Reader, STREAM_FIELDS, type Writer } from "../support/stream-fields.js";
import { goldenFolder } from "./golden.js";

/** One writer: the calls made on it, the bits before its flush, and its bytes after it. */
interface Row {
  readonly method: string;
  readonly args: readonly string[];
  readonly ok: boolean;
  readonly bits: number;
  readonly bytes: number;
  readonly hex: string;
}

interface Table {
  readonly compression_model: {
    readonly bucket_offsets: readonly number[];
    readonly bucket_sizes: readonly number[];
    readonly huffman: readonly { readonly code: number; readonly bits: number }[];
  };
  readonly rows: readonly Row[];
}

/** A call on a writer, and the read that must bring back what it wrote: undefined where the reader has nothing to yield. */
interface Call {
  write(writer: Writer): boolean;
  read(reader: Reader): unknown;
  readonly expected: unknown;
}

/** @throws If the method is none that we know: no row may be left out. */
function callOf(name: string, args: readonly string[]): Call {
  if (name === "Flush") {
    return {
      write: (writer) => {
        writer.flush();
        return true;
      },
      read: (reader) => reader.flush(),
      expected: undefined,
    };
  }
  if (name === "RawBits") {
    const [value, bitCount] = [Number(args[0]), Number(args[1])];
    return {
      write: (writer) => writer.writeRawBits(value, bitCount),
      read: (reader) => reader.readRawBits(bitCount),
      expected: value,
    };
  }
  const field = STREAM_FIELDS.get(name);
  if (field === undefined) throw new RangeError(`Cannot replay a row: method must be one of ours, got ${name}`);
  if (args.length !== (field.isDelta ? 2 : 1))
    throw new RangeError(`Cannot replay a row: ${name} has ${args.length} arguments`);
  const isFloat = name.includes("Float");
  const values = args.map((arg) => {
    const value = field.parse(arg);
    return isFloat ? Math.fround(Number(value)) : value;
  });
  const [value, baseline] = [values[0]!, values[1] ?? 0];
  return {
    write: (writer) => field.write(writer, value, baseline),
    read: (reader) => field.read(reader, baseline),
    expected: asRead(field, value, baseline),
  };
}

function callsOf({ method, args }: Row): Call[] {
  if (method !== "seq") return [callOf(method.replace(/^Write/, ""), args)];
  return args.map((text) => {
    const match = /^(\w+)(?:\((.*)\))?$/.exec(text);
    return callOf(match?.[1] ?? text, match?.[2]?.split(",") ?? []);
  });
}

const isNaNRow = ({ args }: Row): boolean => args.some((arg) => arg === "NaN" || arg.includes("(NaN"));

/** The row's value as the negative quiet NaN. @throws If the method takes no float and no double. */
function writeNegativeNaN(writer: Writer, { method, args }: Row): void {
  const baseline = Number(args[1] ?? 0);
  if (method === "WriteFloat") writer.writeFloatBits(0xffc0_0000);
  else if (method === "WriteDouble") writer.writeDoubleBits(0, 0xfff8_0000);
  else if (method.startsWith("WritePackedFloat")) writer.writePackedFloatDeltaBits(0xffc0_0000, baseline);
  else if (method.startsWith("WritePackedDouble")) writer.writePackedDoubleDeltaBits(0, 0xfff8_0000, baseline);
  else throw new RangeError(`Cannot write a NaN: method must take a float or a double, got ${method}`);
}

const path = `${goldenFolder()}datastream.json`;
const isAbsent = goldenFolder() === undefined || !existsSync(path);
if (isAbsent) console.log("datastream: ../shared/golden/datastream.json is absent, no row of it is compared");

describe.skipIf(isAbsent)("Unity's DataStreamWriter", () => {
  const table = isAbsent ? undefined : (JSON.parse(readFileSync(path, "utf8")) as Table);
  const rows = table?.rows ?? [];

  /** What Unity's bytes and ours have in common: all of it, or their length where one holds a NaN that ours cannot. */
  const difference = (row: Row): string | undefined => {
    const calls = callsOf(row);
    const writer = new DataStreamWriter(new Uint8Array(8192).fill(0xff));
    const isWritten = calls.map((call) => call.write(writer)).every(Boolean);
    if (isWritten !== row.ok) return `written: ${isWritten}`;
    if (writer.lengthBits !== row.bits) return `${writer.lengthBits} bits`;
    writer.flush();
    if (writer.lengthBytes !== row.bytes) return `${writer.lengthBytes} bytes`;
    if (!isNaNRow(row) && hex(writer.written) !== row.hex) return hex(writer.written);
    for (const stream of [writer.written, bytes(row.hex)]) {
      const reader = new DataStreamReader(stream);
      const values = calls.map((call) => call.read(reader));
      const isSame = values.every((value, i) => Object.is(value, calls[i]!.expected));
      if (!isSame || reader.hasFailedReads || reader.bitsRead !== row.bits) return `read as ${values}`;
    }
    return undefined;
  };

  it("has rows of every type, raw bits, and sequences", () => {
    const methods = new Set(rows.map(({ method }) => method.replace(/^Write/, "")));
    expect([...STREAM_FIELDS.keys()].filter((name) => !methods.has(name))).toEqual([]);
    expect(methods).toContain("RawBits");
    expect(methods).toContain("seq");
  });

  it("agrees with ours in every row", () => {
    const differences = rows.flatMap((row) => {
      const found = difference(row);
      return found === undefined ? [] : [`${row.method}(${row.args}): ${row.hex}, ours ${found}`];
    });
    const nanRows = rows.filter(isNaNRow).length;
    console.log(
      `datastream: ${rows.length - differences.length} of ${rows.length} rows agree, ` +
        `${nanRows} of them compared as NaN, the others byte for byte`,
    );
    expect(differences).toEqual([]);
    expect([rows.length > 600, nanRows > 0]).toEqual([true, true]);
  });

  it("agrees byte for byte in rows with a NaN too, where ours is given the bits of .NET's", () => {
    const differences = rows.filter(isNaNRow).flatMap((row) => {
      const writer = new DataStreamWriter(new Uint8Array(16));
      writeNegativeNaN(writer, row);
      return hex(writer.written) === row.hex
        ? []
        : [`${row.method}(${row.args}): ${row.hex}, ours ${hex(writer.written)}`];
    });
    expect(differences).toEqual([]);
  });

  it("has our compression model", () => {
    const model = table!.compression_model;
    expect([...BASES]).toEqual(model.bucket_offsets);
    expect([...EXTRA_BITS]).toEqual(model.bucket_sizes);
    expect([...CODE_WORDS].map((code, i) => ({ code, bits: CODE_BITS[i] }))).toEqual(model.huffman);
  });
});

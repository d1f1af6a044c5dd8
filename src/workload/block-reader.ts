// One decode block, compiled: whether a message is of it, the fields by name, and its metrics. Keeps the last message only.
import type { DecodeBlock, DecodeMetric, Literal } from "../profile/scenario.js";
import type { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import { compileFieldReader, type FieldReader } from "./field-reader.js";
import { fieldLabel } from "./payload-field.js";
import type { ValueFaults } from "./value-faults.js";

/** Takes what messages tell. */
export interface MetricSink {
  /**
   * @param metric Its place in the decoder's `metrics`.
   * @param value Finite; of a counter and a trend >= 0. A counter adds it up.
   */
  metric(metric: number, value: number): void;
}

interface BlockField {
  readonly name: string | undefined;
  readonly reader: FieldReader;
  readonly equals: Literal | undefined;
}

interface BlockMetric {
  readonly kind: DecodeMetric["kind"];
  readonly field: FieldReader | undefined;
}

export class BlockReader {
  readonly name: string;
  readonly #pipelineId: number | undefined;
  readonly #fields: readonly BlockField[];
  readonly #metrics: readonly BlockMetric[];
  readonly #firstMetric: number;

  /**
   * @param firstMetric Place of its first metric among those of all blocks.
   * @throws {RangeError} If a field or a metric cannot be, or two fields have one name; the error names it.
   */
  constructor(block: DecodeBlock, firstMetric: number) {
    this.name = block.name;
    this.#pipelineId = block.pipelineId;
    this.#firstMetric = firstMetric;
    this.#fields = block.fields.map((field, index) => ({
      name: field.name,
      equals: field.equals,
      reader: compileFieldReader(field, `${fieldLabel(field, index)} of ${block.name}`),
    }));
    const names = this.#fields.flatMap(({ name }) => name ?? []);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      throw new RangeError(`Cannot compile a script: a field of ${this.name} must be named once, got ${twice} twice`);
    this.#metrics = block.metrics.map((metric) => this.#compileMetric(metric));
  }

  /** Whether the message is of this block. What follows behind its last field does not matter. Never throws. */
  read(message: Uint8Array, pipelineId: number, reader: DataStreamReader): boolean {
    if (this.#pipelineId !== undefined && this.#pipelineId !== pipelineId) return false;
    reader.reset(message);
    for (let index = 0; index < this.#fields.length; index++) {
      const { reader: field, equals } = this.#fields[index]!;
      if (!field.read(reader, message) || (equals !== undefined && !field.equals(equals))) return false;
    }
    return true;
  }

  /** A field by name. @throws {RangeError} If the block has none of that name. */
  field(name: string): FieldReader {
    const field = this.#fields.find((candidate) => candidate.name === name);
    if (field !== undefined) return field.reader;
    const names = this.#fields.flatMap((candidate) => candidate.name ?? []).join(", ");
    throw new RangeError(`Cannot compile a script: a field of ${this.name} must be one of ${names}, got ${name}`);
  }

  /** Tells the metrics of the message of this size that was read last. A value that a metric cannot take is counted. */
  report(messageBytes: number, sink: MetricSink, faults: ValueFaults): void {
    for (let index = 0; index < this.#metrics.length; index++) {
      const { kind, field } = this.#metrics[index]!;
      const value = field === undefined ? (kind === "counter" ? 1 : messageBytes) : field.number!;
      if (Number.isFinite(value) && (value >= 0 || kind === "gauge")) sink.metric(this.#firstMetric + index, value);
      else faults.unusable++;
    }
  }

  #compileMetric({ name, kind, field }: DecodeMetric): BlockMetric {
    const reader = field === undefined ? undefined : this.field(field);
    if (reader !== undefined && reader.number === undefined) {
      throw new RangeError(
        `Cannot compile a script: the field of metric ${name} must be a number, got ${field}, which is none`,
      );
    }
    return { kind, field: reader };
  }
}

/** What is known of a message. The same object for every one: read before the next comes. */
export interface DecodedMessage {
  readonly bytes: Uint8Array;
  readonly pipelineId: number;
  /** The first block that it is of; undefined: it is of none. */
  readonly block: BlockReader | undefined;
}

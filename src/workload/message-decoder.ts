// The decode blocks of a scenario, compiled: reads each message from the server once, for metrics, matches and captures alike.
import type { DecodeBlock, DecodeMetric } from "../profile/scenario.js";
import { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import { BlockReader, type DecodedMessage, type MetricSink } from "./block-reader.js";
import type { ValueFaults } from "./value-faults.js";

/** @throws {RangeError} If a block cannot be compiled, or two have one name; the error names the field. */
export function compileDecode(blocks: readonly DecodeBlock[]): MessageDecoder {
  return new MessageDecoder(blocks);
}

export class MessageDecoder {
  /** Of all blocks, in order. */
  readonly metrics: readonly DecodeMetric[];
  readonly #blocks = new Map<string, BlockReader>();
  readonly #inOrder: readonly BlockReader[];
  readonly #reader = new DataStreamReader(new Uint8Array(0));
  readonly #message: { bytes: Uint8Array; pipelineId: number; block: BlockReader | undefined };

  constructor(blocks: readonly DecodeBlock[]) {
    let metrics = 0;
    for (const block of blocks) {
      if (this.#blocks.has(block.name)) {
        throw new RangeError(`Cannot compile a script: a decode block must be named once, got ${block.name} twice`);
      }
      this.#blocks.set(block.name, new BlockReader(block, metrics));
      metrics += block.metrics.length;
    }
    this.metrics = blocks.flatMap((block) => block.metrics);
    this.#inOrder = [...this.#blocks.values()];
    this.#message = { bytes: new Uint8Array(0), pipelineId: 0, block: undefined };
  }

  /**
   * Finds the first block that the message is of. Never throws. The answer is the same object each time, and its fields are those of
   * the message that was read last.
   *
   * @param bytes Borrowed until the next call.
   */
  read(bytes: Uint8Array, pipelineId: number): DecodedMessage {
    const message = this.#message;
    message.bytes = bytes;
    message.pipelineId = pipelineId;
    message.block = undefined;
    for (let index = 0; index < this.#inOrder.length && message.block === undefined; index++) {
      const block = this.#inOrder[index]!;
      if (block.read(bytes, pipelineId, this.#reader)) message.block = block;
    }
    return message;
  }

  /** Tells the metrics of the message that was read last; `metric` numbers are places in {@link metrics}. */
  report(sink: MetricSink, faults: ValueFaults): void {
    const { block, bytes } = this.#message;
    block?.report(bytes.length, sink, faults);
  }

  /** @throws {RangeError} If there is no block of that name. */
  block(name: string): BlockReader {
    const block = this.#blocks.get(name);
    if (block !== undefined) return block;
    const names = [...this.#blocks.keys()].join(", ") || "none, for there is none";
    throw new RangeError(`Cannot compile a script: a decode block must be one of ${names}, got ${name}`);
  }
}

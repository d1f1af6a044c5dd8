// The bytes of the message that is being written: a DataStreamWriter over a buffer that grows when a text needs it. Knows no fields.
import { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";

export class PayloadBuffer {
  readonly writer: DataStreamWriter;
  readonly #otherBytes: number;
  #bytes: Uint8Array;
  /** Views by length, since most messages are of few lengths and a view costs more than its bytes. */
  #views: Uint8Array[] = [];

  /** @param otherBytes Most bytes of everything that has a known bound; `reserve` is for the rest. */
  constructor(otherBytes: number) {
    this.#otherBytes = otherBytes;
    this.#bytes = new Uint8Array(otherBytes);
    this.writer = new DataStreamWriter(this.#bytes);
  }

  restart(): void {
    this.writer.reset();
  }

  /** A view of what was written, valid until the next message is. */
  get written(): Uint8Array {
    const lengthBytes = this.writer.lengthBytes;
    this.#views[lengthBytes] ??= this.#bytes.subarray(0, lengthBytes);
    return this.#views[lengthBytes];
  }

  /** Makes room for so many bytes besides those with a bound. Completes a partial byte, as whole bytes that follow do. */
  reserve(byteCount: number): void {
    const { writer } = this;
    writer.flush();
    const neededBytes = writer.lengthBytes + byteCount + this.#otherBytes;
    if (neededBytes <= this.#bytes.length) return;
    const written = writer.written;
    this.#bytes = new Uint8Array(neededBytes * 2);
    this.#views = [];
    writer.reset(this.#bytes);
    writer.writeBytes(written);
  }
}

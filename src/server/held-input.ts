// Bytes that a client has sent and the server has not read: it stands for the kernel's socket buffer (protocol page 14.7).

export class HeldInput {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** The peer's end of TCP, behind all bytes. */
  isEnded = false;

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** What one read of at most `mostBytes` brings: as much as there is, over the borders of pieces. Undefined: nothing. */
  read(mostBytes: number): Uint8Array | undefined {
    const first = this.#pieces[0];
    if (first === undefined) return undefined;
    if (first.length >= mostBytes || this.#pieces.length === 1) return this.#cut(first, mostBytes);
    const chunk = new Uint8Array(Math.min(mostBytes, this.#bytes));
    for (let filled = 0; filled < chunk.length; ) {
      const part = this.#cut(this.#pieces[0]!, chunk.length - filled);
      chunk.set(part, filled);
      filled += part.length;
    }
    return chunk;
  }

  /** At most `mostBytes` of the first piece. */
  #cut(first: Uint8Array, mostBytes: number): Uint8Array {
    const part = first.length <= mostBytes ? first : first.subarray(0, mostBytes);
    if (part.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(mostBytes);
    this.#bytes -= part.length;
    return part;
  }
}

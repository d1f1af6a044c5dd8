// Server frames as bytes: unmasked, never fragmented, shortest length form. Writes into blocks that are never reused, so a
// frame stays valid for as long as somebody holds it; frames written one after the other can be joined without a copy.

/** Opcodes of RFC 6455. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
/** Longest payload whose length fits the first two bytes; beyond it 16 more bits follow. */
const SHORT_PAYLOAD_BYTES = 125;
const LONGEST_PAYLOAD_BYTES = 65_535;
const BLOCK_BYTES = 32_768;

export class FrameWriter {
  #block = new Uint8Array(0);
  #usedBytes = 0;

  /**
   * One whole frame. Takes a copy of the payload.
   *
   * @throws {RangeError} If the payload is longer than 65,535 bytes: no message of ours comes near that.
   */
  frame(opcode: number, payload: Uint8Array): Uint8Array {
    const length = payload.length;
    if (length > LONGEST_PAYLOAD_BYTES) {
      throw new RangeError(
        `Cannot write a frame: payload must be at most ${LONGEST_PAYLOAD_BYTES} bytes, got ${length}`,
      );
    }
    const headerBytes = length <= SHORT_PAYLOAD_BYTES ? 2 : 4;
    const start = this.#reserve(headerBytes + length);
    const block = this.#block;
    block[start] = FIN | opcode;
    if (headerBytes === 2) block[start + 1] = length;
    else {
      block[start + 1] = 126;
      block[start + 2] = length >> 8;
      block[start + 3] = length & 0xff;
    }
    block.set(payload, start + headerBytes);
    return block.subarray(start, start + headerBytes + length);
  }

  #reserve(bytes: number): number {
    if (this.#usedBytes + bytes > this.#block.length) {
      this.#block = new Uint8Array(Math.max(BLOCK_BYTES, bytes));
      this.#usedBytes = 0;
    }
    const start = this.#usedBytes;
    this.#usedBytes += bytes;
    return start;
  }
}

/** Several pieces as one: a view where they lie behind each other in one block, a copy otherwise. At least one piece. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const first = pieces[0]!;
  if (pieces.length === 1) return first;
  let end = first.byteOffset;
  let totalBytes = 0;
  let isContiguous = true;
  for (const piece of pieces) {
    if (piece.buffer !== first.buffer || piece.byteOffset !== end) isContiguous = false;
    end = piece.byteOffset + piece.length;
    totalBytes += piece.length;
  }
  if (isContiguous) return new Uint8Array(first.buffer, first.byteOffset, totalBytes);
  const joined = new Uint8Array(totalBytes);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}

// One packet on its way out: the payload behind a headroom into which each stage writes its header. Knows no layout.

/** Holds the largest packet of a real connection; grows for larger ones. */
const USUAL_BYTES = 1600;

/**
 * A reusable buffer. Headers are put in front, innermost first, so the payload is copied once whatever the stack:
 *
 * ```
 * | unused | last stage's header | ... | first stage's header | payload | unused |
 *          ^ start                                                     ^ end
 * ```
 */
export class OutgoingPacket {
  #bytes = new Uint8Array(USUAL_BYTES);
  #start = 0;
  #end = 0;

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** The packet as it stands; overwritten by the next `fill`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Starts anew with `source[from, to)` as the payload and `headroomBytes` free in front of it. */
  fill(source: Uint8Array, from: number, to: number, headroomBytes: number): void {
    const end = headroomBytes + to - from;
    if (end > this.#bytes.length) this.#bytes = new Uint8Array(2 * end);
    this.#start = headroomBytes;
    this.#end = end;
    this.#bytes.set(from === 0 && to === source.length ? source : source.subarray(from, to), headroomBytes);
  }

  /**
   * Puts `lengthBytes` in front and returns where they begin in `bytes`; the caller writes all of them.
   *
   * @throws {RangeError} If the headroom is used up.
   */
  prepend(lengthBytes: number): number {
    if (lengthBytes > this.#start) {
      throw new RangeError(`Cannot put a header in front: it must be at most ${this.#start} bytes, got ${lengthBytes}`);
    }
    this.#start -= lengthBytes;
    return this.#start;
  }
}

// The ack mask of a reliable stage: bit i says whether the packet i before the acked one was received. Knows no ids and no time.

/** Little-endian bits: bit i is bit `i mod 8` of byte `i div 8`. */
export class AckMask {
  readonly bytes: Uint8Array;

  /** @param lengthBytes 4, 8, or an eighth of a window above 64. */
  constructor(lengthBytes: number, initial: "ones" | "zeros") {
    this.bytes = new Uint8Array(lengthBytes).fill(initial === "ones" ? 0xff : 0);
  }

  /** False beyond the mask's end. */
  has(index: number): boolean {
    return ((this.bytes[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** Nothing happens beyond the mask's end. */
  set(index: number): void {
    if (index < 8 * this.bytes.length) this.bytes[index >> 3]! |= 1 << (index & 7);
  }

  /** Makes every packet `distance` older than it was; the new ones are missing. */
  shift(distance: number): void {
    const { bytes } = this;
    const byBytes = Math.min(distance >> 3, bytes.length);
    const byBits = distance & 7;
    for (let i = bytes.length - 1; i >= byBytes; i--) {
      const carried = i > byBytes ? bytes[i - byBytes - 1]! >> (8 - byBits) : 0;
      bytes[i] = (bytes[i - byBytes]! << byBits) | carried;
    }
    bytes.fill(0, 0, byBytes);
  }

  copyFrom(other: AckMask): void {
    this.bytes.set(other.bytes);
  }

  or(other: AckMask): void {
    for (let i = 0; i < this.bytes.length; i++) this.bytes[i]! |= other.bytes[i]!;
  }

  /** Bytes up to the last one that has a zero bit, at least 1: a receiver takes what is missing as ones. */
  get trimmedBytes(): number {
    let length = this.bytes.length;
    while (length > 1 && this.bytes[length - 1] === 0xff) length--;
    return length;
  }
}

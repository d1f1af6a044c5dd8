// Numbers as 32-bit words and back, without allocating: floats, doubles, 64-bit integers. Knows nothing of streams.

const QUIET_NAN_FLOAT_BITS = 0x7fc0_0000;
const QUIET_NAN_DOUBLE_HIGH = 0x7ff8_0000;

const scratch = new DataView(new ArrayBuffer(4));

/**
 * The IEEE 754 bits of a number as a float, 0 .. 2^32 - 1. Every NaN gives the positive quiet one: an engine may or may not keep
 * the bits that a NaN was read with, and the same run shall give the same bytes.
 */
export function floatBits(value: number): number {
  if (Number.isNaN(value)) return QUIET_NAN_FLOAT_BITS;
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

export function floatFromBits(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** Zig-zag of a signed 32-bit number: 0, -1, 1, -2 become 0, 1, 2, 3. */
export function zigZag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** The signed number behind a zig-zag of 32 bits. */
export function unZigZag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** 64 bits as two words, to be filled again and again. */
export class Words {
  readonly #view = new DataView(new ArrayBuffer(8));

  /** Low 32 bits, 0 .. 2^32 - 1. */
  get low(): number {
    return this.#view.getUint32(0, true);
  }

  /** High 32 bits, 0 .. 2^32 - 1. */
  get high(): number {
    return this.#view.getUint32(4, true);
  }

  /** Of each word the low 32 bits count, so signed ones do as well. */
  set(low: number, high: number): this {
    this.#view.setUint32(0, low, true);
    this.#view.setUint32(4, high, true);
    return this;
  }

  get double(): number {
    return this.#view.getFloat64(0, true);
  }

  /** Every NaN becomes the positive quiet one, as in {@link floatBits}. */
  setDouble(value: number): this {
    if (Number.isNaN(value)) return this.set(0, QUIET_NAN_DOUBLE_HIGH);
    this.#view.setFloat64(0, value, true);
    return this;
  }

  /** As a signed 64-bit integer. */
  get long(): bigint {
    return this.#view.getBigInt64(0, true);
  }

  /** As an unsigned 64-bit integer. */
  get ulong(): bigint {
    return this.#view.getBigUint64(0, true);
  }

  /** Takes the value modulo 2^64, signed or not. */
  setLong(value: bigint): this {
    this.#view.setBigInt64(0, value, true);
    return this;
  }

  /** Becomes the given number minus this one, modulo 2^64. */
  subtractFrom(low: number, high: number): this {
    const borrow = low >>> 0 < this.low ? 1 : 0;
    return this.set(low - this.low, high - this.high - borrow);
  }

  /** Zig-zag of a signed 64-bit number. */
  zigZag(): this {
    const { low, high } = this;
    const sign = (high | 0) >> 31;
    return this.set((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
  }

  /** Back from {@link zigZag}. */
  unZigZag(): this {
    const { low, high } = this;
    const sign = -(low & 1);
    return this.set(((low >>> 1) | (high << 31)) ^ sign, (high >>> 1) ^ sign);
  }
}

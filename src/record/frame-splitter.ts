// The frames of one direction of a WebSocket, masked or not, as they come by. Judges nothing, keeps to no limit of Unity's, and changes
// no byte that it is given.

export interface PassingFrame {
  readonly opcode: number;
  readonly isFinal: boolean;
  /** A reserved bit is set: an extension, such as compression, has changed the payload. */
  readonly isExtended: boolean;
  /** Unmasked, a copy; undefined: longer than the splitter keeps. */
  readonly payload: Uint8Array | undefined;
}

/** Far above Unity's largest message of 1,472 bytes; what is longer is counted by its frame, and not kept. */
export const MAX_KEPT_BYTES = 65_536;

interface Header {
  readonly bytes: number;
  readonly payloadBytes: number;
  readonly isMasked: boolean;
}

export class FrameSplitter {
  #pending: Uint8Array = new Uint8Array(0);
  /** Rest of a frame that is too long to keep. */
  #skipBytes = 0;

  /** All frames that have become whole. Any bytes, never an exception. */
  *read(bytes: Uint8Array): Generator<PassingFrame> {
    const skippedBytes = Math.min(this.#skipBytes, bytes.length);
    this.#skipBytes -= skippedBytes;
    let rest = joined(this.#pending, bytes.subarray(skippedBytes));
    for (let header = headerOf(rest); header !== undefined; header = headerOf(rest)) {
      const endBytes = header.bytes + header.payloadBytes;
      const isKept = header.payloadBytes <= MAX_KEPT_BYTES;
      if (isKept && rest.length < endBytes) break;
      yield frameOf(rest, header, isKept);
      this.#skipBytes = Math.max(0, endBytes - rest.length);
      rest = rest.subarray(Math.min(endBytes, rest.length));
    }
    this.#pending = new Uint8Array(rest);
  }
}

function frameOf(bytes: Uint8Array, header: Header, isKept: boolean): PassingFrame {
  const first = bytes[0]!;
  return {
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isExtended: (first & 0x70) !== 0,
    payload: isKept ? payloadOf(bytes, header) : undefined,
  };
}

/** RFC 6455, 5.2; undefined while it is not whole. */
function headerOf(bytes: Uint8Array): Header | undefined {
  if (bytes.length < 2) return undefined;
  const isMasked = (bytes[1]! & 0x80) !== 0;
  const short = bytes[1]! & 0x7f;
  const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
  const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < headerBytes) return undefined;
  let payloadBytes = lengthBytes === 0 ? short : 0;
  for (let at = 2; at < 2 + lengthBytes; at++) payloadBytes = payloadBytes * 256 + bytes[at]!;
  return { bytes: headerBytes, payloadBytes, isMasked };
}

function payloadOf(bytes: Uint8Array, { bytes: headerBytes, payloadBytes, isMasked }: Header): Uint8Array {
  const payload = new Uint8Array(bytes.subarray(headerBytes, headerBytes + payloadBytes));
  if (isMasked) for (let at = 0; at < payloadBytes; at++) payload[at]! ^= bytes[headerBytes - 4 + (at & 3)]!;
  return payload;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

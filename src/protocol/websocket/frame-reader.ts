// The frames of a client as Unity's server reads them, quirks included: protocol page 2.2, whose row numbers stand in the code.
// Judges and reassembles; what a frame makes the socket do is the sink's matter. Remote bytes never throw.
import { HEAD_LIMIT_BYTES } from "./http-head.js";

/** What frames make the socket do. Payload views are valid during the call only. */
export interface FrameSink {
  /** A place in the receive queue for one whole message; false: none is left, the frame stays where it is. */
  takePlace(): boolean;
  binary(message: Uint8Array): void;
  ping(payload: Uint8Array): void;
  pong(): void;
  /** The status of a Close, undefined where it carries less than two bytes. */
  closed(status: number | undefined): void;
  /** The connection is to be closed with this code; nothing more is read. */
  violation(code: 1002 | 1003 | 1009): void;
}

/** What Unity has in store per connection; frames that find no place fill it. */
const BUFFER_BYTES = HEAD_LIMIT_BYTES;
const MASK_BYTES = 4;
const NOTHING = new Uint8Array(0);
const INCOMPLETE = 0;

/** @see com.unity.transport@2.7.2 Runtime/Layers/WebSocketLayer.cs */
export class FrameReader {
  readonly #limitBytes: number;
  readonly #corruptsKept: boolean;
  #tail: Uint8Array = NOTHING;
  #isKept = false;
  #isStopped = false;
  #frames = 0;
  #message: Uint8Array | undefined;
  #messageBytes = 0;

  /**
   * @param limitBytes Largest payload of a frame and of a message: `maxMessageSize` - 14.
   * @param corruptsKept Unity's fault of 2.5: the first frame that finds no place is unmasked twice and so lost.
   */
  constructor(limitBytes: number, corruptsKept: boolean) {
    this.#limitBytes = limitBytes;
    this.#corruptsKept = corruptsKept;
  }

  /** Whole frames read so far, of any kind. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether a whole frame waits for a place; it is looked at again when more bytes come. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Reads no more, whatever comes. */
  stop(): void {
    this.#isStopped = true;
    this.#tail = NOTHING;
    this.#message = undefined;
  }

  /**
   * Reads all frames that have become whole. Payloads are unmasked in place: the bytes belong to the reader.
   * False: more is waiting for a place than the buffer holds; Unity closes such a socket without a word.
   */
  read(bytes: Uint8Array, sink: FrameSink): boolean {
    if (this.#isStopped) return true;
    if (this.#isKept && this.#tail.length + bytes.length > BUFFER_BYTES) return false;
    this.#isKept = false;
    const input = this.#tail.length === 0 ? bytes : joined(this.#tail, bytes);
    let offset = 0;
    for (;;) {
      const frameBytes = this.#readFrame(input, offset, sink);
      // A sink or a violation may have stopped the reader in the middle.
      if (this.#isStopped) return true;
      if (frameBytes === INCOMPLETE) break;
      offset += frameBytes;
    }
    this.#tail = offset === input.length ? NOTHING : new Uint8Array(input.subarray(offset));
    return true;
  }

  /** Reads the frame at `start`; its length, or INCOMPLETE. */
  #readFrame(input: Uint8Array, start: number, sink: FrameSink): number {
    if (input.length - start < 2) return INCOMPLETE;
    const first = input[start]!;
    const second = input[start + 1]!;
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    // Rows 1 to 3.
    const isMalformed = (first & 0x70) !== 0 || (second & 0x80) === 0 || (!isFinal && opcode !== 0 && opcode !== 2);
    if (isMalformed && this.#violate(1002, sink)) return INCOMPLETE;
    const lengthBytes = extendedLengthBytes(second);
    const maskStart = start + 2 + lengthBytes;
    if (input.length < maskStart) return INCOMPLETE;
    const payloadBytes = lengthBytes === 0 ? second & 0x7f : extendedLength(input, start + 2, lengthBytes);
    // Row 4, before the payload arrives.
    if (payloadBytes > this.#limitBytes && this.#violate(1009, sink)) return INCOMPLETE;
    const payloadStart = maskStart + MASK_BYTES;
    const end = payloadStart + payloadBytes;
    if (input.length < end) return INCOMPLETE;
    unmask(input, maskStart, payloadBytes);
    if (!this.#accept(opcode, isFinal, input.subarray(payloadStart, end), sink)) {
      this.#isKept = true;
      if (!this.#corruptsKept) unmask(input, maskStart, payloadBytes);
      return INCOMPLETE;
    }
    this.#frames++;
    return end - start;
  }

  /** One whole frame, unmasked; false: its message finds no place. */
  #accept(opcode: number, isFinal: boolean, payload: Uint8Array, sink: FrameSink): boolean {
    switch (opcode) {
      case 0:
        return this.#continuation(isFinal, payload, sink);
      case 1:
        return this.#violate(1003, sink); // Row 7.
      case 2:
        return this.#binary(isFinal, payload, sink);
      case 8:
        sink.closed(payload.length < 2 ? undefined : (payload[0]! << 8) | payload[1]!);
        return true;
      case 9:
        sink.ping(payload);
        return true;
      case 10:
        sink.pong();
        return true;
      default:
        return this.#violate(1002, sink); // Row 9.
    }
  }

  #continuation(isFinal: boolean, payload: Uint8Array, sink: FrameSink): boolean {
    if (this.#messageBytes === 0) return this.#violate(1002, sink); // Row 5.
    if (this.#messageBytes + payload.length > this.#limitBytes) return this.#violate(1009, sink); // Row 6.
    // Quirk a: an empty final fragment completes nothing, and the message stays open.
    if (payload.length === 0) return true;
    if (isFinal && !sink.takePlace()) return false;
    this.#append(payload);
    if (!isFinal) return true;
    const message = this.#message!.subarray(0, this.#messageBytes);
    this.#messageBytes = 0;
    sink.binary(message);
    return true;
  }

  #binary(isFinal: boolean, payload: Uint8Array, sink: FrameSink): boolean {
    if (isFinal && this.#messageBytes > 0) return this.#violate(1002, sink); // Row 8.
    if (payload.length === 0) return true; // Row 11.
    if (isFinal) {
      if (!sink.takePlace()) return false;
      sink.binary(payload);
      return true;
    }
    // Quirk b: a second first fragment is not refused, it lands behind the open one. The limit keeps memory bounded.
    if (this.#messageBytes + payload.length > this.#limitBytes) return this.#violate(1009, sink);
    this.#append(payload);
    return true;
  }

  #append(payload: Uint8Array): void {
    this.#message ??= new Uint8Array(this.#limitBytes);
    this.#message.set(payload, this.#messageBytes);
    this.#messageBytes += payload.length;
  }

  /** Always true: the frame is dealt with. */
  #violate(code: 1002 | 1003 | 1009, sink: FrameSink): true {
    this.stop();
    sink.violation(code);
    return true;
  }
}

function extendedLengthBytes(second: number): 0 | 2 | 8 {
  const length = second & 0x7f;
  return length < 126 ? 0 : length === 126 ? 2 : 8;
}

/** Quirk c: of the 64-bit form Unity ignores the upper four bytes and counts the next two three times, so they must be 0. */
function extendedLength(input: Uint8Array, start: number, lengthBytes: 2 | 8): number {
  const end = start + lengthBytes;
  const low = (input[end - 2]! << 8) | input[end - 1]!;
  if (lengthBytes === 2) return low;
  return 3 * ((input[end - 4]! << 8) | input[end - 3]!) * 65_536 + low;
}

/** XORs the payload behind the four mask bytes at `maskStart`, in place. */
function unmask(input: Uint8Array, maskStart: number, payloadBytes: number): void {
  const payloadStart = maskStart + MASK_BYTES;
  for (let i = 0; i < payloadBytes; i++) input[payloadStart + i]! ^= input[maskStart + (i & 3)]!;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

// Sizes, bursts and acks of path MTU discovery, the asking half (protocol page 3.8). Sends nothing: mtu-discovery.ts does.
import { MTU_CHECK_HEADER_BYTES } from "./wire.js";

/** Which release's probe sizes to send. */
export type ProbeSet = "2.5.0" | "2.5.2" | "2.6.0";

const SMALLEST_BYTES = 1024;
const STEP_BYTES = 32;
const BURST_WAIT_MS = 300;
const BURSTS = 2;
/** 2.5.0 and 2.5.1 leave this much out of their last probe, and count its ack as one of the full size. */
const SHORT_LAST_PROBE_BYTES = 9;

/** The nominal sizes of one burst for `maxMessageSize`, in the order in which they are sent. */
export function probeSizes(set: ProbeSet, maxMessageSize: number): number[] {
  if (set === "2.6.0") {
    const middle = [maxMessageSize - 100, maxMessageSize - 20].filter((size) => size > SMALLEST_BYTES);
    return [SMALLEST_BYTES, ...middle, maxMessageSize];
  }
  const sizes: number[] = [];
  for (let size = SMALLEST_BYTES; size < maxMessageSize; size += STEP_BYTES) sizes.push(size);
  sizes.push(set === "2.5.0" ? maxMessageSize - SHORT_LAST_PROBE_BYTES : maxMessageSize);
  return sizes;
}

/** One discovery of one connection. The owner sends the bursts it asks for and tells it acks and time. */
export class PathMtuProbe {
  readonly #set: ProbeSet;
  readonly #maxMessageSize: number;
  readonly #paddingBytes: number;
  #bursts = 0;
  #burstMs = 0;
  #bestBytes = 0;

  /** @param paddingBytes What the layers below reserve: 14 over WebSocket, 0 over UDP. */
  constructor(set: ProbeSet, maxMessageSize: number, paddingBytes: number) {
    this.#set = set;
    this.#maxMessageSize = maxMessageSize;
    this.#paddingBytes = paddingBytes;
  }

  /** Length fields of the MtuChecks to send now. */
  burst(nowMs: number): number[] {
    this.#bursts++;
    this.#burstMs = nowMs;
    const reserved = this.#paddingBytes + MTU_CHECK_HEADER_BYTES;
    return probeSizes(this.#set, this.#maxMessageSize).map((size) => size - reserved);
  }

  /** Notes an acknowledged size; true when it is our full size and discovery is over. */
  acknowledge(sizeBytes: number): boolean {
    const isShortLast = this.#set === "2.5.0" && sizeBytes === this.#maxMessageSize - SHORT_LAST_PROBE_BYTES;
    const size = isShortLast ? this.#maxMessageSize : sizeBytes;
    if (size > this.#bestBytes && size <= this.#maxMessageSize) this.#bestBytes = size;
    return size === this.#maxMessageSize;
  }

  /** What is due at `nowMs`: another burst, the end, or nothing yet. */
  due(nowMs: number): "burst" | "end" | undefined {
    if (nowMs - this.#burstMs <= BURST_WAIT_MS) return undefined;
    return this.#bursts < BURSTS ? "burst" : "end";
  }

  get nextDeadlineMs(): number {
    return this.#burstMs + BURST_WAIT_MS + 1;
  }

  /** Largest packet the path is known to carry, layers included. Without any ack: 1024 in 2.5.0, the full size since. */
  get pathBytes(): number {
    if (this.#bestBytes > 0) return this.#bestBytes;
    return this.#set === "2.5.0" ? SMALLEST_BYTES : this.#maxMessageSize;
  }
}

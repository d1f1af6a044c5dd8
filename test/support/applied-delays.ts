// What a server really did to each message: from the bytes of a Data message reaching its socket to those of the echo leaving it. Watches
// from outside; the server counts nothing for it.
import { framesOf } from "./client-frames.js";
import { serverParts } from "./wire-bytes.js";

const DATA = 1;
/** First byte of a Connection Request and of an Accept. */
const HANDSHAKE = 0x55;

export class AppliedDelays {
  /** When the messages arrived that are not answered, by socket, in order. */
  readonly #arrived = new Map<number, number[]>();
  readonly #requestedMs = new Map<number, number>();
  readonly #acceptDelaysMs: number[] = [];
  readonly #delaysMs = new Map<number, number[]>();
  /** When the server sent data, by socket. */
  readonly #leftMs = new Map<number, number[]>();

  /** Bytes of whole frames, or of an upgrade. */
  toServer(socketId: number, bytes: Uint8Array, nowMs: number): void {
    if (bytes[0] === 0x47) return;
    for (const { opcode, payload } of framesOf(bytes)) {
      if (opcode !== 2) continue;
      if (payload[0] === DATA) kept(this.#arrived, socketId).push(nowMs);
      if (payload[0] === HANDSHAKE && !this.#requestedMs.has(socketId)) this.#requestedMs.set(socketId, nowMs);
    }
  }

  fromServer(socketId: number, bytes: Uint8Array, nowMs: number): void {
    for (const part of serverParts(bytes)) {
      if (part.kind !== "frame" || part.opcode !== 2) continue;
      const requestedMs = this.#requestedMs.get(socketId);
      if (part.payload[0] === HANDSHAKE && requestedMs !== undefined) this.#acceptDelaysMs.push(nowMs - requestedMs);
      if (part.payload[0] !== DATA) continue;
      kept(this.#leftMs, socketId).push(nowMs);
      const arrivedMs = kept(this.#arrived, socketId).shift();
      if (arrivedMs !== undefined) kept(this.#delaysMs, socketId).push(nowMs - arrivedMs);
    }
  }

  get count(): number {
    return [...this.#delaysMs.values()].flat().length;
  }

  /** The delay that `percent` of the messages did not exceed, ms. */
  percentileMs(percent: number): number {
    return percentileOf([...this.#delaysMs.values()].flat(), percent);
  }

  /** The same for each socket, the smallest first. */
  percentilesBySocketMs(percent: number): number[] {
    return [...this.#delaysMs.values()].map((delaysMs) => percentileOf(delaysMs, percent)).sort((a, b) => a - b);
  }

  /** The same of Connection Requests and their Accepts. */
  acceptPercentileMs(percent: number): number {
    return percentileOf(this.#acceptDelaysMs, percent);
  }

  /** Times between two sends to the same client, ms; those of one moment are one send. */
  intervalPercentileMs(percent: number): number {
    const intervals = [...this.#leftMs.values()].flatMap((times) => {
      const moments = [...new Set(times)];
      return moments.slice(1).map((atMs, index) => atMs - moments[index]!);
    });
    return percentileOf(intervals, percent);
  }
}

function kept(lists: Map<number, number[]>, socketId: number): number[] {
  const known = lists.get(socketId);
  if (known !== undefined) return known;
  const list: number[] = [];
  lists.set(socketId, list);
  return list;
}

function percentileOf(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

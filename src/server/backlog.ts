// Messages that wait because the window of their reliable pipeline is full, in order, for each peer. Bounded; sends through its owner only.
import type { Peer } from "../protocol/acceptor.js";
import type { SendOutcome } from "../protocol/piped-connection.js";

/** Messages kept per connection. */
const LIMIT = 1024;

interface WaitingMessage {
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

export class Backlog {
  readonly #waiting = new Map<Peer, WaitingMessage[]>();
  readonly #send: (peer: Peer, pipelineId: number, payload: Uint8Array) => SendOutcome;

  constructor(send: (peer: Peer, pipelineId: number, payload: Uint8Array) => SendOutcome) {
    this.#send = send;
  }

  /** Whether a message of this pipeline waits, so that a later one must wait behind it. */
  holds(peer: Peer, pipelineId: number): boolean {
    if (this.#waiting.size === 0) return false;
    return this.#waiting.get(peer)?.some((message) => message.pipelineId === pipelineId) ?? false;
  }

  /** Keeps a copy. False: as many wait already as may. */
  add(peer: Peer, pipelineId: number, payload: Uint8Array): boolean {
    const waiting = this.#waiting.get(peer) ?? [];
    if (waiting.length >= LIMIT) return false;
    waiting.push({ pipelineId, payload: new Uint8Array(payload) });
    this.#waiting.set(peer, waiting);
    return true;
  }

  /** Sends on what has room by now. */
  retry(): void {
    for (const [peer, waiting] of this.#waiting) {
      const rest = this.#rest(peer, waiting);
      if (rest.length > 0) this.#waiting.set(peer, rest);
      else this.#waiting.delete(peer);
    }
  }

  /** The connection is over. */
  forget(peer: Peer): void {
    this.#waiting.delete(peer);
  }

  /** What is left: a pipeline whose first message finds no room keeps all its later ones too. */
  #rest(peer: Peer, waiting: readonly WaitingMessage[]): WaitingMessage[] {
    const full = new Set<number>();
    return waiting.filter(({ pipelineId, payload }) => {
      if (full.has(pipelineId)) return true;
      const isFull = this.#send(peer, pipelineId, payload) === "queueFull";
      if (isFull) full.add(pipelineId);
      return isFull;
    });
  }
}

// When the next broadcast is due and what it carries: a u64 counter and then a byte pattern, as the servers of the captures send it.

const COUNTER_BYTES = 8;

export class BroadcastClock {
  readonly #payload: Uint8Array;
  readonly #everyMs: number;
  #count = 0;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(broadcast: { readonly payloadBytes: number; readonly hz: number }) {
    this.#payload = Uint8Array.from({ length: broadcast.payloadBytes }, (_, index) => index & 0xff);
    this.#everyMs = 1000 / broadcast.hz;
  }

  /** The message to send now, or undefined. One at most a call: a server that came late does not catch up. Valid until the next call. */
  due(nowMs: number): Uint8Array | undefined {
    if (nowMs < this.#nextMs) return undefined;
    const planMs = this.#nextMs + this.#everyMs;
    this.#nextMs = planMs > nowMs ? planMs : nowMs + this.#everyMs;
    this.#writeCounter(this.#count++);
    return this.#payload;
  }

  #writeCounter(count: number): void {
    let rest = count;
    for (let i = 0; i < Math.min(COUNTER_BYTES, this.#payload.length); i++) {
      this.#payload[i] = rest & 0xff;
      rest = Math.floor(rest / 256);
    }
  }
}

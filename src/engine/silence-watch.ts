// Notes for how long nothing at all arrives for any connected client of a thread. Looks at a counter now and then; sees no message.
import { longerSilence, type Silence } from "../metrics/silence.js";

/** A thread that was itself this late saw nothing because it did not look: no silence of the server's. */
const OWN_LATENESS_MS = 100;

export class SilenceWatch {
  readonly #originMs: number;
  #heardBytes = 0;
  /** Of the silence under way; undefined: no client is connected. */
  #sinceMs: number | undefined;
  #longest: Silence | undefined;

  constructor(originMs: number) {
    this.#originMs = originMs;
  }

  /**
   * To be called every few ms.
   *
   * @param connected Clients that are connected now; 0 also where they are told to be silent themselves.
   * @param heardBytes Everything that has arrived for any of them since the last `take`.
   * @param delayMs How late this call is.
   */
  look(connected: number, heardBytes: number, delayMs: number, nowMs: number): void {
    if (connected === 0) {
      this.#sinceMs = undefined;
      return;
    }
    const sinceMs = this.#sinceMs;
    const isOurs = sinceMs === undefined || delayMs > OWN_LATENESS_MS;
    if (!isOurs) {
      this.#longest = longerSilence(this.#longest, { fromMs: this.#planMs(sinceMs), toMs: this.#planMs(nowMs) });
    }
    if (isOurs || heardBytes !== this.#heardBytes) this.#sinceMs = nowMs;
    this.#heardBytes = heardBytes;
  }

  /**
   * The longest silence since the last call, from its own beginning, which may lie before that. Undefined: no client was connected.
   * The counter starts from 0 again.
   */
  take(): Silence | undefined {
    const longest = this.#longest;
    this.#heardBytes = 0;
    this.#longest = undefined;
    return longest;
  }

  #planMs(atMs: number): number {
    return Math.round(atMs - this.#originMs);
  }
}

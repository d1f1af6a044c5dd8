// The end of a session's WebSocket: our Close, the peer's, the end of TCP, and how long each is waited for (protocol page 2.4 and 15).
// Says what to do; the session does it.

/** A Close without a code, as a browser's `close()` sends it. */
export const NO_CODE = 1005;

/** How long the peer's FIN is waited for once both Closes are through. */
const FIN_WAIT_MS = 1000;

export interface CloseTiming {
  /** Updates from the second Close to the end of TCP; 0: at once. */
  readonly updatesToEnd: number;
  /** Longest wait for the peer's Close, ms; 0: none. */
  readonly closeWaitMs: number;
}

/** `open` → `sent` or `answered` (both Closes are through, or there is no use in waiting) → `ending` (our FIN is out). */
type Stage = "open" | "sent" | "answered" | "ending";

export class CloseHandshake {
  readonly #timing: CloseTiming;
  #stage: Stage = "open";
  /** The Close to send at the next chance; undefined: none. */
  #code: number | undefined;
  #isPeerDone = false;
  #updatesToEnd = Number.POSITIVE_INFINITY;
  #deadlineMs = Number.POSITIVE_INFINITY;

  constructor(timing: CloseTiming) {
    this.#timing = timing;
  }

  /** True once a Close of ours has been sent or is due, or the peer's has come: data and pings have no effect any more. */
  get isClosing(): boolean {
    return this.#stage !== "open" || this.#code !== undefined;
  }

  get isPending(): boolean {
    return this.#code !== undefined || this.#updatesToEnd !== Number.POSITIVE_INFINITY;
  }

  /** When the waiting is over and the socket is to be dropped. */
  get nextDeadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Our side closes: the Close waits for the peer's. */
  close(code: number): void {
    if (!this.isClosing) this.#code = code;
  }

  /** The peer's Close came, or it broke the rules: `code` is the answer, unless our Close is out already. */
  answer(code: number): void {
    if (this.#isPeerDone) return;
    this.#isPeerDone = true;
    if (this.#stage === "sent") this.#answered();
    else this.#code = code;
  }

  /** Gives out the Close to send now, once. */
  take(nowMs: number): number | undefined {
    const code = this.#code;
    if (code === undefined) return undefined;
    this.#code = undefined;
    this.#stage = "sent";
    if (this.#isPeerDone || this.#timing.closeWaitMs === 0) this.#answered();
    else this.#deadlineMs = nowMs + this.#timing.closeWaitMs + 1;
    return code;
  }

  /** An update begins. */
  beginUpdate(): void {
    this.#updatesToEnd--;
  }

  /** True, once, when TCP is to be ended now. */
  takeEnd(nowMs: number): boolean {
    if (this.#stage !== "answered" || this.#updatesToEnd > 0) return false;
    this.#stage = "ending";
    this.#updatesToEnd = Number.POSITIVE_INFINITY;
    this.#deadlineMs = nowMs + FIN_WAIT_MS;
    return true;
  }

  #answered(): void {
    this.#stage = "answered";
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#updatesToEnd = this.#timing.updatesToEnd;
  }
}

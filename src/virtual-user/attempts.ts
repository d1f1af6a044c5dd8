// The attempts of one player: the current one, and earlier ones whose sockets may still close. Starts and judges none.
import { Attempt, type AttemptOwner, type Session } from "./attempt.js";

const NONE: readonly Attempt[] = [];

export class Attempts {
  /** Of the attempt whose events count, from 1; 0: there was none yet. */
  currentId = 0;
  readonly #owner: AttemptOwner;
  #current: Attempt | undefined;
  #lingering = NONE;

  constructor(owner: AttemptOwner) {
    this.#owner = owner;
  }

  /** Of the current attempt; undefined: its socket is gone, or never was. */
  get session(): Session | undefined {
    return this.#current?.session;
  }

  /** Whether a socket of any attempt is left. */
  get isAnyOpen(): boolean {
    return this.session !== undefined || this.#lingering.some(isOpen);
  }

  /** A new attempt: from now on only its events count. */
  next(): Attempt {
    const previous = this.#current;
    if (previous !== undefined && isOpen(previous)) this.#lingering = [...this.#lingering.filter(isOpen), previous];
    this.#current = new Attempt(this.#owner, ++this.currentId);
    return this.#current;
  }

  /** Drops the sockets of all attempts. */
  destroyAll(): void {
    for (const attempt of this.#lingering) attempt.session?.destroy("ClosedByClient");
    this.session?.destroy("ClosedByClient");
  }
}

function isOpen(attempt: Attempt): boolean {
  return attempt.session !== undefined;
}

// When a client is to send: a pure function of the client's number and the message's number. No clock in here.

/** The intended sends of one client: evenly spaced, on a grid that spreads all clients over one interval. */
export class SendSchedule {
  readonly intervalMs: number;
  readonly #firstMs: number;

  /**
   * @param intervalMs Between two messages, > 0.
   * @param share Where in the interval this client sends, 0 <= share < 1: its number over the number of clients.
   * @param fromMs No send is intended before this moment, on the same clock as the answers.
   * @param originMs Start of the plan on that clock: the grid's origin.
   */
  constructor(intervalMs: number, share: number, fromMs: number, originMs: number) {
    this.intervalMs = intervalMs;
    const phaseMs = originMs + share * this.intervalMs;
    this.#firstMs = phaseMs + Math.max(0, Math.ceil((fromMs - phaseMs) / this.intervalMs)) * this.intervalMs;
  }

  /** The intended moment of message `sequence` (from 0). Computed, never accumulated: no drift however long the run. */
  intendedMs(sequence: number): number {
    return this.#firstMs + sequence * this.intervalMs;
  }
}

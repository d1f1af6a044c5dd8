// What became of one client, told once at the end of a run: what a diagnosis needs that sums and histograms do not hold. Types only.

/** Instants in ms since the plan's start, undefined where it never came to that. A client that was never started has none. */
export interface ClientOutcome {
  /** From 0, as the plan numbers clients. */
  readonly number: number;
  /** The first attempt's connect call. */
  readonly startedMs: number;
  /** The 101. */
  readonly upgradeMs: number | undefined;
  /** The UTP Accept. */
  readonly acceptMs: number | undefined;
  /** End of the attempt or connection; undefined: it was alive at the hard end. */
  readonly endedMs: number | undefined;
  /** Why it ended, a REASON of the contract. */
  readonly endReason: string | undefined;
  /** Messages of this client that left, and those of them that came back. */
  readonly sent: number;
  readonly answered: number;
  /** Round trips of those answers; undefined: none was measured. */
  readonly rtt?: RoundTrips | undefined;
  /** Its first attempt or connection that ended although nobody wanted it; left out: none did. */
  readonly firstFailure?: FirstFailure;
}

/** The round trips of one client, ms, from when a message really left; what is needed to see them grow. */
export interface RoundTrips {
  readonly lowestMs: number;
  readonly highestMs: number;
  /** Of the last answer, and when that came, ms since the plan's start. */
  readonly lastMs: number;
  readonly lastAnswerMs: number;
}

/** What led to one end, step by step; instants as above. */
export interface FirstFailure {
  /** Which of the client's attempts, from 1. */
  readonly attempt: number;
  readonly startedMs: number;
  readonly tcpMs: number | undefined;
  readonly tlsMs: number | undefined;
  readonly upgradeMs: number | undefined;
  /** The first Connection Request left. */
  readonly requestMs: number | undefined;
  readonly acceptMs: number | undefined;
  readonly endedMs: number;
  /** A REASON of the contract, and what was seen, for a person. */
  readonly reason: string;
  readonly detail: string;
}

// The messages that one place in a script sends over one connection: marked ones, whose echoes are known, or written ones, which only an
// `expect` knows the answer of. Sends nothing.
import type { ClientVariables } from "../workload/client-variables.js";
import { MarkedPayload } from "../workload/marked-payload.js";
import type { PayloadWriter } from "../workload/payload-writer.js";
import { SentTimes } from "./sent-times.js";

/** What a step sends, compiled. A lane is the step's own, from 0. */
export type MessagePlan =
  | { readonly kind: "marked"; readonly sizeBytes: number; readonly lane: number }
  | { readonly kind: "written"; readonly writer: PayloadWriter };

export interface MessageStream {
  /** Message `sequence`, from 0, in the same buffer each time. Each is written once, in order; one that cannot leave may be left out. */
  write(sequence: number): Uint8Array;
  /** Message `sequence` left at `sentMs` >= 0. */
  note(sequence: number, sentMs: number): void;
  /** The number of the message that this may be the echo of; negative: of none. */
  sequenceOf(message: Uint8Array): number;
  /** Takes the moment at which message `sequence` left, as {@link SentTimes.take} does; of written ones only the last is known. */
  take(sequence: number): number | null | undefined;
}

/** @param ratePerSecond How many messages to expect, >= 0. */
export function streamOf(
  plan: MessagePlan,
  client: ClientVariables,
  seed: number,
  ratePerSecond: number,
): MessageStream {
  return plan.kind === "written"
    ? new WrittenStream(plan.writer, client)
    : new MarkedStream(new MarkedPayload(seed, client.number, plan.sizeBytes), plan.lane, ratePerSecond);
}

class WrittenStream implements MessageStream {
  readonly #writer: PayloadWriter;
  readonly #client: ClientVariables;
  /** The last one that left and is not answered. */
  #last: number | undefined;
  #lastSentMs = 0;

  constructor(writer: PayloadWriter, client: ClientVariables) {
    this.#writer = writer;
    this.#client = client;
  }

  write(): Uint8Array {
    return this.#writer.write(this.#client);
  }

  note(sequence: number, sentMs: number): void {
    this.#last = sequence;
    this.#lastSentMs = sentMs;
  }

  sequenceOf(): number {
    return -1;
  }

  take(sequence: number): number | undefined {
    if (sequence !== this.#last) return undefined;
    this.#last = undefined;
    return this.#lastSentMs;
  }
}

/** Marks of different lanes are this far apart, so that no two messages of a connection carry the same. */
const LANE_MARKS = 2 ** 32;

class MarkedStream implements MessageStream {
  readonly #payload: MarkedPayload;
  readonly #firstMark: number;
  readonly #sentTimes: SentTimes | undefined;

  constructor(payload: MarkedPayload, lane: number, ratePerSecond: number) {
    this.#payload = payload;
    this.#firstMark = lane * LANE_MARKS;
    this.#sentTimes = payload.isMarked ? new SentTimes(ratePerSecond) : undefined;
  }

  write(sequence: number): Uint8Array {
    return this.#payload.write(this.#firstMark + sequence);
  }

  note(sequence: number, sentMs: number): void {
    this.#sentTimes?.note(sequence, sentMs);
  }

  sequenceOf(message: Uint8Array): number {
    return this.#payload.sequenceOf(message) - this.#firstMark;
  }

  take(sequence: number): number | null | undefined {
    return this.#sentTimes?.take(sequence);
  }
}

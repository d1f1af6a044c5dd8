// What one bot sends over one connection: its own bytes, whose answers it tells, and marked ones, whose echoes are known. Decides nothing.
import type { SentMessage } from "../bot/index.js";
import type { ClientVariables } from "../workload/client-variables.js";
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import { streamOf } from "./message-stream.js";
import { SingleSends } from "./single-sends.js";

/** A message of a bot that left, and whether the bot has told its answer. */
export class BotMessage implements SentMessage {
  /** Since the plan's start, ms. */
  readonly intendedMs: number;
  readonly sentMs: number;
  isAnswered = false;

  constructor(intendedMs: number, sentMs: number) {
    this.intendedMs = intendedMs;
    this.sentMs = sentMs;
  }
}

export class BotSends {
  readonly #session: Session;
  readonly #outlet: MessageOutlet;
  readonly #client: ClientVariables;
  readonly #originMs: number;
  /** By pipeline and size. */
  #marked: Map<string, SingleSends> | undefined;

  /** @param originMs Start of the plan, on the clock of all other moments here. */
  constructor(session: Session, outlet: MessageOutlet, client: ClientVariables, originMs: number) {
    this.#session = session;
    this.#outlet = outlet;
    this.#client = client;
    this.#originMs = originMs;
  }

  /** Undefined: it did not leave, which is counted. */
  send(pipelineId: number, payload: Uint8Array, intendedMs: number, nowMs: number): BotMessage | undefined {
    if (!this.#outlet.admit(this.#session)) return undefined;
    if (!this.#outlet.send(this.#session, pipelineId, payload, intendedMs, nowMs)) return undefined;
    return new BotMessage(intendedMs - this.#originMs, nowMs - this.#originMs);
  }

  /** False: it did not leave, which is counted. */
  sendMarked(pipelineId: number, sizeBytes: number, intendedMs: number, nowMs: number): boolean {
    this.#marked ??= new Map();
    const key = `${pipelineId}/${sizeBytes}`;
    const sends = this.#marked.get(key) ?? this.#newMarked(pipelineId, sizeBytes, this.#marked.size);
    this.#marked.set(key, sends);
    return sends.send(this.#session, intendedMs, nowMs);
  }

  /** Whether the message is the echo of a marked one; then it is measured. */
  takeEcho(message: Uint8Array, nowMs: number): boolean {
    if (this.#marked === undefined) return false;
    for (const sends of this.#marked.values()) if (sends.takeEcho(message, nowMs)) return true;
    return false;
  }

  #newMarked(pipelineId: number, sizeBytes: number, index: number): SingleSends {
    const message = { kind: "marked", sizeBytes, lane: index } as const;
    const stream = streamOf(message, this.#client, this.#client.environment.layout.seed, 0);
    return new SingleSends({ pipelineId, message }, this.#outlet, stream);
  }
}

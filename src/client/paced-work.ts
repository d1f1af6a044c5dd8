// The work of a client that acts in updates: what arrived and what the application sends waits here for the next one, and is done
// there in Unity's order. The timer is the session's, the doing the link's.
import type { ProtocolDrop } from "../protocol/connection-effects.js";
import type { HeldInput } from "./held-input.js";
import type { SessionLink } from "./session-link.js";
import type { Outcome, SessionReport } from "./session-report.js";
import { checkPayload } from "./session-setup.js";
import type { SessionOptions } from "./session-types.js";
import { UpdateGrid } from "./update-grid.js";

interface HeldSend {
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

export class PacedWork {
  readonly grid: UpdateGrid;
  /** The application has called close. */
  isCloseAsked = false;
  readonly #isBrowser: boolean;
  readonly #maxMessageBytes: number;
  readonly #report: SessionReport;
  #input: HeldInput[] = [];
  #sends: HeldSend[] = [];

  constructor({ kind, parameters, updateHz }: SessionOptions, report: SessionReport) {
    this.grid = new UpdateGrid(updateHz);
    this.#isBrowser = kind === "webgl";
    this.#maxMessageBytes = parameters.maxMessageSize;
    this.#report = report;
  }

  /** True while something waits for the next update. */
  get isPending(): boolean {
    return this.#input.length > 0 || this.#sends.length > 0 || this.isCloseAsked;
  }

  hold(input: HeldInput, link: SessionLink, nowMs: number): void {
    if (this.#isBrowser) this.#browserReacts(input, link, nowMs);
    this.#input.push(input);
  }

  /** A message for the next update. False: the application has called close. */
  takeSend(pipelineId: number, payload: Uint8Array, link: SessionLink): boolean {
    if (this.isCloseAsked) return false;
    checkPayload(payload, link.data.maxMessageBytes(pipelineId));
    this.#sends.push({ pipelineId, payload: new Uint8Array(payload) });
    return true;
  }

  /** The input of one update. True: the socket is gone. */
  read(link: SessionLink, nowMs: number): boolean {
    const held = this.#input;
    this.#input = [];
    for (const [index, input] of held.entries()) {
      const oddity = this.#oddity(input);
      if (oddity !== undefined) {
        this.#report.drop(oddity);
        // A browser client reads on in the next update only.
        this.#input = held.slice(index + 1);
        return false;
      }
      link.apply(input, nowMs);
      if (input.kind === "ended") return true;
    }
    return false;
  }

  /** What the application asked for since the last update: its messages, then the end. */
  runApplication(link: SessionLink, ownEnd: Outcome, nowMs: number): void {
    const sends = this.#sends;
    this.#sends = [];
    for (const { pipelineId, payload } of sends) {
      if (link.sendMessage(pipelineId, payload, nowMs, true) === "closed") this.#report.drop("afterClose");
    }
    if (this.isCloseAsked) link.leave(ownEnd, nowMs);
    this.isCloseAsked = false;
  }

  /** As soon as a browser's socket leaves OPEN, what was not read yet is lost; the browser itself answers a Close, at once. */
  #browserReacts(input: HeldInput, link: SessionLink, nowMs: number): void {
    if (input.kind !== "close" && input.kind !== "violation" && input.kind !== "ended") return;
    for (const lost of this.#input) if (lost.kind === "binary") this.#report.drop("afterClose");
    this.#input = this.#input.filter((held) => held.kind !== "binary");
    if (input.kind === "ended") return;
    link.answerClose(input.code);
    link.flush(nowMs);
  }

  /** A message that a browser client throws away: protocol page 2.7. */
  #oddity(input: HeldInput): ProtocolDrop | undefined {
    if (!this.#isBrowser || input.kind !== "binary") return undefined;
    if (input.payload.length === 0) return "empty";
    return input.payload.length > this.#maxMessageBytes ? "oversized" : undefined;
  }
}

// One attempt of one client and its whole life: dialling, then a link above the open socket, with deadlines on a shared scheduler.
// It brings the parts together and keeps time for them; the rules of the three kinds of client stand in those parts.

import type { ProtocolDrop } from "../protocol/connection-effects.js";
import { checkConnectionOptions, handshakePayloadLimit } from "../protocol/connection-options.js";
import { PATIENT_RULES } from "../protocol/connection-rules.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { State } from "../protocol/transitions.js";
import type { Scheduler, TimerEntry } from "../time/clock.js";
import type {
  Transport,
  TransportEvents,
  TransportFactory,
  TransportFailure,
  TransportPhase,
  TransportTarget,
} from "../transport/transport.js";
import { type ConnectRules, connectRulesOf, failureReason } from "./connect-rules.js";
import type { HeldInput } from "./held-input.js";
import { SessionLink } from "./session-link.js";
import { type Outcome, SessionReport } from "./session-report.js";
import type { SessionListener, SessionOptions, SessionTimings } from "./session-types.js";
import { UpdatePace } from "./update-pace.js";

/** A browser takes messages of any size, and drops those that are too large for UTP only then. */
const BROWSER_MESSAGE_BYTES = 16 * 1024 * 1024;

export class ClientSession implements TransportEvents, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #options: SessionOptions;
  readonly #scheduler: Scheduler;
  readonly #transportFactory: TransportFactory;
  readonly #listener: SessionListener;
  readonly #report: SessionReport;
  /** `native` and `webgl` act in updates; `patient` at once. */
  readonly #pace: UpdatePace | undefined;
  /** Until the Accept. */
  #rules: ConnectRules | undefined;
  /** Until the socket is open. */
  #target: TransportTarget | undefined;
  #transport: Transport | undefined;
  #link: SessionLink | undefined;
  /** A batch of input is under way; it counts as read at this moment. */
  #batchMs: number | undefined;

  /** @throws {RangeError} If the token is not 8 bytes or the connect payload is larger than the message size allows. */
  constructor(
    options: SessionOptions,
    scheduler: Scheduler,
    transportFactory: TransportFactory,
    listener: SessionListener,
  ) {
    const { parameters, token, connectPayload } = options;
    checkConnectionOptions(
      { role: "client", token, ...(connectPayload !== undefined && { payload: connectPayload }) },
      handshakePayloadLimit(parameters, PATIENT_RULES),
    );
    this.#options = options;
    this.#scheduler = scheduler;
    this.#transportFactory = transportFactory;
    this.#listener = listener;
    this.#report = new SessionReport(options, listener);
    this.#pace = options.kind === "patient" ? undefined : new UpdatePace(options.updateHz);
    this.#rules = connectRulesOf(options);
  }

  get timings(): SessionTimings {
    return this.#report.timings;
  }

  /** Where the UTP connection stands; `idle` before the socket is open. */
  get state(): State {
    return this.#link?.connection.state ?? (this.#report.isEnded ? "closed" : "idle");
  }

  /** Largest user payload without a pipeline: 1376 bytes with the defaults; it may shrink by path MTU discovery. */
  get maxPayloadBytes(): number | undefined {
    return this.#link?.connection.maxPayloadBytes;
  }

  /** Bytes that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#transport?.bufferedBytes ?? 0;
  }

  /** Starts connecting, once. The listener hears nothing before this returns. */
  connect(target: TransportTarget): void {
    const nowMs = this.#scheduler.nowMs();
    const { kind } = this.#options;
    this.#report.timings.startMs = nowMs;
    this.#pace?.start(nowMs);
    this.#target =
      kind === "native"
        ? { ...target, hostHeader: "address" }
        : kind === "webgl"
          ? { ...target, maxMessageBytes: BROWSER_MESSAGE_BYTES }
          : target;
    this.#dial(nowMs);
    this.#arm();
  }

  /**
   * Sends one message without pipeline stages, or, in a kind with updates, hands it to the next one. False: not connected.
   *
   * @throws {RangeError} If the payload is larger than `maxPayloadBytes`.
   */
  send(pipelineId: number, payload: Uint8Array): boolean {
    const link = this.#link;
    if (link === undefined || link.connection.state !== "established" || this.#pace?.isCloseAsked === true)
      return false;
    if (this.#pace === undefined) return link.sendData(pipelineId, payload, this.#scheduler.nowMs());
    link.checkPayload(payload);
    this.#pace.sends.push({ pipelineId, payload: payload.slice() });
    this.#arm();
    return true;
  }

  /** Leaves with a Disconnect and Close 1000; before the Accept with no packet, as `Cancelled`. */
  close(): void {
    if (this.#report.isEnded) return;
    if (this.#link === undefined) return this.destroy("Cancelled");
    if (this.#pace !== undefined) this.#pace.isCloseAsked = true;
    else this.#leave(this.#link, this.#scheduler.nowMs());
    this.#arm();
  }

  /** Ends now, with `reason` if it had not ended, and drops the socket. */
  destroy(reason: Reason, detail = "given up by this side"): void {
    this.#report.end({ reason, detail }, this.#requests, this.#scheduler.nowMs());
    this.#transport?.destroy();
    this.#release();
  }

  /** A deadline has come, or an update. */
  fire(nowMs: number): void {
    if (this.#pace !== undefined) this.#pace.begin(nowMs);
    this.#batchMs = nowMs;
    this.#transport?.cork();
    if (this.#pace !== undefined && this.#link !== undefined) this.#readHeld(this.#pace, this.#link, nowMs);
    this.#act(nowMs);
    this.#batchMs = undefined;
    this.#transport?.uncork();
    this.#arm();
  }

  onPhase(phase: TransportPhase): void {
    const nowMs = this.#scheduler.nowMs();
    const { timings } = this.#report;
    if (phase === "tcp") timings.tcpMs = nowMs;
    else if (phase === "tls") timings.tlsMs = nowMs;
    else timings.upgradeSentMs = nowMs;
    this.#arm();
  }

  onOpen(): void {
    if (this.#transport === undefined) return;
    const nowMs = this.#beginBatch();
    this.#report.timings.openMs = nowMs;
    this.#report.checkGiveUps(0, nowMs);
    this.#target = undefined;
    this.#link = new SessionLink(this.#options, this.#transport, this.#report, this.#listener, nowMs);
  }

  onBinary(payload: Uint8Array): void {
    if (this.#transport === undefined) return this.#report.drop("staleAttempt");
    const nowMs = this.#beginBatch();
    if (this.#pace === undefined) this.#link?.receive(payload, nowMs);
    else this.#pace.input.push({ kind: "binary", payload: payload.slice() });
  }

  onText(): void {
    this.#input({ kind: "text" });
  }

  onPing(payload: Uint8Array): void {
    if (this.#options.kind === "webgl") this.#transport?.sendPong(payload);
    else this.#input({ kind: "ping", payload: payload.slice() });
  }

  onPong(payload: Uint8Array): void {
    const nowMs = this.#scheduler.nowMs();
    const rttMs = this.#link?.matchPong(payload, nowMs);
    if (rttMs !== undefined) this.#listener.onPong(rttMs, nowMs);
    if (this.#pace !== undefined) this.#input({ kind: "pong" });
  }

  onClose(code: number): void {
    this.#input({ kind: "close", code });
  }

  onViolation(code: number): void {
    this.#input({ kind: "violation", code });
  }

  onBatchEnd(): void {
    const nowMs = this.#batchMs;
    if (nowMs === undefined) return;
    if (this.#pace === undefined) this.#act(nowMs);
    this.#batchMs = undefined;
    this.#transport?.uncork();
    if (this.#pace !== undefined || this.#rules !== undefined || this.#link?.isClosing === true) this.#arm();
  }

  onFailed(failure: TransportFailure): void {
    this.#transport = undefined;
    if (this.#rules?.isRetried(failure, this.timings) === true) return this.#arm();
    this.destroy(failureReason(failure), failure.detail);
  }

  onEnded(how: "fin" | "reset" | "local", detail: string): void {
    this.#input({ kind: "ended", how, detail });
    this.onBatchEnd();
  }

  get #requests(): number {
    return this.#link?.connection.requests ?? 0;
  }

  #dial(nowMs: number): void {
    if (this.#target === undefined) return;
    this.#rules?.dialled(nowMs);
    this.#transport = this.#transportFactory();
    this.#transport.open(this.#target, this);
  }

  /** What arrives together counts as read at one moment, and what it calls for leaves together. */
  #beginBatch(): number {
    if (this.#batchMs !== undefined) return this.#batchMs;
    this.#batchMs = this.#scheduler.nowMs();
    this.#transport?.cork();
    return this.#batchMs;
  }

  #input(input: HeldInput): void {
    if (this.#transport === undefined || this.#link === undefined) return;
    const nowMs = this.#beginBatch();
    if (this.#pace === undefined) return this.#apply(this.#link, input, nowMs);
    if (this.#options.kind === "webgl") this.#browserInput(this.#pace, this.#link, input, nowMs);
    this.#pace.input.push(input);
  }

  /** As soon as a browser's socket leaves OPEN, what was not read yet is lost; the browser itself answers a Close. */
  #browserInput(pace: UpdatePace, link: SessionLink, input: HeldInput, nowMs: number): void {
    if (input.kind !== "close" && input.kind !== "violation" && input.kind !== "ended") return;
    for (const lost of pace.input) if (lost.kind === "binary") this.#report.drop("afterClose");
    pace.input = pace.input.filter((held) => held.kind !== "binary");
    if (input.kind === "ended") return;
    link.answerClose(input.code);
    link.flush(nowMs);
  }

  #apply(link: SessionLink, input: HeldInput, nowMs: number): void {
    link.apply(input, nowMs);
    if (input.kind === "ended") this.#release();
  }

  /** The input of an update. */
  #readHeld(pace: UpdatePace, link: SessionLink, nowMs: number): void {
    link.beginUpdate();
    const held = pace.input;
    pace.input = [];
    for (const [index, input] of held.entries()) {
      const oddity = this.#options.kind === "webgl" ? this.#oddity(input) : undefined;
      if (oddity === undefined) this.#apply(link, input, nowMs);
      else {
        // A browser client reads on in the next update only.
        this.#report.drop(oddity);
        pace.input = held.slice(index + 1);
        return;
      }
    }
  }

  /** A message that a browser client throws away: protocol page 2.7. */
  #oddity(input: HeldInput): ProtocolDrop | undefined {
    if (input.kind !== "binary") return undefined;
    if (input.payload.length === 0) return "empty";
    return input.payload.length > this.#options.parameters.maxMessageSize ? "oversized" : undefined;
  }

  /** What the clock and the application call for, after the input. */
  #act(nowMs: number): void {
    const due = this.#rules?.due(this.timings, nowMs);
    if (due === "dial") return this.#dial(nowMs);
    if (due !== undefined) this.#giveUp(due, nowMs);
    const link = this.#link;
    if (link === undefined || this.#transport === undefined) return;
    if (link.isOverdue(nowMs)) return this.destroy("ConnectionClosed");
    link.settle(nowMs);
    if (this.#pace !== undefined) this.#application(this.#pace, link, nowMs);
    link.flush(nowMs);
    link.batch++;
  }

  #application(pace: UpdatePace, link: SessionLink, nowMs: number): void {
    const sends = pace.sends;
    pace.sends = [];
    for (const { pipelineId, payload } of sends) {
      if (!link.sendData(pipelineId, payload, nowMs)) this.#report.drop("afterClose");
    }
    if (pace.isCloseAsked) link.leave(this.#ownEnd, nowMs);
    pace.isCloseAsked = false;
  }

  #leave(link: SessionLink, nowMs: number): void {
    this.#transport?.cork();
    link.leave(this.#ownEnd, nowMs);
    link.settle(nowMs);
    link.flush(nowMs);
    this.#transport?.uncork();
  }

  #giveUp(reason: Reason, nowMs: number): void {
    const outcome = { reason, detail: `gave up after ${Math.round(nowMs - this.timings.startMs)} ms` };
    if (this.#link === undefined) this.destroy(outcome.reason, outcome.detail);
    else this.#link.leave(outcome, nowMs);
  }

  get #ownEnd(): Outcome {
    if (!this.#report.wasConnected) return { reason: "Cancelled", detail: "left before the Connection Accept" };
    return { reason: "ClosedByClient", detail: "left by this side" };
  }

  /** Keeps the timer at the next deadline or earlier; a wake-up too early is harmless. */
  #arm(): void {
    if (this.#batchMs !== undefined || this.#report.isReleased) return;
    if (this.#report.wasConnected || this.#report.isEnded) this.#rules = undefined;
    const atMs = this.#nextMs();
    if (this.heapIndex < 0 || atMs < this.dueMs) this.#scheduler.schedule(this, atMs);
  }

  #nextMs(): number {
    const rulesMs = this.#rules?.nextDeadlineMs(this.timings) ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(rulesMs, this.#link?.nextDeadlineMs ?? Number.POSITIVE_INFINITY);
    if (this.#pace === undefined) return atMs;
    const isPending = this.#pace.isPending || this.#link?.isPending === true;
    return this.#pace.updateAfter(isPending ? this.#scheduler.nowMs() : atMs);
  }

  #release(): void {
    this.#transport = undefined;
    this.#target = undefined;
    this.#rules = undefined;
    this.#scheduler.cancel(this);
    this.#report.released();
  }
}

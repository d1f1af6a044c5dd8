// One attempt of one client and its whole life: dialling, then a link above the open socket, with deadlines on a shared scheduler.
// It brings the parts together and keeps time for them; the rules of the three kinds of client stand in those parts.
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
import { failureReason } from "./connect-rules.js";
import { Dialling } from "./dialling.js";
import type { HeldInput } from "./held-input.js";
import { PacedWork } from "./paced-work.js";
import { SessionLink } from "./session-link.js";
import { SessionReport } from "./session-report.js";
import { checkSessionOptions } from "./session-setup.js";
import type { SessionListener, SessionOptions, SessionTimings } from "./session-types.js";
import { TransportInput } from "./transport-input.js";

export class ClientSession extends TransportInput implements TransportEvents, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #options: SessionOptions;
  readonly #scheduler: Scheduler;
  readonly #transportFactory: TransportFactory;
  readonly #listener: SessionListener;
  readonly #report: SessionReport;
  /** `native` and `webgl` act in updates; `patient` at once. */
  readonly #paced: PacedWork | undefined;
  /** Until the Accept. */
  #dialling: Dialling | undefined;
  /** Of the attempt under way or open; undefined between attempts and after the end. */
  #transport: Transport | undefined;
  #link: SessionLink | undefined;
  /** A batch of input or an update is under way; everything in it happens at this moment. */
  #batchMs: number | undefined;

  /** @throws {RangeError} If the token is not 8 bytes or the connect payload is larger than the message size allows. */
  constructor(
    options: SessionOptions,
    scheduler: Scheduler,
    transportFactory: TransportFactory,
    listener: SessionListener,
  ) {
    super();
    checkSessionOptions(options);
    this.#options = options;
    this.#scheduler = scheduler;
    this.#transportFactory = transportFactory;
    this.#listener = listener;
    this.#report = new SessionReport(options, listener);
    this.#paced = options.kind === "patient" ? undefined : new PacedWork(options, this.#report);
  }

  get timings(): SessionTimings {
    return this.#report.timings;
  }

  /** Where the UTP connection stands; `idle` before the socket is open. */
  get state(): State {
    return this.#link?.connection.state ?? (this.#report.isEnded ? "closed" : "idle");
  }

  /** Largest user payload of one message, once the socket is open. @throws {RangeError} If the pipeline does not exist. */
  maxMessageBytes(pipelineId: number): number | undefined {
    return this.#link?.data.maxMessageBytes(pipelineId);
  }

  /** Bytes that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#transport?.bufferedBytes ?? 0;
  }

  /**
   * Starts connecting, once. The listener hears nothing before this returns.
   *
   * @throws {UsageError} If the target cannot be used.
   */
  connect(target: TransportTarget): void {
    const nowMs = this.#scheduler.nowMs();
    this.#report.timings.startMs = nowMs;
    this.#paced?.grid.start(nowMs);
    this.#dialling = new Dialling(this.#options, target, this.#transportFactory, this.timings);
    this.#transport = this.#dialling.dial(nowMs, this);
    this.#arm();
  }

  /**
   * Sends one message, or, in a kind with updates, hands it to the next one. False: not connected, or no room in the pipeline's window.
   *
   * @throws {RangeError} If the pipeline does not exist, or the payload is larger than `maxMessageBytes`.
   */
  send(pipelineId: number, payload: Uint8Array): boolean {
    const link = this.#link;
    if (link === undefined || link.connection.state !== "established") return false;
    const isTaken =
      this.#paced?.takeSend(pipelineId, payload, link) ??
      link.sendMessage(pipelineId, payload, this.#scheduler.nowMs(), false) === "accepted";
    // It leaves in the next update, or it is to leave again if no ack comes.
    if (this.#paced !== undefined || pipelineId !== 0) this.#arm();
    return isTaken;
  }

  /** Leaves with a Disconnect and Close 1000; before the Accept without the Disconnect, as `Cancelled`. */
  close(): void {
    if (this.#report.isEnded) return;
    if (this.#link === undefined) return this.destroy("Cancelled");
    this.#link.data.isLeaving = true;
    if (this.#paced !== undefined) this.#paced.isCloseAsked = true;
    else this.#link.leaveAtOnce(this.#report.ownEnd, this.#scheduler.nowMs());
    this.#arm();
  }

  /** Ends now, with `reason` if it had not ended, and drops the socket. */
  destroy(reason: Reason, detail = "given up by this side"): void {
    const requests = this.#link?.connection.requests ?? 0;
    this.#report.end({ reason, detail }, requests, this.#scheduler.nowMs());
    this.#transport?.destroy();
    this.#release();
  }

  /** A deadline has come, or an update. */
  fire(nowMs: number): void {
    const transport = this.#transport;
    this.#batchMs = nowMs;
    transport?.cork();
    if (this.#paced !== undefined) this.#readHeld(this.#paced, nowMs);
    this.#act(nowMs);
    this.#batchMs = undefined;
    transport?.uncork();
    this.#arm();
  }

  onPhase(phase: TransportPhase): void {
    this.#report.reached(phase, this.#scheduler.nowMs());
    this.#arm();
  }

  onOpen(): void {
    if (this.#transport === undefined) return;
    const nowMs = this.#beginBatch();
    this.#report.opened(nowMs);
    this.#link = new SessionLink(this.#options, this.#transport, this.#report, this.#listener, nowMs);
  }

  onBinary(payload: Uint8Array): void {
    if (this.#transport === undefined || this.#link === undefined) return this.#report.drop("staleAttempt");
    if (this.#paced !== undefined) return this.input({ kind: "binary", payload: new Uint8Array(payload) });
    this.#link.receive(payload, this.#beginBatch());
  }

  onPing(payload: Uint8Array): void {
    if (this.#options.kind === "webgl") this.#transport?.sendPong(payload);
    else this.input({ kind: "ping", payload: new Uint8Array(payload) });
  }

  onPong(payload: Uint8Array): void {
    const nowMs = this.#scheduler.nowMs();
    const rttMs = this.#link?.matchPong(payload, nowMs);
    if (rttMs !== undefined && !this.#report.isEnded) this.#listener.onPong(rttMs, nowMs);
    this.input({ kind: "pong" });
  }

  onBatchEnd(): void {
    if (this.#batchMs === undefined) return;
    if (this.#paced === undefined) this.#act(this.#batchMs);
    this.#batchMs = undefined;
    this.#transport?.uncork();
    // On the usual path deadlines only move away, and the timer may stay where it is.
    const mayComeNearer = this.#paced !== undefined || this.#dialling !== undefined || this.#link?.isClosing === true;
    if (mayComeNearer || this.#link?.data.hasDeadlines === true) this.#arm();
  }

  onFailed(failure: TransportFailure): void {
    this.#transport = undefined;
    if (this.#dialling?.isRetried(failure) === true) this.#arm();
    else this.destroy(failureReason(failure), failure.detail);
  }

  /** What arrives together counts as read at one moment, and what it calls for leaves together. */
  #beginBatch(): number {
    if (this.#batchMs === undefined) {
      this.#batchMs = this.#scheduler.nowMs();
      this.#transport?.cork();
    }
    return this.#batchMs;
  }

  protected override input(input: HeldInput): void {
    const link = this.#link;
    if (this.#transport === undefined || link === undefined) return;
    const nowMs = this.#beginBatch();
    if (this.#paced !== undefined) return this.#paced.hold(input, link, nowMs);
    link.apply(input, nowMs);
    if (input.kind === "ended") this.#release();
  }

  #readHeld(paced: PacedWork, nowMs: number): void {
    paced.grid.begin(nowMs);
    this.#link?.beginUpdate(nowMs);
    if (this.#link !== undefined && paced.read(this.#link, nowMs)) this.#release();
  }

  /** What the clock and the application call for, behind the input. */
  #act(nowMs: number): void {
    const due = this.#dialling?.due(nowMs);
    if (due === "dial") this.#transport = this.#dialling?.dial(nowMs, this);
    else if (due !== undefined) this.#giveUp(due, nowMs);
    const link = this.#link;
    if (link === undefined || this.#transport === undefined) return;
    if (link.isOverdue(nowMs)) return this.destroy("ConnectionClosed");
    link.settle(nowMs);
    this.#paced?.runApplication(link, this.#report.ownEnd, nowMs);
    link.flush(nowMs);
    link.data.batch++;
  }

  #giveUp(reason: Reason, nowMs: number): void {
    const detail = `gave up after ${Math.round(nowMs - this.timings.startMs)} ms`;
    if (this.#link === undefined) this.destroy(reason, detail);
    else this.#link.leave({ reason, detail }, nowMs);
  }

  /** Keeps the timer at the next deadline or earlier; a wake-up too early is harmless. */
  #arm(): void {
    if (this.#batchMs !== undefined || this.#report.isReleased) return;
    if (this.#report.wasConnected || this.#report.isEnded) this.#dialling = undefined;
    const atMs = this.#nextMs();
    if (this.heapIndex < 0 || atMs < this.dueMs) this.#scheduler.schedule(this, atMs);
  }

  #nextMs(): number {
    const diallingMs = this.#dialling?.nextDeadlineMs ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(diallingMs, this.#link?.nextDeadlineMs ?? Number.POSITIVE_INFINITY);
    if (this.#paced === undefined) return atMs;
    const isPending = this.#paced.isPending || this.#link?.isPending === true;
    return this.#paced.grid.updateAt(isPending ? this.#scheduler.nowMs() : atMs);
  }

  #release(): void {
    this.#transport = undefined;
    this.#dialling = undefined;
    this.#scheduler.cancel(this);
    this.#report.released();
  }
}

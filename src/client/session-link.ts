// A session from the open socket on: the UTP connection above the transport, pings and the closing handshake between them. Acts on
// what it is given and when it is told to; it keeps no timer and does not know whether updates or batches of input drive it.
import { Connection, type ConnectionEffects } from "../protocol/connection.js";
import type { CloseCause, ProtocolDrop } from "../protocol/connection-effects.js";
import type { SendOutcome } from "../protocol/piped-connection.js";
import type { Transport } from "../transport/transport.js";
import { CloseHandshake, NO_CODE } from "./close-handshake.js";
import type { HeldInput } from "./held-input.js";
import { SessionData } from "./session-data.js";
import { pingsOf, type SessionPings } from "./session-pings.js";
import { type Outcome, outcomeOf, type SessionReport } from "./session-report.js";
import { closeTimingOf, connectionOptionsOf } from "./session-setup.js";
import type { SessionListener, SessionOptions } from "./session-types.js";

const NORMAL_CODE = 1000;
const UNSUPPORTED_DATA_CODE = 1003;

const LOST: Outcome = { reason: "ConnectionClosed", detail: "the connection is gone" };

export class SessionLink implements ConnectionEffects {
  readonly connection: Connection;
  readonly data: SessionData;
  readonly #options: SessionOptions;
  readonly #transport: Transport;
  readonly #report: SessionReport;
  readonly #listener: SessionListener;
  readonly #pings: SessionPings | undefined;
  #closing: CloseHandshake | undefined;
  #nowMs = 0;
  #isRequestDue = true;
  #pongs: Uint8Array[] | undefined;
  /** Why the layer below was lost, or why we left. */
  #outcome = LOST;

  constructor(
    options: SessionOptions,
    transport: Transport,
    report: SessionReport,
    listener: SessionListener,
    nowMs: number,
  ) {
    this.#options = options;
    this.#transport = transport;
    this.#report = report;
    this.#listener = listener;
    this.#pings = transport.ownsControlFrames ? pingsOf(options, nowMs) : undefined;
    this.connection = new Connection(connectionOptionsOf(options, nowMs - report.timings.startMs));
    this.data = new SessionData(options, this.connection, this, listener);
  }

  get isClosing(): boolean {
    return this.#closing?.isClosing === true;
  }

  /** True while something is to happen in the next update, whatever the time. */
  get isPending(): boolean {
    if (this.#isRequestDue || this.connection.pendingUpdate || this.data.pendingUpdate) return true;
    return this.#closing?.isPending === true;
  }

  /** When `settle` has something to do at the latest; Infinity: never. */
  get nextDeadlineMs(): number {
    const closingMs = this.#closing?.nextDeadlineMs ?? Number.POSITIVE_INFINITY;
    const pingMs = this.#pings === undefined || this.isClosing ? Number.POSITIVE_INFINITY : this.#pings.nextDeadlineMs;
    return Math.min(this.connection.nextDeadlineMs, this.data.nextDeadlineMs, closingMs, pingMs);
  }

  /** True once the last wait is over: the socket is to be dropped. */
  isOverdue(nowMs: number): boolean {
    return this.#closing !== undefined && nowMs >= this.#closing.nextDeadlineMs;
  }

  /** One binary message; the view is valid during the call only. */
  receive(packet: Uint8Array, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#pings?.sawFrame(nowMs);
    this.connection.receive(packet, this.#clockMs(nowMs), this);
  }

  /** Everything else that a transport tells. */
  apply(input: HeldInput, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#pings?.sawFrame(nowMs);
    switch (input.kind) {
      case "binary":
        return this.receive(input.payload, nowMs);
      case "text":
        return this.#text();
      case "ping":
        if (!this.isClosing) this.#pongs = [...(this.#pongs ?? []), input.payload];
        return;
      case "pong":
        return this.#pings?.sawPong();
      case "close":
        return this.#peerClosed(input.code);
      case "violation":
        return this.#violated(input.code, "the server broke the WebSocket protocol or sent a message over the limit");
      case "ended":
        return this.#lose({
          reason: input.how === "reset" ? "ConnectionReset" : "ConnectionClosed",
          detail: input.detail,
        });
    }
  }

  /** Round trip of a measuring ping, if `payload` is the answer to it. */
  matchPong(payload: Uint8Array, nowMs: number): number | undefined {
    return this.#pings?.matchPong(payload, nowMs);
  }

  /** A browser answers the peer's Close by itself, at once; the session hears of it later. */
  answerClose(code: number): void {
    this.#closeHandshake.answer(code);
  }

  /** Start of an update, before its input: what the pipelines have put off leaves first. */
  beginUpdate(nowMs: number): void {
    this.#nowMs = nowMs;
    this.connection.beginUpdate();
    this.data.sendDue(this.#clockMs(nowMs));
    this.#closing?.beginUpdate();
  }

  /** After the input of an update or a batch, and whenever the deadline has come: the first request, timers, what waited. */
  settle(nowMs: number): void {
    this.#nowMs = nowMs;
    const clockMs = this.#clockMs(nowMs);
    if (this.#isRequestDue) {
      this.#isRequestDue = false;
      // It may be lost already, by what came along with the 101.
      if (this.connection.state === "idle") this.#report.timings.requestMs = nowMs;
      this.connection.open(clockMs, this);
    }
    // Behind what the application has answered: an answer is an ack as well.
    if (this.#options.kind === "patient") this.data.sendDue(clockMs);
    if (this.connection.pendingUpdate || clockMs >= this.connection.nextDeadlineMs) {
      this.connection.update(clockMs, this);
    }
  }

  /** Control frames behind the binary ones, as Unity has them, then the end of TCP if it is due. */
  flush(nowMs: number): void {
    const transport = this.#transport;
    if (this.#pongs !== undefined) for (const payload of this.#pongs) transport.sendPong(payload);
    this.#pongs = undefined;
    if (this.#pings !== undefined && !this.isClosing) this.#ping(this.#pings, nowMs);
    const code = this.#closing?.take(nowMs);
    if (code !== undefined) transport.sendClose(code === NO_CODE ? undefined : code);
    if (this.#closing?.takeEnd(nowMs) === true) transport.end();
  }

  /**
   * Sends one message of the application; it is told where a window is full.
   *
   * @param wasTaken It was told before that the message is taken.
   * @throws {RangeError} If the pipeline does not exist, or the payload is larger than it takes.
   */
  sendMessage(pipelineId: number, payload: Uint8Array, nowMs: number, wasTaken: boolean): SendOutcome {
    this.#nowMs = nowMs;
    const outcome = this.data.send(pipelineId, payload, this.#clockMs(nowMs));
    if (outcome === "queueFull") this.#listener.onSendRefused(pipelineId, payload.length, wasTaken);
    return outcome;
  }

  /** Ends the connection from our side, in the way its state asks for. */
  leave(outcome: Outcome, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#outcome = outcome;
    this.connection.close(this.#clockMs(nowMs), this);
  }

  /** `leave`, and everything that belongs to it in one write; for a client without updates. */
  leaveAtOnce(outcome: Outcome, nowMs: number): void {
    this.#transport.cork();
    this.leave(outcome, nowMs);
    this.settle(nowMs);
    this.flush(nowMs);
    this.#transport.uncork();
  }

  send(packet: Uint8Array): boolean {
    this.#transport.sendBinary(packet);
    return true;
  }

  established(_nowMs: number, acceptPayload: Uint8Array | undefined): void {
    this.#report.connected(acceptPayload, this.connection.requests, this.#nowMs);
  }

  message(pipelineId: number, payload: Uint8Array, clockMs: number): void {
    this.data.arrive(pipelineId, payload, clockMs, this.#nowMs);
  }

  closed(cause: CloseCause): void {
    const outcome = cause === "lost" || cause === "local" ? this.#outcome : outcomeOf(cause);
    // Unity's client disconnects itself without an event: its reason stays Default.
    const unityReason = cause === "early" ? "Default" : undefined;
    this.#report.end(outcome, this.connection.requests, this.#nowMs, unityReason);
  }

  releaseTransport(): void {
    this.#closeHandshake.close(this.#options.kind === "webgl" ? NO_CODE : NORMAL_CODE);
  }

  drop(why: ProtocolDrop): void {
    this.#report.drop(why);
  }

  /** What Unity writes and compares are the whole milliseconds of its updates; `patient` uses the time as it is. */
  #clockMs(nowMs: number): number {
    return this.#options.kind === "patient" ? nowMs : Math.floor(nowMs);
  }

  get #closeHandshake(): CloseHandshake {
    this.#closing ??= new CloseHandshake(closeTimingOf(this.#options));
    return this.#closing;
  }

  #text(): void {
    this.drop("textMessage");
    // A browser makes zeros of it, which are no UTP packet.
    if (this.#options.kind !== "webgl") this.#violated(UNSUPPORTED_DATA_CODE, "the server sent a text message");
  }

  #peerClosed(code: number): void {
    const answer = code === NO_CODE && this.#options.kind !== "webgl" ? NORMAL_CODE : code;
    this.#closeHandshake.answer(answer);
    this.#lose({ reason: `WebSocketClose:${code}`, detail: `the server closed the WebSocket with code ${code}` });
  }

  #violated(code: number, detail: string): void {
    this.#closeHandshake.answer(code);
    this.#lose({ reason: "ProtocolViolation", detail: `${detail} (Close ${code})` });
  }

  #lose(outcome: Outcome): void {
    this.#outcome = outcome;
    this.connection.lost(this.#clockMs(this.#nowMs), this);
  }

  #ping(pings: SessionPings, nowMs: number): void {
    if (pings.takeUnityPing(nowMs)) this.#transport.sendPing(new Uint8Array(0));
    const payload = pings.takeMeasuringPing(nowMs);
    if (payload !== undefined) this.#transport.sendPing(payload);
  }
}

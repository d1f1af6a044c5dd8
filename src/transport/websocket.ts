// The WebSocket transport for Node: a socket of its own below ws' frame parser and framer. One attempt, one object; it knows frames,
// close codes and sockets, never UTP.
import type { Duplex } from "node:stream";
import * as ws from "ws";
import { openSocket, type SocketFactory, type SocketOwner } from "./socket-connect.js";
import { earlyEnd, errorDetail, socketFailure } from "./socket-failure.js";
import type { Transport, TransportEvents, TransportFailure, TransportTarget, WireMeter } from "./transport.js";
import { checkTarget, type WebSocketAddress } from "./websocket-target.js";
import { ClientUpgrade } from "./websocket-upgrade.js";
import {
  BINARY_FRAME,
  CLOSE_FRAME,
  closeCodeOf,
  type FrameOptions,
  PING_FRAME,
  PONG_FRAME,
  type ReceiverClass,
  type SenderClass,
} from "./ws-parts.js";

const { Receiver, Sender } = ws as unknown as { Receiver: ReceiverClass; Sender: SenderClass };

const NO_BYTES = new Uint8Array(0);

/** What the last call of a receiver's `_write` ended with. It answers before it returns: nothing here inflates or waits. */
let outcome: NodeJS.ErrnoException | null | undefined;
function noteOutcome(error?: NodeJS.ErrnoException | null): void {
  outcome = error;
}

/** ws' parser, fed directly: the queue of a stream in between would only cost time. */
class FrameReader extends Receiver {
  readonly transport: WebSocketTransport;

  constructor(maxMessageBytes: number, transport: WebSocketTransport) {
    super({ maxPayload: maxMessageBytes });
    this.transport = transport;
    this.on("message", onMessage).on("ping", onPing).on("pong", onPong).on("conclude", onConclude);
  }

  /** Tells what is whole in `chunk`, keeps the rest. Returns the close code of a violation. */
  read(chunk: Buffer): number | undefined {
    this._write(chunk, "binary", noteOutcome);
    return outcome ? closeCodeOf(outcome) : undefined;
  }
}

/** `ending`: we have ended or dropped the socket and wait for its close. */
type State = "new" | "tcp" | "tls" | "upgrade" | "open" | "ending" | "done";

export interface WebSocketTransportOptions {
  /** Makes the socket instead of node:net and node:tls, for tests and other carriers. */
  readonly connectSocket?: SocketFactory;
}

export class WebSocketTransport implements Transport, SocketOwner {
  readonly #options: WebSocketTransportOptions | undefined;
  #state: State = "new";
  #events: TransportEvents | undefined;
  #socket: Duplex | undefined;
  #meter: WireMeter | undefined;
  #reader: FrameReader | undefined;
  /** What is needed until the 101 only. */
  #opening: { target: TransportTarget; address: WebSocketAddress; upgrade?: ClientUpgrade } | undefined;
  /** Nothing that arrives is told any more: after a violation, and after `destroy`. */
  #isDeaf = false;
  #hasSentClose = false;

  constructor(options?: WebSocketTransportOptions) {
    this.#options = options;
  }

  get ownsControlFrames(): boolean {
    return true;
  }

  get bufferedBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** @throws {UsageError} If the URL or a header cannot be used. Everything the network does comes as an event. */
  open(target: TransportTarget, events: TransportEvents): void {
    const address = checkTarget(target);
    this.#opening = { target, address };
    this.#meter = target.meter;
    this.#events = events;
    this.#state = "tcp";
    this.#socket = openSocket(target, address, this, this.#options?.connectSocket);
  }

  sendBinary(message: Uint8Array): void {
    this.#send(message, BINARY_FRAME);
  }

  sendPing(payload: Uint8Array): void {
    this.#send(payload, PING_FRAME);
  }

  sendPong(payload: Uint8Array): void {
    this.#send(payload, PONG_FRAME);
  }

  sendClose(code: number | undefined): void {
    this.#send(code === undefined ? NO_BYTES : Uint8Array.of(code >> 8, code & 0xff), CLOSE_FRAME);
    this.#hasSentClose = true;
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#socket?.end();
  }

  destroy(): void {
    this.#isDeaf = true;
    if (this.#state === "open") this.#state = "ending";
    else if (this.#state !== "ending") this.#finish();
    this.#socket?.destroy();
  }

  cork(): void {
    this.#socket?.cork();
  }

  uncork(): void {
    this.#socket?.uncork();
  }

  /** Called by the socket, as the other methods of this name. */
  socketConnected(): void {
    if (this.#state !== "tcp" || this.#opening === undefined) return;
    const { isSecure } = this.#opening.address;
    if (isSecure) this.#state = "tls";
    this.#events?.onPhase("tcp");
    if (!isSecure) this.#sendUpgrade();
  }

  socketSecured(): void {
    if (this.#state !== "tls") return;
    this.#events?.onPhase("tls");
    this.#sendUpgrade();
  }

  socketRead(chunk: Buffer): void {
    if (this.heard === undefined) return;
    if (this.#reader !== undefined) return this.#readFrames(this.#reader, chunk);
    const answer = this.#opening?.upgrade?.feed(chunk);
    if (answer?.kind === "open") return this.#opened(answer.rest);
    if (answer?.kind === "failed") return this.#fail(answer.failure);
    if (answer === undefined) this.#fail({ reason: "NotWebSocket", detail: "the server spoke before the upgrade" });
  }

  socketEnded(): void {
    if (this.#state === "open") this.#finish()?.onEnded("fin", "the server closed the connection");
  }

  socketClosed(error: Error | undefined): void {
    const state = this.#state;
    const hasAnswer = this.#opening?.upgrade?.hasAnswer === true;
    const events = this.#finish();
    if (state === "ending") events?.onEnded("local", "closed by this side");
    else if (state === "open") events?.onEnded("reset", error ? errorDetail(error) : "the connection broke");
    else if (state === "tcp" || state === "tls" || state === "upgrade") {
      events?.onFailed(error ? socketFailure(error, state) : earlyEnd(state, hasAnswer));
    }
  }

  /** Who is to hear of frames, if anybody is; for the frame reader. */
  get heard(): TransportEvents | undefined {
    return this.#isDeaf ? undefined : this.#events;
  }

  #sendUpgrade(): void {
    // Undefined: the owner gave up when it was told of the phase before.
    if (this.#opening === undefined || this.#socket === undefined) return;
    const upgrade = new ClientUpgrade(this.#opening.target, this.#opening.address, this.#socket);
    this.#opening.upgrade = upgrade;
    this.#state = "upgrade";
    this.#socket.write(upgrade.request, "latin1");
    this.#events?.onPhase("upgradeSent");
  }

  #opened(rest: Buffer): void {
    this.#reader = new FrameReader(this.#opening?.target.maxMessageBytes ?? 0, this);
    this.#opening = undefined;
    this.#state = "open";
    this.#events?.onOpen();
    this.#readFrames(this.#reader, rest);
  }

  #readFrames(reader: FrameReader, chunk: Buffer): void {
    if (this.#meter) this.#meter.wireBytesReceived += chunk.length;
    const violation = chunk.length > 0 ? reader.read(chunk) : undefined;
    if (violation !== undefined) {
      this.heard?.onViolation(violation);
      this.#isDeaf = true;
    }
    this.#events?.onBatchEnd();
  }

  #send(payload: Uint8Array, options: FrameOptions): void {
    if (this.#state !== "open" || this.#hasSentClose) return;
    const [head = NO_BYTES, body] = Sender.frame(payload, options);
    if (this.#meter) this.#meter.wireBytesSent += head.length + (body?.length ?? 0);
    // With a body the mask happens to be all zeros, and the body is the caller's own bytes, which may change after this call.
    this.#socket?.write(body === undefined ? head : Buffer.concat([head, body]));
  }

  #fail(failure: TransportFailure): void {
    const events = this.#finish();
    this.#socket?.destroy();
    events?.onFailed(failure);
  }

  /** After this nothing reaches the owner any more. */
  #finish(): TransportEvents | undefined {
    const events = this.#events;
    this.#events = undefined;
    this.#opening = undefined;
    this.#reader = undefined;
    this.#state = "done";
    return events;
  }
}

function onMessage(this: FrameReader, payload: Uint8Array, isBinary: boolean): void {
  if (isBinary) this.transport.heard?.onBinary(payload);
  else this.transport.heard?.onText();
}

function onPing(this: FrameReader, payload: Uint8Array): void {
  this.transport.heard?.onPing(payload);
}

function onPong(this: FrameReader, payload: Uint8Array): void {
  this.transport.heard?.onPong(payload);
}

function onConclude(this: FrameReader, code: number): void {
  this.transport.heard?.onClose(code);
}

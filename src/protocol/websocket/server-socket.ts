// The server's end of one WebSocket, sans-I/O: upgrade, frames, pings and closing as Unity's server does them, in its updates.
// Knows nothing of UTP and writes nothing itself: what is to be sent waits here until the owner takes it.
import { FrameReader, type FrameSink } from "./frame-reader.js";
import { type FrameWriter, joinPieces, OPCODE } from "./frame-writer.js";
import { fromLatin1, HEAD_LIMIT_BYTES } from "./http-head.js";
import type { ServerSocketEvents, ServerSocketOptions } from "./server-socket-setup.js";
import { checkUpgradeRequest } from "./upgrade-request.js";
import { REFUSALS, writeUpgradeAccept } from "./upgrade-response.js";

type SocketState = "upgrade" | "open" | "closing" | "ending" | "ended";

const EMPTY = new Uint8Array(0);
const NEVER = -1;
const NORMAL_CLOSURE = 1000;
const INTERNAL_ERROR = 1011;
/** What Unity holds of pongs and other control frames until they leave. */
const CONTROL_LIMIT_BYTES = HEAD_LIMIT_BYTES;

/** @see com.unity.transport@2.7.2 Runtime/Layers/WebSocketLayer.cs; protocol page 2.1 to 2.4 */
export class ServerSocket implements FrameSink {
  readonly #options: ServerSocketOptions;
  readonly #events: ServerSocketEvents;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  #state: SocketState = "upgrade";
  #head: Uint8Array = EMPTY;
  /** First byte of the upgrade, last whole frame, or our own Close, as the state has it; -1: not yet. */
  #sinceMs = NEVER;
  #awaitsPong = false;
  #endIn = NEVER;
  #binary: Uint8Array[] = [];
  #control: Uint8Array[] = [];
  #controlBytes = 0;

  constructor(options: ServerSocketOptions, writer: FrameWriter, events: ServerSocketEvents) {
    this.#options = options;
    this.#writer = writer;
    this.#events = events;
    this.#reader = new FrameReader(options.maxMessageBytes, options.corruptsKept);
  }

  get state(): SocketState {
    return this.#state;
  }

  /** Whether a byte has come yet. */
  get isSilent(): boolean {
    return this.#state === "upgrade" && this.#sinceMs === NEVER;
  }

  /** Whether a whole message waits for a place in the receive queue. */
  get isKept(): boolean {
    return this.#reader.isKept;
  }

  get binaryFrames(): number {
    return this.#binary.length;
  }

  get hasControl(): boolean {
    return this.#control.length > 0;
  }

  /** Bytes of the peer, in any pieces. They belong to the socket from now on. Never throws. */
  receive(bytes: Uint8Array, nowMs: number): void {
    if (bytes.length === 0) return;
    if (this.#state === "upgrade") return this.#upgrade(bytes, nowMs);
    if (this.#state === "open" || this.#state === "closing") this.#read(bytes, nowMs);
  }

  /** TCP has ended from the other side, or broken. */
  tcpEnded(): void {
    if (this.#state === "ended") return;
    const wasOpen = this.#state === "open";
    this.#state = "ended";
    this.#reader.stop();
    if (wasOpen) this.#events.lost("tcpEnd", undefined);
    this.#events.end();
  }

  /** Queues one binary message; false where the socket is not open. Takes a copy. */
  send(message: Uint8Array): boolean {
    if (this.#state !== "open") return false;
    this.#binary.push(this.#writer.frame(OPCODE.binary, message));
    this.#events.outputReady();
    return true;
  }

  /** The layer above is done: Close 1000, then the wait for the peer's. */
  close(nowMs: number): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#sinceMs = nowMs;
    this.#sendClose(NORMAL_CLOSURE);
    if (this.#options.disconnectTimeoutMs === 0) this.#linger();
  }

  /** Ends without a word: Unity's way with a socket whose buffer is full, or that says nothing. */
  closeSilently(): void {
    if (this.#state === "open") this.#events.lost("overflow", undefined);
    this.#linger();
  }

  /** Start of an update. */
  beginUpdate(): void {
    if (this.#endIn > 0) this.#endIn--;
  }

  /** Timers: upgrade, pings, the wait for the peer's Close. */
  update(nowMs: number): void {
    const { connectTimeoutMs, heartbeatTimeoutMs, disconnectTimeoutMs } = this.#options;
    const elapsedMs = nowMs - this.#sinceMs;
    if (this.#state === "upgrade" && this.#sinceMs !== NEVER && elapsedMs > connectTimeoutMs) this.#linger();
    else if (this.#state === "closing" && elapsedMs > disconnectTimeoutMs) this.#linger();
    else if (this.#state === "open" && heartbeatTimeoutMs > 0 && elapsedMs > heartbeatTimeoutMs && !this.#awaitsPong) {
      this.#awaitsPong = true;
      this.#sendControl(OPCODE.ping, EMPTY);
    }
  }

  /** Ends TCP if its time has come. To be called after the output was taken. */
  settle(): void {
    if (this.#endIn !== 0 || this.#state === "ended") return;
    this.#state = "ended";
    this.#events.end();
  }

  /** What waits to be sent, binary frames first; control frames stay where `withControl` is false. */
  takeOutput(withControl: boolean): Uint8Array | undefined {
    const pieces = this.#binary;
    if (withControl && this.#control.length > 0) {
      for (const piece of this.#control) pieces.push(piece);
      this.#control = [];
      this.#controlBytes = 0;
    }
    if (pieces.length === 0) return undefined;
    this.#binary = [];
    return joinPieces(pieces);
  }

  takePlace(): boolean {
    // While the Close is awaited messages are dropped, not queued.
    return this.#state !== "open" || this.#events.takePlace();
  }

  binary(message: Uint8Array): void {
    if (this.#state === "open") this.#events.message(message);
  }

  ping(payload: Uint8Array): void {
    if (this.#state !== "open") return;
    const pong = this.#writer.frame(OPCODE.pong, payload);
    if (this.#controlBytes + pong.length > CONTROL_LIMIT_BYTES) return this.#fail(INTERNAL_ERROR);
    this.#queueControl(pong);
  }

  pong(): void {
    this.#awaitsPong = false;
  }

  violation(code: 1002 | 1003 | 1009): void {
    this.#fail(code);
  }

  /** A Close of the peer. */
  closed(status: number | undefined): void {
    const wasOpen = this.#state === "open";
    if (wasOpen) this.#sendClose(status ?? NORMAL_CLOSURE);
    this.#linger();
    if (wasOpen) this.#events.lost("peerClose", status);
  }

  #upgrade(bytes: Uint8Array, nowMs: number): void {
    if (this.#sinceMs === NEVER) this.#sinceMs = nowMs;
    const seen = this.#head.length === 0 ? bytes : joinPieces([this.#head, bytes]);
    const verdict = checkUpgradeRequest(seen, this.#options.path);
    this.#head = verdict.kind === "incomplete" ? seen : EMPTY;
    if (verdict.kind === "silent") return this.#linger();
    if (verdict.kind === "refused") {
      this.#queueControl(fromLatin1(REFUSALS[verdict.status]));
      this.#events.upgradeRefused(verdict.status);
      return this.#linger();
    }
    if (verdict.kind !== "accepted") return;
    this.#state = "open";
    this.#sinceMs = nowMs;
    this.#queueControl(fromLatin1(writeUpgradeAccept(this.#options.acceptValue(verdict.key))));
    if (verdict.headBytes < seen.length) this.#read(seen.subarray(verdict.headBytes), nowMs);
  }

  #read(bytes: Uint8Array, nowMs: number): void {
    const before = this.#reader.frames;
    const isRead = this.#reader.read(bytes, this);
    if (this.#state === "open" && this.#reader.frames !== before) this.#sinceMs = nowMs;
    if (!isRead) this.closeSilently();
  }

  #fail(code: number): void {
    const wasOpen = this.#state === "open";
    if (wasOpen) this.#sendClose(code);
    this.#linger();
    if (wasOpen) this.#events.lost("violation", code);
  }

  #linger(): void {
    if (this.#state === "ending" || this.#state === "ended") return;
    this.#state = "ending";
    this.#reader.stop();
    this.#endIn = this.#options.lingerUpdates;
    this.#head = EMPTY;
    // Makes the owner settle even where nothing is left to send.
    this.#events.outputReady();
  }

  #sendClose(code: number): void {
    this.#sendControl(OPCODE.close, Uint8Array.of(code >> 8, code & 0xff));
  }

  #sendControl(opcode: number, payload: Uint8Array): void {
    this.#queueControl(this.#writer.frame(opcode, payload));
  }

  #queueControl(bytes: Uint8Array): void {
    this.#control.push(bytes);
    this.#controlBytes += bytes.length;
    this.#events.outputReady();
  }
}

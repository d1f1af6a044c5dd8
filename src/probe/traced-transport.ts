// A transport with every frame told, both ways, and the HTTP heads before them. Passes everything on and changes nothing.
import type {
  Transport,
  TransportEvents,
  TransportFailure,
  TransportPhase,
  TransportTarget,
} from "../transport/transport.js";
import type { ProbeFrame } from "./observation.js";
import type { SocketTap } from "./tapped-socket.js";

type TellFrame = (direction: ProbeFrame["direction"], kind: ProbeFrame["kind"], payload: Uint8Array) => void;

/** Of the server's answer to the upgrade only this much is kept. */
const HEAD_LIMIT_BYTES = 2048;
const NO_BYTES = new Uint8Array(0);

export class TracedTransport implements Transport, TransportEvents, SocketTap {
  readonly #inner: Transport;
  readonly #tell: TellFrame;
  #events: TransportEvents | undefined;
  #isOpen = false;
  #answerHead = "";

  /** @param tell The bytes are valid during the call only. */
  constructor(createTransport: (tap: SocketTap) => Transport, tell: TellFrame) {
    this.#inner = createTransport(this);
    this.#tell = tell;
  }

  /** What came before the WebSocket was open: the head of the answer, or what stood in its place; Latin-1, at most 2 KB. */
  get answerHead(): string {
    return this.#answerHead;
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  get ownsControlFrames(): boolean {
    return this.#inner.ownsControlFrames;
  }

  open(target: TransportTarget, events: TransportEvents): void {
    this.#events = events;
    this.#inner.open(target, this);
  }

  sendBinary(message: Uint8Array): void {
    this.#tell("sent", "binary", message);
    this.#inner.sendBinary(message);
  }

  sendPing(payload: Uint8Array): void {
    this.#tell("sent", "ping", payload);
    this.#inner.sendPing(payload);
  }

  sendPong(payload: Uint8Array): void {
    this.#tell("sent", "pong", payload);
    this.#inner.sendPong(payload);
  }

  sendClose(code: number | undefined): void {
    this.#tell("sent", "close", closePayload(code));
    this.#inner.sendClose(code);
  }

  end(): void {
    this.#inner.end();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  socketSent(bytes: Uint8Array): void {
    if (!this.#isOpen) this.#tell("sent", "http", bytes);
  }

  socketReceived(bytes: Uint8Array): void {
    if (this.#isOpen) return;
    const before = this.#answerHead.length;
    const text = String.fromCharCode(...bytes.subarray(0, HEAD_LIMIT_BYTES - before));
    const headEnd = (this.#answerHead + text).indexOf("\r\n\r\n");
    // Behind the head of a 101 stand frames, which are told as frames; behind others a page, which nobody needs.
    const headBytes = headEnd < 0 ? text.length : Math.max(0, headEnd + 4 - before);
    if (headBytes > 0) this.#tell("received", "http", bytes.subarray(0, headBytes));
    this.#answerHead += text.slice(0, headBytes);
  }

  onPhase(phase: TransportPhase): void {
    this.#events?.onPhase(phase);
  }

  onOpen(): void {
    this.#isOpen = true;
    this.#events?.onOpen();
  }

  onBinary(payload: Uint8Array): void {
    this.#tell("received", "binary", payload);
    this.#events?.onBinary(payload);
  }

  onText(): void {
    this.#tell("received", "text", NO_BYTES);
    this.#events?.onText();
  }

  onPing(payload: Uint8Array): void {
    this.#tell("received", "ping", payload);
    this.#events?.onPing(payload);
  }

  onPong(payload: Uint8Array): void {
    this.#tell("received", "pong", payload);
    this.#events?.onPong(payload);
  }

  onClose(code: number): void {
    this.#tell("received", "close", closePayload(code === 1005 ? undefined : code));
    this.#events?.onClose(code);
  }

  onViolation(code: number): void {
    this.#events?.onViolation(code);
  }

  onBatchEnd(): void {
    this.#events?.onBatchEnd();
  }

  onFailed(failure: TransportFailure): void {
    this.#events?.onFailed(failure);
  }

  onEnded(how: "fin" | "reset" | "local", detail: string): void {
    this.#events?.onEnded(how, detail);
  }
}

function closePayload(code: number | undefined): Uint8Array {
  return code === undefined ? NO_BYTES : Uint8Array.of(code >> 8, code & 0xff);
}

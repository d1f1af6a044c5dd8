// The browser's own WebSocket as a transport. Pings, pongs, most close codes and the steps of connecting belong to the browser; it
// gives no reason for a connection that did not open.
import { UsageError } from "../errors.js";
import type { Transport, TransportEvents, TransportTarget, WireMeter } from "./transport.js";
import { parseWebSocketUrl } from "./websocket-target.js";

const NORMAL_CODE = 1000;
const TOO_LARGE_CODE = 1009;
/** What a browser reports when the connection broke without a Close. */
const ABNORMAL_CODE = 1006;
const MASK_BYTES = 4;

const NOT_OPENED =
  "the browser could not open the WebSocket and does not say why: nothing listens there, the path is another, or its certificate is not trusted";

export class BrowserWebSocketTransport implements Transport {
  #socket: WebSocket | undefined;
  #events: TransportEvents | undefined;
  #meter: WireMeter | undefined;
  #maxMessageBytes = 0;
  #isOpen = false;
  #isOwnEnd = false;
  /** Nothing that arrives is told any more: after a violation, and after `destroy`. */
  #isDeaf = false;

  get ownsControlFrames(): boolean {
    return false;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** @throws {UsageError} If the URL cannot be used in this page, or the target asks for what no page can do. */
  open(target: TransportTarget, events: TransportEvents): void {
    parseWebSocketUrl(target.url);
    checkPossible(target);
    const socket = newSocket(target.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#events = events;
    this.#meter = target.meter;
    this.#maxMessageBytes = target.maxMessageBytes;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#message(data);
    socket.onclose = ({ code }) => this.#closed(code);
  }

  sendBinary(message: Uint8Array): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (this.#meter) this.#meter.wireBytesSent += frameBytes(message.length) + MASK_BYTES;
    // A copy of exactly these bytes: the caller's may lie in a larger buffer, and may change after this call.
    this.#socket.send(new Uint8Array(message));
  }

  sendPing(): void {}

  sendPong(): void {}

  /** A page may send 1000 or no code at all; other codes become none. */
  sendClose(code: number | undefined): void {
    this.#isOwnEnd = true;
    if (code === NORMAL_CODE) this.#socket?.close(code);
    else this.#socket?.close();
  }

  end(): void {
    this.#isOwnEnd = true;
    this.#socket?.close();
  }

  destroy(): void {
    this.#isDeaf = true;
    if (!this.#isOpen) this.#events = undefined;
    this.end();
  }

  cork(): void {}

  uncork(): void {}

  #opened(): void {
    this.#isOpen = true;
    this.#events?.onOpen();
    this.#events?.onBatchEnd();
  }

  #message(data: unknown): void {
    if (this.#isDeaf) return;
    if (data instanceof ArrayBuffer) this.#binary(new Uint8Array(data));
    else this.#events?.onText();
    this.#events?.onBatchEnd();
  }

  #binary(payload: Uint8Array): void {
    if (this.#meter) this.#meter.wireBytesReceived += frameBytes(payload.length);
    if (payload.length <= this.#maxMessageBytes) return this.#events?.onBinary(payload);
    this.#events?.onViolation(TOO_LARGE_CODE);
    this.#isDeaf = true;
  }

  #closed(code: number): void {
    const events = this.#events;
    this.#events = undefined;
    if (!this.#isOpen) return events?.onFailed({ reason: "ConnectionRefused", detail: NOT_OPENED });
    if (code === ABNORMAL_CODE) return events?.onEnded(this.#isOwnEnd ? "local" : "reset", "the connection broke");
    if (!this.#isDeaf) {
      events?.onClose(code);
      events?.onBatchEnd();
    }
    events?.onEnded(this.#isOwnEnd ? "local" : "fin", "the WebSocket is closed");
  }
}

function checkPossible(target: TransportTarget): void {
  const { headers = [], ca, insecure, localAddress } = target;
  if (headers.length === 0 && ca === undefined && insecure !== true && localAddress === undefined) return;
  throw new UsageError(
    "Cannot connect: headers, ca, insecure and localAddress must be left out in a browser, got at least one of them",
    "Leave them to the browser, or run the client in Node",
  );
}

/** A page from https:// may not open ws://, which the constructor says by throwing. */
function newSocket(url: string): WebSocket {
  try {
    return new WebSocket(url);
  } catch (error) {
    throw new UsageError(
      `Cannot connect: the URL must be one that this page may open, got ${url} (${String(error)})`,
      "Use wss:// from a page that was loaded over https://",
    );
  }
}

/** Size of a server's frame on the wire. */
function frameBytes(payloadBytes: number): number {
  if (payloadBytes < 126) return payloadBytes + 2;
  return payloadBytes + (payloadBytes < 65_536 ? 4 : 10);
}

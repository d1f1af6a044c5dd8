// What a probe does on a connection that stands: one data message, its echo, and the end of the hold. Owns no timer.
import { isProbePayload, probePayload } from "./probe-payload.js";
import type { WalkRecord } from "./walk-record.js";
import { counted } from "./words.js";

/** The message waits this long: a server may drop a client whose data is there before the game has seen it (protocol page 9.7). */
const MESSAGE_DELAY_MS = 250;
/** An echo that takes longer is told as missing, though still noted when it comes. */
const ECHO_WAIT_MS = 2000;

export class Hold {
  readonly #record: WalkRecord;
  readonly #holdMs: number;
  readonly #messageBytes: number;
  #isEchoTold = false;

  constructor(record: WalkRecord, holdMs: number, messageBytes: number) {
    this.#record = record;
    this.#holdMs = holdMs;
    this.#messageBytes = messageBytes;
  }

  /** The next moment at which `message`, `update` or `isOver` has something to say. */
  get nextMs(): number {
    const { messageMs } = this.#record;
    if (this.#messageBytes === 0 || this.#isEchoTold) return this.#endMs;
    return Math.min(this.#endMs, messageMs === undefined ? this.#messageDueMs : messageMs + ECHO_WAIT_MS);
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.#endMs;
  }

  /** The data message, once, when it is due. */
  takeMessage(nowMs: number): Uint8Array | undefined {
    const isDue = this.#messageBytes > 0 && this.#record.messageMs === undefined && nowMs >= this.#messageDueMs;
    if (!isDue) return undefined;
    this.#record.messageMs = nowMs;
    return probePayload(this.#messageBytes);
  }

  /** A message of the server: ours, come back? */
  receive(payload: Uint8Array, nowMs: number): void {
    const record = this.#record;
    record.afterAccept.messages++;
    if (record.messageMs === undefined || record.echoMs !== undefined) return;
    if (!isProbePayload(payload, this.#messageBytes)) return;
    record.echoMs = nowMs;
    if (!this.#isEchoTold) record.step("message", "ok", nowMs, record.messageMs, `${payload.length} bytes, echoed`);
    this.#isEchoTold = true;
  }

  /** Tells a missing echo once it is late. */
  update(nowMs: number): void {
    const { messageMs } = this.#record;
    if (messageMs === undefined || this.#isEchoTold) return;
    if (nowMs >= messageMs + ECHO_WAIT_MS || this.isOver(nowMs)) this.#tellNoEcho(nowMs);
  }

  /** The connection ended or is about to: tells what is still open. */
  tellEnd(nowMs: number): void {
    const record = this.#record;
    if (record.messageMs !== undefined && !this.#isEchoTold) this.#tellNoEcho(nowMs);
    const { heartbeats, messages } = record.afterAccept;
    const detail = `${record.heartbeatsSent} sent, ${heartbeats} received${messages > 0 ? `; ${counted(messages, "message")}` : ""}`;
    record.step("heartbeats", heartbeats > 0 ? "ok" : "note", nowMs, null, detail);
  }

  get #endMs(): number {
    return (this.#record.acceptMs ?? 0) + this.#holdMs;
  }

  get #messageDueMs(): number {
    return (this.#record.acceptMs ?? 0) + Math.min(MESSAGE_DELAY_MS, this.#holdMs / 4);
  }

  #tellNoEcho(nowMs: number): void {
    this.#isEchoTold = true;
    const detail = `${this.#messageBytes} bytes sent, no echo (none is required)`;
    this.#record.step("message", "note", nowMs, this.#record.messageMs ?? null, detail);
  }
}

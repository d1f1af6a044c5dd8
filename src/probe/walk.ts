// One connection, walked from the connect call to the peer's FIN: a Connection on a Transport, every step and frame noted down. Says what
// happened and never what it means.
import { type CloseCause, Connection, type ConnectionEffects, type ProtocolDrop } from "../protocol/connection.js";
import { MESSAGE_TYPE } from "../protocol/wire.js";
import type { TimerEntry } from "../time/clock.js";
import type { TransportEvents, TransportFailure, TransportPhase } from "../transport/transport.js";
import { Hold } from "./hold.js";
import { Leaving } from "./leaving.js";
import type { Ending } from "./observation.js";
import { TracedTransport } from "./traced-transport.js";
import type { WalkFacts, WalkRecord } from "./walk-record.js";
import type { WalkSetup } from "./walk-setup.js";
import { counted } from "./words.js";

export class Walk implements TransportEvents, ConnectionEffects, TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #setup: WalkSetup;
  readonly #record: WalkRecord;
  readonly #onDone: () => void;
  readonly #connection: Connection;
  readonly #transport: TracedTransport;
  readonly #hold: Hold;
  readonly #leaving: Leaving;
  #isDone = false;

  /** @param onDone Called once, when the socket is gone or given up. */
  constructor(setup: WalkSetup, record: WalkRecord, onDone: () => void) {
    this.#setup = setup;
    this.#record = record;
    this.#onDone = onDone;
    this.#connection = new Connection({ role: "client", token: setup.token });
    this.#transport = new TracedTransport(setup.createTransport, record.frame);
    this.#hold = new Hold(record, setup.holdMs, setup.messageBytes);
    this.#leaving = new Leaving(record);
  }

  /** @throws {UsageError} If the transport cannot use the URL or a header. */
  start(): void {
    this.#record.enter("tcp", this.#now());
    this.#transport.open(this.#setup.target, this);
    this.#arm();
  }

  /** What was seen; complete once `onDone` was called. */
  facts(): WalkFacts {
    return this.#record.facts(this.#transport.answerHead);
  }

  /** Leaves now, politely where the connection is up. Once the walk is over: nothing. */
  interrupt(): void {
    if (!this.#isDone) this.#endBySelf({ kind: "interrupted" }, "interrupted", this.#now());
  }

  fire(nowMs: number): void {
    const { stage, stageMs } = this.#record;
    if (this.#leaving.limitMs !== undefined) {
      if (nowMs < this.#leaving.limitMs) return this.#arm();
      this.#leaving.over(false, "the server did not end it; ended by us", nowMs);
      return this.#done();
    }
    if (stage === "hold") this.#stay(nowMs);
    else if (nowMs >= stageMs + this.#setup.limitMs) {
      this.#endBySelf({ kind: "limit" }, `nothing within ${this.#setup.limitMs} ms`, nowMs);
    }
    this.#settle(nowMs);
  }

  onPhase(phase: TransportPhase): void {
    this.#record.phase(phase, this.#setup, this.#now());
    this.#arm();
  }

  onOpen(): void {
    const nowMs = this.#now();
    this.#record.openMs = nowMs;
    this.#record.step("upgrade", "ok", nowMs, this.#record.stageMs, "101 Switching Protocols");
    this.#record.enter("accept", nowMs);
    this.#connection.open(nowMs, this);
    this.#arm();
  }

  onBinary(payload: Uint8Array): void {
    const nowMs = this.#now();
    this.#record.packet(payload, this.#setup.token, nowMs);
    this.#connection.receive(payload, nowMs, this);
  }

  onText(): void {
    this.#cut({ kind: "text" }, "a text message came", 1003, this.#now());
  }

  onPing(payload: Uint8Array): void {
    if (payload.length === 0 && this.#record.stage === "accept") this.#record.beforeAccept.emptyPings++;
    this.#transport.sendPong(payload);
  }

  /** We send no pings, so it answers nothing. */
  onPong(): void {}

  onClose(code: number): void {
    const nowMs = this.#now();
    this.#leaving.peerClosed(code, nowMs);
    if (this.#record.ending !== undefined) return this.#arm();
    this.#cut({ kind: "close", code }, `the server closed with ${code}`, code === 1005 ? 1000 : code, nowMs);
  }

  onViolation(code: number): void {
    this.#cut({ kind: "violation", code }, `a frame broke the rules (${code})`, code, this.#now());
  }

  onBatchEnd(): void {
    this.#settle(this.#now());
  }

  onFailed(failure: TransportFailure): void {
    this.#end({ kind: "failed", failure }, failure.detail, this.#now());
    this.#done();
  }

  onEnded(how: "fin" | "reset" | "local", detail: string): void {
    // Our own `destroy` is told too, when everything has been said.
    if (this.#isDone) return;
    const nowMs = this.#now();
    this.#connection.lost(nowMs, this);
    this.#end({ kind: how === "reset" ? "reset" : "fin", detail }, detail, nowMs);
    this.#leaving.over(how === "fin", detail, nowMs);
    this.#done();
  }

  send(packet: Uint8Array): boolean {
    const record = this.#record;
    record.requests = this.#connection.requests;
    if (packet[0] === MESSAGE_TYPE.heartbeat) record.heartbeatsSent++;
    this.#transport.sendBinary(packet);
    return true;
  }

  established(nowMs: number, payload: Uint8Array | undefined): void {
    const record = this.#record;
    const withPayload = payload === undefined ? "" : `, with ${counted(payload.length, "byte")} of payload`;
    const detail = `Connection Accept after ${counted(record.requests, "request")}${withPayload}`;
    record.step("accept", "ok", nowMs, record.stageMs, detail);
    record.accepted(nowMs);
    record.enter("hold", nowMs);
  }

  message(_pipelineId: number, payload: Uint8Array, nowMs: number): void {
    this.#hold.receive(payload, nowMs);
  }

  closed(cause: CloseCause, nowMs: number): void {
    if (cause === "remote") this.#leave({ kind: "disconnect" }, "the server sent a Disconnect", nowMs);
    else if (cause === "timeout") this.#leave({ kind: "silence" }, "nothing came any more", nowMs);
    else if (cause === "exhausted") this.#leave({ kind: "limit" }, "no Accept came", nowMs);
  }

  releaseTransport(): void {
    this.#transport.sendClose(1000);
  }

  drop(why: ProtocolDrop): void {
    this.#record.drop(why);
  }

  /** What is due while the connection stands. */
  #stay(nowMs: number): void {
    const message = this.#hold.takeMessage(nowMs);
    if (message !== undefined) this.#connection.sendData(0, message, nowMs, this);
    this.#hold.update(nowMs);
    if (!this.#hold.isOver(nowMs)) return;
    this.#hold.tellEnd(nowMs);
    this.#record.step("hold", "ok", nowMs, this.#record.stageMs, `stayed connected${this.#record.ignored}`);
    this.#record.end({ kind: "holdOver" }, nowMs);
    this.#record.enter("closing", nowMs);
    this.#leaving.begin(nowMs, this.#setup.limitMs);
    this.#connection.close(nowMs, this);
  }

  /** We give up: before the 101 by dropping the socket, after it by leaving. */
  #endBySelf(ending: Ending, detail: string, nowMs: number): void {
    this.#end(ending, detail, nowMs);
    if (this.#record.openMs === undefined) return this.#done();
    this.#leaving.begin(nowMs);
    this.#connection.close(nowMs, this);
    this.#settle(nowMs);
  }

  /** The WebSocket ends here: our Close, no UTP message any more. */
  #cut(ending: Ending, detail: string, code: number, nowMs: number): void {
    this.#leave(ending, detail, nowMs);
    this.#transport.sendClose(code);
    this.#transport.end();
    this.#connection.lost(nowMs, this);
  }

  #leave(ending: Ending, detail: string, nowMs: number): void {
    this.#end(ending, detail, nowMs);
    this.#leaving.begin(nowMs);
    this.#arm();
  }

  /** Notes the cause of the end, with its step, if there was none before. */
  #end(ending: Ending, detail: string, nowMs: number): void {
    const record = this.#record;
    if (!record.end(ending, nowMs)) return;
    const { stage, stageMs } = record;
    if (stage === "closing") return;
    if (stage === "hold") this.#hold.tellEnd(nowMs);
    record.step(stage, "failed", nowMs, stageMs, detail + record.ignored);
  }

  /** Timers and what waits for the end of a batch, then the next moment. */
  #settle(nowMs: number): void {
    if (this.#isDone) return;
    if (this.#record.openMs !== undefined) {
      this.#transport.cork();
      this.#connection.update(nowMs, this);
      this.#transport.uncork();
    }
    this.#arm();
  }

  #arm(): void {
    if (!this.#isDone) this.#setup.scheduler.schedule(this, this.#nextMs());
  }

  #nextMs(): number {
    const { stage, stageMs } = this.#record;
    if (this.#leaving.limitMs !== undefined) return this.#leaving.limitMs;
    const ownMs = stage === "hold" ? this.#hold.nextMs : stageMs + this.#setup.limitMs;
    return Math.min(ownMs, this.#connection.nextDeadlineMs);
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#setup.scheduler.cancel(this);
    this.#transport.destroy();
    this.#onDone();
  }

  #now(): number {
    return this.#setup.scheduler.nowMs();
  }
}

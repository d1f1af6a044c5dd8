// Listens in on one UTP connection from the middle: what each side's packets mean to the other, pipelines included, as messages of the
// game. Answers nothing, sends nothing, and throws for no packet.
import { DATA_HEADER_BYTES } from "../protocol/parameters.js";
import type { ConnectionPipelines } from "../protocol/pipelines/connection-pipelines.js";
import type { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import { classify, handshakePayload, hasToken, TOKEN_BYTES, tokenOffset } from "../protocol/wire.js";
import type { Side, UnreadCounts } from "./recording.js";

/** What is heard. */
export interface Listener {
  /** The server lets the client in: its first Connection Accept. */
  accepted(connectPayload: Uint8Array | undefined, nowMs: number): void;
  /** A message of the game, whole and once; the bytes are the listener's to keep. */
  message(from: Side, pipelineId: number, payload: Uint8Array, nowMs: number): void;
  /** A UTP Disconnect. */
  disconnected(by: Side, nowMs: number): void;
}

export class UtpListener {
  /** Largest packet either way, bytes. */
  largestPacketBytes = 0;
  readonly #listener: Listener;
  readonly #unread: UnreadCounts;
  readonly #set: PipelineSet;
  /** What each side sends, as its receiver reads it. */
  readonly #pipelines: Readonly<Record<Side, ConnectionPipelines>>;
  #token: Uint8Array | undefined;
  #connectPayload: Uint8Array | undefined;
  #state: "waiting" | "accepted" | "over" = "waiting";

  /** @param set What the game creates. `unread`: counts what is in no message. */
  constructor(set: PipelineSet, listener: Listener, unread: UnreadCounts) {
    this.#set = set;
    this.#listener = listener;
    this.#unread = unread;
    this.#pipelines = { client: this.#readerOf("client"), server: this.#readerOf("server") };
  }

  /** One binary WebSocket message. */
  packet(from: Side, packet: Uint8Array, nowMs: number): void {
    const kind = classify(packet);
    switch (kind) {
      case "empty":
      case "tooShort":
      case "wrongVersion":
      case "unknownHandshake":
      case "unknownType":
        this.#unread.notUtp++;
        return;
    }
    this.largestPacketBytes = Math.max(this.largestPacketBytes, packet.length);
    if (kind === "request") return this.#request(from, packet);
    if (this.#token === undefined || !hasToken(packet, tokenOffset(kind), this.#token)) {
      this.#unread.otherToken++;
      return;
    }
    if (kind === "accept") this.#accept(from, nowMs);
    else if (kind === "data") this.#data(from, packet, nowMs);
    else if (kind === "disconnect") this.#disconnect(from, nowMs);
  }

  /** Adds the packets that their pipelines could not use. */
  countUnusable(unread: UnreadCounts): void {
    for (const side of ["client", "server"] as const) {
      for (let id = 1; id <= this.#set.size; id++) {
        const counters = this.#pipelines[side].countersOf(id);
        unread.unusable += counters?.dropped ?? 0;
        unread.outOfWindow += counters?.outOfWindow ?? 0;
      }
    }
  }

  #request(from: Side, packet: Uint8Array): void {
    if (from !== "client") this.#unread.unexpected++;
    else if (this.#state !== "waiting") {
      // A request that crossed the accept on its way is no surprise; another connection on the same socket is.
      if (!hasToken(packet, tokenOffset("request"), this.#token!)) this.#unread.otherToken++;
    } else {
      const at = tokenOffset("request");
      this.#token = new Uint8Array(packet.subarray(at, at + TOKEN_BYTES));
      const payload = handshakePayload(packet);
      this.#connectPayload = payload.kind === "payload" ? new Uint8Array(payload.bytes) : undefined;
    }
  }

  #accept(from: Side, nowMs: number): void {
    if (from !== "server" || this.#state === "over") this.#unread.unexpected++;
    else if (this.#state === "waiting") {
      this.#state = "accepted";
      this.#listener.accepted(this.#connectPayload, nowMs);
    }
  }

  #data(from: Side, packet: Uint8Array, nowMs: number): void {
    if (this.#state !== "accepted" || packet.length < DATA_HEADER_BYTES) {
      this.#unread.unexpected++;
      return;
    }
    const pipelineId = packet[DATA_HEADER_BYTES - 1]!;
    const body = packet.subarray(DATA_HEADER_BYTES);
    if (pipelineId === 0) this.#listener.message(from, 0, new Uint8Array(body), nowMs);
    else this.#pipelines[from].receive(pipelineId, body, nowMs);
  }

  #disconnect(from: Side, nowMs: number): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#listener.disconnected(from, nowMs);
  }

  #readerOf(from: Side): ConnectionPipelines {
    return this.#set.connect({
      maxBodyBytes: 0,
      sendData: () => false,
      message: (pipelineId, payload, nowMs) => this.#listener.message(from, pipelineId, new Uint8Array(payload), nowMs),
      roundTrip: () => undefined,
      unknownPipeline: () => {
        this.#unread.unknownPipeline++;
      },
    });
  }
}

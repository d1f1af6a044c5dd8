// One UTP connection, client or server end, sans-I/O: packets and times in, effects out. Which move is legal stands in
// transitions.ts; this file only says what a move makes the owner do. No socket, clock, timer, random number or log in here.
import { DATA_HEADER_BYTES, DEFAULT_PARAMETERS, type UtpParameters, WEBSOCKET_PADDING_BYTES } from "./parameters.js";
import { PathMtuProbe, type ProbeSet } from "./path-mtu.js";
import { type Input, type Role, type State, TRANSITIONS } from "./transitions.js";
import {
  classify,
  encodeConnectAccept,
  encodeConnectRequest,
  encodeControl,
  encodeMtuAck,
  encodeMtuCheck,
  handshakePayload,
  hasToken,
  mtuAckSize,
  mtuCheckLength,
  type PacketKind,
  tokenOffset,
  writeData,
} from "./wire.js";

/** Why something that arrived had no effect. A closed set, listed in docs/metrics.md. */
export type ProtocolDrop =
  | "empty"
  | "tooShort"
  | "wrongVersion"
  | "unknownHandshake"
  | "unknownType"
  | "unknownToken"
  | "unexpected"
  | "earlyMessage"
  | "emptyData"
  | "badPayloadLength"
  | "badMtuMessage"
  | "unknownPipeline"
  | "tokenReuse"
  | "textMessage"
  | "oversized"
  | "staleAttempt"
  | "afterClose";

/** How a connection ended: our own close, the peer's Disconnect, silence, no Accept, the layer below, an early message (3.3). */
export type CloseCause = "local" | "remote" | "timeout" | "exhausted" | "lost" | "early";

/** What a move makes the owner do. The owner keeps one sink for the connection's life; nothing is allocated per message. */
export interface ConnectionEffects {
  /** One UTP packet = one binary message. The bytes are valid during the call only. False: not taken, the limit is reached. */
  send(packet: Uint8Array, control: boolean): boolean;
  /** The application may use the connection. `payload` is the peer's connect or accept payload, if it sent one. */
  established(nowMs: number, payload: Uint8Array | undefined): void;
  /** A Data message: the view is valid during the call only. */
  message(pipelineId: number, payload: Uint8Array, nowMs: number): void;
  /** The connection is over; at most once, also before it was established. */
  closed(cause: CloseCause, nowMs: number): void;
  /** The WebSocket is to be closed with 1000 now. */
  releaseTransport(): void;
  drop(why: ProtocolDrop): void;
}

/** In what a client of ours may differ from Unity's: protocol page, 3.3, 2.4 and 15. */
export interface ConnectionRules {
  /** Bytes that the layers below reserve: 14 over WebSocket, 0 over UDP. */
  readonly paddingBytes: number;
  /** What a message before the Accept does: dropped and counted, or Unity's self-disconnect. */
  readonly earlyMessage: "drop" | "disconnect";
  /** Updates from the own `02` to the Close 1000. */
  readonly closeAfterOwnDisconnect: number;
  /** Updates from any other end to the Close 1000. */
  readonly closeAfterOtherEnd: number;
  readonly probeSet: ProbeSet;
}

/** Acts at once and forgives: what a load needs. */
export const PATIENT_RULES: ConnectionRules = {
  paddingBytes: WEBSOCKET_PADDING_BYTES,
  earlyMessage: "drop",
  closeAfterOwnDisconnect: 0,
  closeAfterOtherEnd: 0,
  probeSet: "2.6.0",
};

/** Acts in updates, as both ends of Unity do. */
export const UNITY_RULES: ConnectionRules = {
  ...PATIENT_RULES,
  earlyMessage: "disconnect",
  closeAfterOwnDisconnect: 2,
  closeAfterOtherEnd: 1,
};

export interface ConnectionOptions {
  readonly role: Role;
  /** 8 bytes; a client's must be random. Kept, not copied. */
  readonly token: Uint8Array;
  readonly parameters?: UtpParameters;
  readonly rules?: ConnectionRules;
  /** Connect payload of a client, accept payload of a server. */
  readonly payload?: Uint8Array;
  /** Most requests a client sends; default `maxConnectAttempts`. */
  readonly maxRequests?: number;
}

const NONE = -1;
/** Data packets are built here: the sink has taken the bytes when `send` returns. */
const scratch = new Uint8Array(1600);

/** @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs; protocol page, section 3 */
export class Connection {
  readonly role: Role;
  readonly token: Uint8Array;
  readonly #parameters: UtpParameters;
  readonly #rules: ConnectionRules;
  readonly #payload: Uint8Array | undefined;
  readonly #maxRequests: number;
  #state: State = "idle";
  #requests = 0;
  #requestMs = 0;
  #sentMs = 0;
  #receivedMs = 0;
  #peerPayload: Uint8Array | undefined;
  #probe: PathMtuProbe | undefined;
  #disconnectIn = NONE;
  #releaseIn = NONE;

  /** @throws {RangeError} If the token is not 8 bytes or the payload is larger than the message size allows. */
  constructor(options: ConnectionOptions) {
    this.role = options.role;
    this.token = options.token;
    this.#parameters = options.parameters ?? DEFAULT_PARAMETERS;
    this.#rules = options.rules ?? (options.role === "client" ? PATIENT_RULES : UNITY_RULES);
    this.#payload = options.payload;
    this.#maxRequests = options.maxRequests ?? this.#parameters.maxConnectAttempts;
    if (options.token.length !== 8) {
      throw new RangeError(`Cannot create a connection: token must be 8 bytes, got ${options.token.length}`);
    }
    const limit = this.maxHandshakePayloadBytes;
    if ((options.payload?.length ?? 0) > limit) {
      throw new RangeError(
        `Cannot create a connection: payload must be at most ${limit} bytes, got ${options.payload?.length}`,
      );
    }
  }

  get state(): State {
    return this.#state;
  }

  /** Requests sent so far: 1 is the first try. */
  get requests(): number {
    return this.#requests;
  }

  /** Largest connect or accept payload: 1361 bytes with the defaults over WebSocket. */
  get maxHandshakePayloadBytes(): number {
    // What the stack reserves (padding, token header 9, pipeline id 1) and the handshake's own 15 bytes.
    return this.#parameters.maxMessageSize - this.#rules.paddingBytes - DATA_HEADER_BYTES - 15;
  }

  /** Largest user payload without a pipeline: 1376 bytes with the defaults over WebSocket. */
  get maxPayloadBytes(): number {
    const pathBytes = this.#probe?.pathBytes ?? this.#parameters.maxMessageSize;
    return pathBytes - this.#rules.paddingBytes - DATA_HEADER_BYTES;
  }

  /** True while something is to happen in one of the next updates, whatever the time. */
  get pendingUpdate(): boolean {
    return this.#releaseIn >= 0 || this.#disconnectIn >= 0;
  }

  /** When `update` has something to do at the latest; Infinity: never. An early call is harmless. */
  get nextDeadlineMs(): number {
    const { connectTimeoutMs, disconnectTimeoutMs, heartbeatTimeoutMs } = this.#parameters;
    if (this.#state === "awaitingAccept") return this.#requestMs + connectTimeoutMs + 1;
    if (this.#state !== "discovering" && this.#state !== "established") return Number.POSITIVE_INFINITY;
    let deadline = Number.POSITIVE_INFINITY;
    if (heartbeatTimeoutMs > 0) deadline = this.#sentMs + heartbeatTimeoutMs + 1;
    if (disconnectTimeoutMs > 0) deadline = Math.min(deadline, this.#receivedMs + disconnectTimeoutMs + 1);
    if (this.#state === "discovering" && this.#probe) deadline = Math.min(deadline, this.#probe.nextDeadlineMs);
    return deadline;
  }

  /** Client: the layer below is up. Sends the first Connection Request. */
  open(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("open")) this.#sendRequest(nowMs, effects);
  }

  /** Client: one packet as it arrived. Remote bytes never throw. */
  receive(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    const kind = classify(packet);
    if (kind === "empty" || kind === "tooShort" || kind === "wrongVersion" || kind === "unknownHandshake") {
      return effects.drop(kind);
    }
    if (!hasToken(packet, tokenOffset(kind), this.token)) return effects.drop("unknownToken");
    this.handle(kind, packet, nowMs, effects);
  }

  /** One packet whose kind is known and whose token is ours. */
  handle(kind: PacketKind, packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (this.#state === "awaitingAccept" && isEarly(kind)) return this.#early(kind, packet, nowMs, effects);
    switch (kind) {
      case "data":
        return this.#data(packet, nowMs, effects);
      case "heartbeat":
        this.#refresh(kind, nowMs, effects);
        return;
      case "accept":
        return this.#accept(packet, nowMs, effects);
      case "request":
        return this.#request(packet, nowMs, effects);
      case "disconnect":
        if (!this.#move(kind)) return effects.drop("unexpected");
        return this.#end("remote", nowMs, effects);
      case "mtuCheck":
        return this.#mtuCheck(packet, nowMs, effects);
      case "mtuAck":
        return this.#mtuAck(packet, nowMs, effects);
      default:
        return effects.drop(kind);
    }
  }

  /**
   * Sends one Data message without pipeline stages. False: not established, or the layer below did not take it.
   *
   * @param pipelineId 0: none; n: the n-th pipeline created, 1..255.
   * @throws {RangeError} If the payload is larger than `maxPayloadBytes`.
   */
  sendData(pipelineId: number, payload: Uint8Array, nowMs: number, effects: ConnectionEffects): boolean {
    if (payload.length > this.maxPayloadBytes) {
      throw new RangeError(
        `Cannot send a message: payload must be at most ${this.maxPayloadBytes} bytes, got ${payload.length}`,
      );
    }
    if (this.#state !== "established") return false;
    const length = writeData(scratch, this.token, pipelineId, payload);
    if (!effects.send(scratch.subarray(0, length), false)) return false;
    this.#sentMs = nowMs;
    return true;
  }

  /** Ends the connection from our side: `02 token` if it was accepted, nothing before that. */
  close(nowMs: number, effects: ConnectionEffects): void {
    const wasAccepted = this.#state === "discovering" || this.#state === "established";
    const wasOpen = this.#state !== "idle";
    if (!this.#move("close")) return;
    if (wasAccepted) this.#sendDisconnect(effects);
    this.#end("local", nowMs, effects, wasOpen);
  }

  /** The layer below is gone. */
  lost(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("lost")) effects.closed("lost", nowMs);
    this.#releaseIn = NONE;
    this.#disconnectIn = NONE;
  }

  /** Start of an update, before its input is read. A client without updates need not call it. */
  beginUpdate(): void {
    if (this.#releaseIn > 0) this.#releaseIn--;
    if (this.#disconnectIn > 0) this.#disconnectIn--;
  }

  /** End of an update or of a batch of input, and whenever `nextDeadlineMs` has come: timers, then what waited for its update. */
  update(nowMs: number, effects: ConnectionEffects): void {
    if (this.#state === "awaitingAccept") this.#retry(nowMs, effects);
    else if (this.#state === "discovering" || this.#state === "established") this.#keepAlive(nowMs, effects);
    if (this.#disconnectIn === 0) {
      this.#disconnectIn = NONE;
      this.#sendDisconnect(effects);
      this.#releaseIn = this.#rules.closeAfterOwnDisconnect;
    }
    if (this.#releaseIn === 0) {
      this.#releaseIn = NONE;
      effects.releaseTransport();
    }
  }

  #move(input: Input): boolean {
    const to = TRANSITIONS[this.role][this.#state][input];
    if (to === undefined) return false;
    this.#state = to;
    return true;
  }

  /** A message that keeps an accepted connection alive; false and a drop where it may not come. */
  #refresh(input: Input, nowMs: number, effects: ConnectionEffects): boolean {
    if (!this.#move(input)) {
      effects.drop(this.#state === "closed" ? "afterClose" : "unexpected");
      return false;
    }
    this.#receivedMs = nowMs;
    return true;
  }

  #sendRequest(nowMs: number, effects: ConnectionEffects): void {
    this.#requests++;
    this.#requestMs = nowMs;
    effects.send(encodeConnectRequest(this.token, this.#payload), true);
  }

  #sendDisconnect(effects: ConnectionEffects): void {
    effects.send(encodeControl("disconnect", this.token), true);
  }

  #accept(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#move("accept")) return effects.drop("unexpected");
    this.#keepPeerPayload(packet, effects);
    this.#accepted(nowMs, effects);
  }

  #request(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    const isFirst = this.#state === "idle";
    if (!this.#move("request")) return effects.drop("unexpected");
    this.#keepPeerPayload(packet, effects);
    effects.send(encodeConnectAccept(this.token, this.#payload), true);
    if (isFirst) return this.#accepted(nowMs, effects);
    this.#sentMs = nowMs;
    this.#receivedMs = nowMs;
  }

  #keepPeerPayload(packet: Uint8Array, effects: ConnectionEffects): void {
    const payload = handshakePayload(packet);
    if (payload.kind === "bad") effects.drop("badPayloadLength");
    this.#peerPayload = payload.kind === "payload" ? payload.bytes.slice() : undefined;
  }

  #accepted(nowMs: number, effects: ConnectionEffects): void {
    this.#sentMs = nowMs;
    this.#receivedMs = nowMs;
    const { performPathMtuDiscovery, maxMessageSize } = this.#parameters;
    if (!performPathMtuDiscovery || maxMessageSize <= 1024) return this.#discovered(nowMs, effects);
    this.#probe = new PathMtuProbe(this.#rules.probeSet, maxMessageSize, this.#rules.paddingBytes);
    this.#sendProbes(this.#probe, nowMs, effects);
  }

  #discovered(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("discovered")) effects.established(nowMs, this.#peerPayload);
    this.#peerPayload = undefined;
  }

  #sendProbes(probe: PathMtuProbe, nowMs: number, effects: ConnectionEffects): void {
    for (const lengthField of probe.burst(nowMs)) effects.send(encodeMtuCheck(this.token, lengthField), true);
    this.#sentMs = nowMs;
  }

  #data(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#refresh("data", nowMs, effects)) return;
    if (packet.length < DATA_HEADER_BYTES) return effects.drop("emptyData");
    effects.message(packet[9]!, packet.subarray(DATA_HEADER_BYTES), nowMs);
  }

  #mtuCheck(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#refresh("mtuCheck", nowMs, effects)) return;
    if (this.#answerMtuCheck(packet, effects)) this.#sentMs = nowMs;
  }

  #answerMtuCheck(packet: Uint8Array, effects: ConnectionEffects): boolean {
    const lengthField = mtuCheckLength(packet);
    if (lengthField === undefined) {
      effects.drop("badMtuMessage");
      return false;
    }
    return effects.send(encodeMtuAck(this.token, lengthField + 11 + this.#rules.paddingBytes), true);
  }

  #mtuAck(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#refresh("mtuAck", nowMs, effects)) return;
    const size = mtuAckSize(packet);
    if (size === undefined) return effects.drop("badMtuMessage");
    if (this.#state === "discovering" && this.#probe?.acknowledge(size)) this.#discovered(nowMs, effects);
  }

  #early(kind: PacketKind, packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    effects.drop("earlyMessage");
    if (this.#rules.earlyMessage === "drop") return;
    if (kind === "mtuCheck") this.#answerMtuCheck(packet, effects);
    if (!this.#move("early")) return;
    this.#disconnectIn = 1;
    effects.closed("early", nowMs);
  }

  #retry(nowMs: number, effects: ConnectionEffects): void {
    if (nowMs - this.#requestMs <= this.#parameters.connectTimeoutMs) return;
    if (this.#requests < this.#maxRequests) return this.#sendRequest(nowMs, effects);
    if (this.#move("exhausted")) this.#end("exhausted", nowMs, effects);
  }

  #keepAlive(nowMs: number, effects: ConnectionEffects): void {
    const { disconnectTimeoutMs, heartbeatTimeoutMs } = this.#parameters;
    if (disconnectTimeoutMs > 0 && nowMs - this.#receivedMs > disconnectTimeoutMs) {
      this.#move("timeout");
      this.#sendDisconnect(effects);
      return this.#end("timeout", nowMs, effects);
    }
    const due = this.#state === "discovering" ? this.#probe?.due(nowMs) : undefined;
    if (due === "burst" && this.#probe) this.#sendProbes(this.#probe, nowMs, effects);
    else if (due === "end") this.#discovered(nowMs, effects);
    if (heartbeatTimeoutMs > 0 && nowMs - this.#sentMs > heartbeatTimeoutMs) {
      if (effects.send(encodeControl("heartbeat", this.token), true)) this.#sentMs = nowMs;
    }
  }

  #end(cause: CloseCause, nowMs: number, effects: ConnectionEffects, release = true): void {
    const isOwn = cause === "local" || cause === "timeout";
    if (release) this.#releaseIn = isOwn ? this.#rules.closeAfterOwnDisconnect : this.#rules.closeAfterOtherEnd;
    effects.closed(cause, nowMs);
  }
}

/** Messages that Unity takes as an implicit accept before the real one: all of an accepted connection but its Disconnect. */
function isEarly(kind: PacketKind): boolean {
  return kind === "data" || kind === "heartbeat" || kind === "mtuCheck" || kind === "mtuAck" || kind === "unknownType";
}

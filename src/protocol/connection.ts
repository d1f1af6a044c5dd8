// One UTP connection, client or server end, sans-I/O: packets and times in, effects out. Which move is legal stands in
// transitions.ts; this file only says what a move makes the owner do. No socket, clock, timer, random number or log in here.
import type { CloseCause, ConnectionEffects, ProtocolDrop } from "./connection-effects.js";
import { type ConnectionOptions, checkConnectionOptions, handshakePayloadLimit } from "./connection-options.js";
import { type ConnectionRules, isEarly, PATIENT_RULES, UNITY_RULES } from "./connection-rules.js";
import { Departure } from "./departure.js";
import { Handshake } from "./handshake.js";
import { KeepAlive } from "./keep-alive.js";
import { MtuDiscovery } from "./mtu-discovery.js";
import { DATA_HEADER_BYTES, DEFAULT_PARAMETERS, type UtpParameters } from "./parameters.js";
import { type Input, type Role, type State, TRANSITIONS } from "./transitions.js";
import { classify, hasToken, type PacketKind, tokenOffset, writeData } from "./wire.js";

export type { CloseCause, ConnectionEffects, ConnectionOptions, ConnectionRules, ProtocolDrop };
export { PATIENT_RULES, UNITY_RULES };

/** Data packets are built here: the sink has taken the bytes when `send` returns. */
const scratch = new Uint8Array(1600);

/** @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs; protocol page, section 3 */
export class Connection {
  readonly role: Role;
  readonly token: Uint8Array;
  readonly #parameters: UtpParameters;
  readonly #rules: ConnectionRules;
  readonly #handshake: Handshake;
  readonly #keepAlive: KeepAlive;
  readonly #discovery: MtuDiscovery;
  readonly #departure: Departure;
  #state: State = "idle";

  /** @throws {RangeError} If the token is not 8 bytes or the payload is larger than the message size allows. */
  constructor(options: ConnectionOptions) {
    const parameters = options.parameters ?? DEFAULT_PARAMETERS;
    this.role = options.role;
    this.token = options.token;
    this.#parameters = parameters;
    this.#rules = options.rules ?? (options.role === "client" ? PATIENT_RULES : UNITY_RULES);
    checkConnectionOptions(options, this.maxHandshakePayloadBytes);
    this.#keepAlive = new KeepAlive(parameters);
    this.#handshake = new Handshake(options, parameters, this.#keepAlive);
    this.#discovery = new MtuDiscovery(options.token, parameters, this.#rules, this.#keepAlive);
    this.#departure = new Departure(options.token, this.#rules);
  }

  get state(): State {
    return this.#state;
  }

  /** Requests sent so far: 1 is the first try. */
  get requests(): number {
    return this.#handshake.requests;
  }

  /** Largest connect or accept payload: 1361 bytes with the defaults over WebSocket. */
  get maxHandshakePayloadBytes(): number {
    return handshakePayloadLimit(this.#parameters, this.#rules);
  }

  /** Largest user payload without a pipeline: 1376 bytes with the defaults over WebSocket. */
  get maxPayloadBytes(): number {
    return this.#discovery.pathBytes - this.#rules.paddingBytes - DATA_HEADER_BYTES;
  }

  /** True while something is to happen in one of the next updates, whatever the time. */
  get pendingUpdate(): boolean {
    return this.#departure.isPending;
  }

  /** When `update` has something to do at the latest; Infinity: never. An early call is harmless. */
  get nextDeadlineMs(): number {
    if (this.#state === "awaitingAccept") return this.#handshake.nextDeadlineMs;
    if (!this.#isAccepted) return Number.POSITIVE_INFINITY;
    return Math.min(this.#keepAlive.nextDeadlineMs, this.#discovery.nextDeadlineMs);
  }

  /** Client: the layer below is up. Sends the first Connection Request. */
  open(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("open")) this.#handshake.sendRequest(nowMs, effects);
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
        if (this.#moveOrDrop(kind, effects)) this.#end("remote", nowMs, effects);
        return;
      case "mtuCheck":
        if (this.#refresh(kind, nowMs, effects)) this.#discovery.answer(packet, nowMs, effects);
        return;
      case "mtuAck":
        if (!this.#refresh(kind, nowMs, effects)) return;
        if (this.#discovery.isOverBy(packet, effects)) this.#discovered(nowMs, effects);
        return;
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
    this.#keepAlive.sentMs = nowMs;
    return true;
  }

  /** Ends the connection from our side: `02 token` if it was accepted, nothing before that. */
  close(nowMs: number, effects: ConnectionEffects): void {
    const wasAccepted = this.#isAccepted;
    const wasOpen = this.#state !== "idle";
    if (!this.#move("close")) return;
    if (wasAccepted) this.#departure.disconnect(effects);
    if (wasOpen) this.#departure.release("local");
    effects.closed("local", nowMs);
  }

  /** The layer below is gone. */
  lost(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("lost")) effects.closed("lost", nowMs);
    this.#departure.cancel();
  }

  /** Start of an update, before its input is read. A client without updates need not call it. */
  beginUpdate(): void {
    this.#departure.beginUpdate();
  }

  /** End of an update or of a batch of input, and whenever `nextDeadlineMs` has come: timers, then what waited for its update. */
  update(nowMs: number, effects: ConnectionEffects): void {
    if (this.#state === "awaitingAccept") this.#retry(nowMs, effects);
    else if (this.#isAccepted) this.#tick(nowMs, effects);
    this.#departure.update(effects);
  }

  get #isAccepted(): boolean {
    return this.#state === "established" || this.#state === "discovering";
  }

  #move(input: Input): boolean {
    const to = TRANSITIONS[this.role][this.#state][input];
    if (to === undefined) return false;
    this.#state = to;
    return true;
  }

  #moveOrDrop(input: Input, effects: ConnectionEffects): boolean {
    if (this.#move(input)) return true;
    effects.drop(this.#state === "closed" ? "afterClose" : "unexpected");
    return false;
  }

  /** A message that keeps an accepted connection alive; false and a drop where it may not come. */
  #refresh(input: Input, nowMs: number, effects: ConnectionEffects): boolean {
    if (!this.#moveOrDrop(input, effects)) return false;
    this.#keepAlive.receivedMs = nowMs;
    return true;
  }

  #accept(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#refresh("accept", nowMs, effects)) return;
    this.#handshake.keepPeerPayload(packet, effects);
    this.#accepted(nowMs, effects);
  }

  #request(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    const isFirst = this.#state === "idle";
    if (!this.#refresh("request", nowMs, effects)) return;
    this.#handshake.keepPeerPayload(packet, effects);
    this.#handshake.sendAccept(nowMs, effects);
    if (isFirst) this.#accepted(nowMs, effects);
  }

  #accepted(nowMs: number, effects: ConnectionEffects): void {
    if (!this.#discovery.start(nowMs, effects)) this.#discovered(nowMs, effects);
  }

  #discovered(nowMs: number, effects: ConnectionEffects): void {
    if (this.#move("discovered")) effects.established(nowMs, this.#handshake.takePeerPayload());
  }

  #data(packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (!this.#refresh("data", nowMs, effects)) return;
    if (packet.length < DATA_HEADER_BYTES) return effects.drop("emptyData");
    effects.message(packet[9]!, packet.subarray(DATA_HEADER_BYTES), nowMs);
  }

  #early(kind: PacketKind, packet: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    effects.drop("earlyMessage");
    if (this.#rules.earlyMessage === "drop") return;
    if (this.#discovery.survivesEarly(kind, packet, nowMs, effects)) return this.#handshake.dropPayload();
    if (!this.#move("early")) return;
    this.#departure.disconnectInNextUpdate();
    effects.closed("early", nowMs);
  }

  #retry(nowMs: number, effects: ConnectionEffects): void {
    const due = this.#handshake.due(nowMs);
    if (due === "retry") this.#handshake.sendRequest(nowMs, effects);
    else if (due === "exhausted" && this.#move(due)) this.#end(due, nowMs, effects);
  }

  /** Timers of an accepted connection. */
  #tick(nowMs: number, effects: ConnectionEffects): void {
    if (this.#keepAlive.isPeerSilent(nowMs)) {
      this.#move("timeout");
      this.#departure.disconnect(effects);
      return this.#end("timeout", nowMs, effects);
    }
    if (this.#discovery.isOverAt(nowMs, effects)) this.#discovered(nowMs, effects);
    // The application may have closed in its `established`: no heartbeat may follow the Disconnect.
    if (this.#isAccepted) this.#keepAlive.beat(this.token, nowMs, effects);
  }

  #end(cause: CloseCause, nowMs: number, effects: ConnectionEffects): void {
    this.#departure.release(cause);
    effects.closed(cause, nowMs);
  }
}

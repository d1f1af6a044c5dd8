// The server's table of connections, sans-I/O: routes packets by token, as Unity does, and asks the owner to send and to close.
import { type CloseCause, Connection, type ConnectionRules, UNITY_RULES } from "./connection.js";
import type { NewPacketFilter } from "./packet-filter.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "./parameters.js";
import { type AcceptorEffects, Peer, type PeerOwner } from "./peer.js";
import type { SendOutcome } from "./piped-connection.js";
import type { PipelineSet } from "./pipelines/pipeline-set.js";
import type { SharedCounters } from "./pipelines/pipeline-stage.js";
import { classify, handshakePayload, hasToken, TOKEN_BYTES, tokenOffset } from "./wire.js";

export { type AcceptorEffects, Peer };

export interface AcceptorOptions {
  readonly parameters?: UtpParameters;
  readonly rules?: ConnectionRules;
  readonly acceptPayload?: Uint8Array;
  /** Control packets per update for all connections together; Unity: 64. Default: no limit. */
  readonly controlPerUpdate?: number;
  /** As the clients have them. Default: none. */
  readonly pipelines?: PipelineSet;
  /** Where all connections count what happens on their pipelines. */
  readonly pipelineCounters?: SharedCounters;
  /** What stands below the pipelines of each connection. Default: nothing. */
  readonly newPacketFilter?: NewPacketFilter;
}

/** @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs; protocol page, 3.4 */
export class Acceptor implements PeerOwner {
  readonly effects: AcceptorEffects;
  readonly #parameters: UtpParameters;
  readonly #rules: ConnectionRules;
  readonly #options: AcceptorOptions;
  readonly #controlPerUpdate: number;
  readonly #byToken = new Map<string, Peer>();
  /** First connection of each socket: the usual route, without a look at the token table. */
  readonly #bySocket = new Map<number, Peer>();
  /** Their pipelines may have an ack to send. */
  readonly #mayOwe = new Set<Peer>();
  /** Ended, but their Close 1000 is still to come. */
  readonly #ending = new Set<Peer>();
  /** Tokens whose request lied about its payload: Unity never answers them again. Value: the socket. */
  readonly #phantoms = new Map<string, number>();
  #controlLeft: number;
  #nextId = 0;

  constructor(effects: AcceptorEffects, options: AcceptorOptions = {}) {
    this.effects = effects;
    this.#parameters = options.parameters ?? DEFAULT_PARAMETERS;
    this.#rules = options.rules ?? UNITY_RULES;
    this.#options = options;
    this.#controlPerUpdate = options.controlPerUpdate ?? Number.POSITIVE_INFINITY;
    this.#controlLeft = this.#controlPerUpdate;
  }

  /** Connections that are not over. */
  get size(): number {
    return this.#byToken.size;
  }

  peers(): IterableIterator<Peer> {
    return this.#byToken.values();
  }

  /** One packet of one socket. Remote bytes never throw. */
  receive(socketId: number, packet: Uint8Array, nowMs: number): void {
    const kind = classify(packet);
    if (kind === "empty" || kind === "tooShort" || kind === "wrongVersion" || kind === "unknownHandshake") {
      return this.effects.drop(socketId, kind);
    }
    const offset = tokenOffset(kind);
    const usual = this.#bySocket.get(socketId);
    if (usual !== undefined && hasToken(packet, offset, usual.connection.token)) {
      return usual.connection.handle(kind, packet, nowMs, usual);
    }
    const key = tokenKey(packet, offset);
    const peer = this.#byToken.get(key);
    if (peer !== undefined) {
      if (kind === "request" && peer.socketId !== socketId) this.effects.drop(socketId, "tokenReuse");
      return peer.connection.handle(kind, packet, nowMs, peer);
    }
    if (kind !== "request" || this.#phantoms.has(key)) return this.effects.drop(socketId, "unknownToken");
    this.#create(socketId, key, packet, nowMs);
  }

  /** Start of an update, before its input is read. */
  beginUpdate(): void {
    this.#controlLeft = this.#controlPerUpdate;
    for (const peer of this.#ending) peer.connection.beginUpdate();
  }

  /** Timers of all connections, then the closes that are due. */
  update(nowMs: number): void {
    for (const peer of this.#byToken.values()) {
      if (peer.connection.nextDeadlineMs <= nowMs + 1) peer.connection.update(nowMs, peer);
    }
    this.settle(nowMs);
  }

  /** Only the closes that are due: for a server that acts at once, after each batch of input. */
  settle(nowMs: number): void {
    for (const peer of this.#ending) {
      peer.connection.update(nowMs, peer);
      if (!peer.connection.pendingUpdate) this.#ending.delete(peer);
    }
  }

  /** The pipelines' acks that are owed and packets that are to be sent again; with updates at the start of each, before its input. */
  sendDue(nowMs: number): void {
    if ((this.#options.pipelines?.size ?? 0) === 0) return;
    this.#mayOwe.clear();
    for (const peer of this.#byToken.values()) peer.sendDue(nowMs);
  }

  /** Of that only what the input since the last call asks for: for a server that acts at once, after each batch of input. */
  sendOwed(nowMs: number): void {
    if (this.#mayOwe.size === 0) return;
    for (const peer of this.#mayOwe) peer.sendDue(nowMs);
    this.#mayOwe.clear();
  }

  /**
   * Sends one message.
   *
   * @throws {RangeError} If the pipeline does not exist, or the payload is larger than it takes.
   */
  send(peer: Peer, pipelineId: number, payload: Uint8Array, nowMs: number): SendOutcome {
    return peer.sendMessage(pipelineId, payload, nowMs);
  }

  /** The application ends a connection: `02`, then Close 1000. */
  disconnect(peer: Peer, nowMs: number): void {
    peer.connection.close(nowMs, peer);
  }

  /** A socket is gone: its connections end with it, at once and without a packet. */
  lost(socketId: number, nowMs: number): void {
    const usual = this.#bySocket.get(socketId);
    usual?.connection.lost(nowMs, usual);
    for (const [key, socket] of this.#phantoms) if (socket === socketId) this.#phantoms.delete(key);
    for (const peer of this.#ending) if (peer.socketId === socketId) peer.connection.lost(nowMs, peer);
  }

  /** Called by a peer: its packet, counted against the update's limit where it is a control packet. */
  sendFor(peer: Peer, packet: Uint8Array, control: boolean): boolean {
    if (!control) return this.effects.send(peer.socketId, packet);
    if (this.#controlLeft <= 0) {
      this.effects.controlLost(peer.socketId);
      return false;
    }
    this.#controlLeft--;
    return this.effects.send(peer.socketId, packet);
  }

  /** Called by a peer: something came on one of its pipelines. */
  mayOwe(peer: Peer): void {
    this.#mayOwe.add(peer);
  }

  /** Called by a peer: its token is free again. */
  forget(peer: Peer, cause: CloseCause): void {
    this.#mayOwe.delete(peer);
    this.#byToken.delete(tokenKey(peer.connection.token, 0));
    if (this.#bySocket.get(peer.socketId) === peer) this.#bySocket.delete(peer.socketId);
    if (cause !== "lost") this.#ending.add(peer);
  }

  #create(socketId: number, key: string, packet: Uint8Array, nowMs: number): void {
    if (handshakePayload(packet).kind === "bad") {
      this.#phantoms.set(key, socketId);
      return this.effects.drop(socketId, "badPayloadLength");
    }
    const { acceptPayload } = this.#options;
    const connection = new Connection({
      role: "server",
      token: new Uint8Array(packet.subarray(5, 5 + TOKEN_BYTES)),
      parameters: this.#parameters,
      rules: this.#rules,
      ...(acceptPayload && { payload: acceptPayload }),
    });
    const { pipelines, pipelineCounters, newPacketFilter } = this.#options;
    const peer = new Peer(this, this.#nextId++, socketId, connection, pipelines, pipelineCounters, newPacketFilter);
    this.#byToken.set(key, peer);
    if (!this.#bySocket.has(socketId)) this.#bySocket.set(socketId, peer);
    connection.handle("request", packet, nowMs, peer);
  }
}

function tokenKey(bytes: Uint8Array, offset: number): string {
  let key = "";
  for (let i = 0; i < TOKEN_BYTES; i++) key += String.fromCharCode(bytes[offset + i]!);
  return key;
}

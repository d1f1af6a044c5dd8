// The server's table of connections, sans-I/O: routes packets by token, as Unity does, and asks the owner to send and to close.
import {
  type CloseCause,
  Connection,
  type ConnectionEffects,
  type ConnectionRules,
  type ProtocolDrop,
  UNITY_RULES,
} from "./connection.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "./parameters.js";
import { classify, handshakePayload, hasToken, TOKEN_BYTES, tokenOffset } from "./wire.js";

/** What the acceptor makes its owner do. Sockets are named by the owner's numbers. Views are valid during the call only. */
export interface AcceptorEffects {
  /** One UTP packet for one socket. False: no room; a Data send then fails, a control packet is lost. */
  send(socketId: number, packet: Uint8Array): boolean;
  connected(peer: Peer, connectPayload: Uint8Array | undefined, nowMs: number): void;
  message(peer: Peer, pipelineId: number, payload: Uint8Array, nowMs: number): void;
  disconnected(peer: Peer, cause: CloseCause, nowMs: number): void;
  /** The socket's WebSocket is to be closed with 1000 now. */
  releaseSocket(socketId: number): void;
  drop(socketId: number, why: ProtocolDrop): void;
  /** A control packet was lost because the update's limit was reached (protocol page 2.5). */
  controlLost(socketId: number): void;
}

export interface AcceptorOptions {
  readonly parameters?: UtpParameters;
  readonly rules?: ConnectionRules;
  readonly acceptPayload?: Uint8Array;
  /** Control packets per update for all connections together; Unity: 64. Default: no limit. */
  readonly controlPerUpdate?: number;
}

/** One connection of the server. Unity's application would know it by its id. */
export class Peer implements ConnectionEffects {
  readonly id: number;
  readonly socketId: number;
  readonly connection: Connection;
  readonly #acceptor: Acceptor;

  constructor(acceptor: Acceptor, id: number, socketId: number, connection: Connection) {
    this.#acceptor = acceptor;
    this.id = id;
    this.socketId = socketId;
    this.connection = connection;
  }

  send(packet: Uint8Array, control: boolean): boolean {
    return this.#acceptor.sendFor(this, packet, control);
  }

  established(nowMs: number, payload: Uint8Array | undefined): void {
    this.#acceptor.effects.connected(this, payload, nowMs);
  }

  message(pipelineId: number, payload: Uint8Array, nowMs: number): void {
    this.#acceptor.effects.message(this, pipelineId, payload, nowMs);
  }

  closed(cause: CloseCause, nowMs: number): void {
    this.#acceptor.forget(this, cause);
    this.#acceptor.effects.disconnected(this, cause, nowMs);
  }

  releaseTransport(): void {
    this.#acceptor.effects.releaseSocket(this.socketId);
  }

  drop(why: ProtocolDrop): void {
    this.#acceptor.effects.drop(this.socketId, why);
  }
}

/** @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs; protocol page, 3.4 */
export class Acceptor {
  readonly effects: AcceptorEffects;
  readonly #parameters: UtpParameters;
  readonly #rules: ConnectionRules;
  readonly #acceptPayload: Uint8Array | undefined;
  readonly #controlPerUpdate: number;
  readonly #byToken = new Map<string, Peer>();
  /** First connection of each socket: the usual route, without a look at the token table. */
  readonly #bySocket = new Map<number, Peer>();
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
    this.#acceptPayload = options.acceptPayload;
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

  /** Sends one message without pipeline stages; see `Connection.sendData`. */
  send(peer: Peer, pipelineId: number, payload: Uint8Array, nowMs: number): boolean {
    return peer.connection.sendData(pipelineId, payload, nowMs, peer);
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

  /** Called by a peer: its token is free again. */
  forget(peer: Peer, cause: CloseCause): void {
    this.#byToken.delete(tokenKey(peer.connection.token, 0));
    if (this.#bySocket.get(peer.socketId) === peer) this.#bySocket.delete(peer.socketId);
    if (cause !== "lost") this.#ending.add(peer);
  }

  #create(socketId: number, key: string, packet: Uint8Array, nowMs: number): void {
    if (handshakePayload(packet).kind === "bad") {
      this.#phantoms.set(key, socketId);
      return this.effects.drop(socketId, "badPayloadLength");
    }
    const connection = new Connection({
      role: "server",
      token: new Uint8Array(packet.subarray(5, 5 + TOKEN_BYTES)),
      parameters: this.#parameters,
      rules: this.#rules,
      ...(this.#acceptPayload && { payload: this.#acceptPayload }),
    });
    const peer = new Peer(this, this.#nextId++, socketId, connection);
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

// One connection of the server as its application knows it, with its pipelines: routes what arrives and what is sent, and passes on what
// the connection calls for. Knows no other connection.
import type { CloseCause, Connection, ConnectionEffects, ProtocolDrop } from "./connection.js";
import type { NewPacketFilter } from "./packet-filter.js";
import { PipedConnection, type PipedEffects, type SendOutcome } from "./piped-connection.js";
import type { PipelineSet } from "./pipelines/pipeline-set.js";
import type { SharedCounters } from "./pipelines/pipeline-stage.js";

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

/** The table that a peer belongs to. */
export interface PeerOwner {
  readonly effects: AcceptorEffects;
  /** A packet of the peer, counted against the update's limit where it is a control packet. False: not taken. */
  sendFor(peer: Peer, packet: Uint8Array, control: boolean): boolean;
  /** Something came on one of its pipelines. */
  mayOwe(peer: Peer): void;
  /** Its connection is over, its token free again. */
  forget(peer: Peer, cause: CloseCause): void;
}

/** One connection of the server. Unity's application would know it by its id. */
export class Peer implements ConnectionEffects, PipedEffects {
  readonly id: number;
  readonly socketId: number;
  readonly connection: Connection;
  readonly #owner: PeerOwner;
  /** Only where pipelines exist. */
  readonly #piped: PipedConnection | undefined;

  constructor(
    owner: PeerOwner,
    id: number,
    socketId: number,
    connection: Connection,
    pipelines?: PipelineSet,
    counters?: SharedCounters,
    newFilter?: NewPacketFilter,
  ) {
    this.#owner = owner;
    if (pipelines !== undefined && pipelines.size > 0) {
      this.#piped = new PipedConnection(pipelines, connection, this, this, counters, newFilter);
    }
    this.id = id;
    this.socketId = socketId;
    this.connection = connection;
  }

  /**
   * Largest user payload of one message right now.
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  maxMessageBytes(pipelineId: number): number {
    return pipelineId === 0 ? this.connection.maxPayloadBytes : this.#existing(pipelineId).maxMessageBytes(pipelineId);
  }

  /**
   * Sends one message of the application.
   *
   * @throws {RangeError} If the pipeline does not exist, or the payload is larger than `maxMessageBytes`.
   */
  sendMessage(pipelineId: number, payload: Uint8Array, nowMs: number): SendOutcome {
    if (pipelineId !== 0) return this.#existing(pipelineId).send(pipelineId, payload, wholeMs(nowMs));
    if (this.connection.state !== "established") return "closed";
    return this.connection.sendData(0, payload, nowMs, this) ? "accepted" : "queueFull";
  }

  /** The pipelines' acks that are owed, then what must be sent again. */
  sendDue(nowMs: number): void {
    this.#piped?.sendDue(wholeMs(nowMs));
  }

  send(packet: Uint8Array, control: boolean): boolean {
    return this.#owner.sendFor(this, packet, control);
  }

  established(nowMs: number, payload: Uint8Array | undefined): void {
    this.#owner.effects.connected(this, payload, nowMs);
  }

  message(pipelineId: number, payload: Uint8Array, nowMs: number): void {
    if (pipelineId === 0) return this.pipedMessage(pipelineId, payload, nowMs);
    if (this.#piped === undefined) return this.drop("unknownPipeline");
    this.#piped.receive(pipelineId, payload, wholeMs(nowMs));
    this.#owner.mayOwe(this);
  }

  pipedMessage(pipelineId: number, payload: Uint8Array, nowMs: number): void {
    this.#owner.effects.message(this, pipelineId, payload, nowMs);
  }

  /** A server measures its clients' RTT for its resends only. */
  roundTrip(): void {}

  closed(cause: CloseCause, nowMs: number): void {
    this.#piped?.end();
    this.#owner.forget(this, cause);
    this.#owner.effects.disconnected(this, cause, nowMs);
  }

  releaseTransport(): void {
    this.#owner.effects.releaseSocket(this.socketId);
  }

  drop(why: ProtocolDrop): void {
    this.#owner.effects.drop(this.socketId, why);
  }

  #existing(pipelineId: number): PipedConnection {
    if (this.#piped !== undefined) return this.#piped;
    throw new RangeError(`Cannot send a message: the pipeline must exist, got ${pipelineId}, and none does`);
  }
}

/** Unity's times are whole milliseconds, and so are those that its pipelines write and compare. */
function wholeMs(nowMs: number): number {
  return Math.floor(nowMs);
}

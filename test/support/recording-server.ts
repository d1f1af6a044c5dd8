// An acceptor whose owner only writes down what it is told to do, with sockets as plain numbers.
import { Acceptor, type AcceptorEffects, type AcceptorOptions, type Peer } from "../../src/protocol/acceptor.js";
import type { CloseCause, ProtocolDrop } from "../../src/protocol/connection-effects.js";
import { bytes, hex } from "./bytes.js";

export class RecordingServer implements AcceptorEffects {
  readonly acceptor: Acceptor;
  /** Peers in the order in which they connected; ended ones stay. */
  readonly peers: Peer[] = [];
  /** In the order they came, such as `1 send 0311…`, `1 connected`, `1 drop unknownToken`. */
  #record: string[] = [];
  nowMs = 0;

  constructor(options: AcceptorOptions = {}) {
    this.acceptor = new Acceptor(this, options);
  }

  /** One packet, in the notation of the protocol page, of one socket. */
  receive(socketId: number, packet: string): void {
    this.acceptor.receive(socketId, bytes(packet), this.nowMs);
  }

  /** One whole update at `nowMs`; `input` is what it reads. */
  update(nowMs: number, input?: () => void): void {
    this.nowMs = nowMs;
    this.acceptor.beginUpdate();
    input?.();
    this.acceptor.update(nowMs);
  }

  /** The record since the last call. */
  take(): string[] {
    const taken = this.#record;
    this.#record = [];
    return taken;
  }

  send(socketId: number, packet: Uint8Array): boolean {
    this.#record.push(`${socketId} send ${hex(packet)}`);
    return true;
  }

  connected(peer: Peer, connectPayload: Uint8Array | undefined): void {
    this.peers.push(peer);
    this.#record.push(`${peer.socketId} connected${connectPayload ? ` ${hex(connectPayload)}` : ""}`);
  }

  message(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    this.#record.push(`${peer.socketId} message ${pipelineId} ${hex(payload)}`);
  }

  disconnected(peer: Peer, cause: CloseCause): void {
    this.#record.push(`${peer.socketId} disconnected ${cause}`);
  }

  releaseSocket(socketId: number): void {
    this.#record.push(`${socketId} release`);
  }

  drop(socketId: number, why: ProtocolDrop): void {
    this.#record.push(`${socketId} drop ${why}`);
  }

  controlLost(socketId: number): void {
    this.#record.push(`${socketId} controlLost`);
  }
}

// One TCP connection of the server: its WebSocket, what it has sent and nobody has read, and its share of the send queue.
import type { FrameWriter } from "../protocol/websocket/frame-writer.js";
import { ServerSocket } from "../protocol/websocket/server-socket.js";
import type { ServerSocketEvents, ServerSocketOptions, SocketLoss } from "../protocol/websocket/server-socket-setup.js";
import { HeldInput } from "./held-input.js";

/** Whom a client tells what its WebSocket does: the server. */
export interface ClientOwner {
  takePlace(): boolean;
  packet(client: ServerClient, packet: Uint8Array): void;
  socketLost(client: ServerClient, why: SocketLoss, code: number | undefined): void;
  upgradeRefused(status: 400 | 404): void;
  outputReady(client: ServerClient): void;
  endSocket(client: ServerClient): void;
}

/** Places of the send queue that are free again once this many bytes of the socket are out. */
export interface Charge {
  readonly endBytes: number;
  readonly places: number;
}

export class ServerClient implements ServerSocketEvents {
  readonly id: number;
  readonly web: ServerSocket;
  readonly held = new HeldInput();
  readonly charges: Charge[] = [];
  writtenBytes = 0;
  /** When the server accepted it, ms. */
  acceptedMs = 0;
  isPaused = false;
  /** Stands in the outbox's list. */
  isDirty = false;
  /** Has more unsent than the server will hold for it. */
  isSlow = false;
  /** Its Close waits until the held messages are out. */
  closesWhenFree = false;
  /** Its connection is over, its Close is for one of the next updates. */
  isReleasing = false;
  readonly #owner: ClientOwner;

  constructor(id: number, options: ServerSocketOptions, writer: FrameWriter, owner: ClientOwner) {
    this.id = id;
    this.#owner = owner;
    this.web = new ServerSocket(options, writer, this);
  }

  /** Whether its last word is said or about to be. */
  get isLeaving(): boolean {
    return this.web.state === "closing" || this.web.state === "ending" || this.closesWhenFree || this.isReleasing;
  }

  takePlace(): boolean {
    return this.#owner.takePlace();
  }

  message(packet: Uint8Array): void {
    this.#owner.packet(this, packet);
  }

  lost(why: SocketLoss, code: number | undefined): void {
    this.#owner.socketLost(this, why, code);
  }

  upgradeRefused(status: 400 | 404): void {
    this.#owner.upgradeRefused(status);
  }

  outputReady(): void {
    this.#owner.outputReady(this);
  }

  end(): void {
    this.#owner.endSocket(this);
  }
}

// A client Connection and an Acceptor joined in memory, on one virtual clock and two virtual links. What two real peers do, without I/O.
import { Acceptor, type AcceptorOptions, type Peer } from "../../src/protocol/acceptor.js";
import { Connection, type ConnectionOptions, PATIENT_RULES } from "../../src/protocol/connection.js";
import type { CloseCause, ProtocolDrop } from "../../src/protocol/connection-effects.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../../src/protocol/parameters.js";
import { hex, TOKEN } from "./bytes.js";
import { seededRandom } from "./random.js";
import { VirtualClock } from "./virtual-clock.js";
import { type LinkOptions, VirtualLink } from "./virtual-link.js";

export interface PairOptions {
  readonly seed?: number;
  readonly parameters?: Partial<UtpParameters>;
  readonly client?: Partial<ConnectionOptions>;
  readonly server?: AcceptorOptions;
  /** Both directions. */
  readonly link?: LinkOptions;
  /** The server answers what it gets, as an echo server does. */
  readonly echo?: boolean;
}

/** What one side has seen. */
export class Side {
  established = 0;
  readonly closed: CloseCause[] = [];
  readonly messages: string[] = [];
  readonly drops: ProtocolDrop[] = [];
}

const SOCKET = 1;

export class ConnectionPair {
  readonly clock = new VirtualClock();
  readonly client: Connection;
  readonly acceptor: Acceptor;
  readonly atClient = new Side();
  readonly atServer = new Side();
  readonly toServer: VirtualLink;
  readonly toClient: VirtualLink;
  readonly #echo: boolean;
  #cancelClient: (() => void) | undefined;
  #cancelServer: (() => void) | undefined;

  constructor(options: PairOptions = {}) {
    const parameters = { ...DEFAULT_PARAMETERS, ...options.parameters };
    const random = seededRandom(options.seed ?? 1);
    this.#echo = options.echo ?? false;
    this.client = new Connection({ role: "client", token: TOKEN, parameters, ...options.client });
    this.acceptor = new Acceptor(this.#serverEffects, { parameters, rules: PATIENT_RULES, ...options.server });
    const link = options.link ?? {};
    this.toServer = new VirtualLink(this.clock, random, link, (packet) => this.deliverToServer(packet));
    this.toClient = new VirtualLink(this.clock, random, link, (packet) => this.deliverToClient(packet));
  }

  /** The server's connection with the client's token, if it has one. */
  get peer(): Peer | undefined {
    return [...this.acceptor.peers()].find((peer) => hex(peer.connection.token) === hex(this.client.token));
  }

  open(): void {
    this.#asClient((nowMs) => this.client.open(nowMs, this.#clientEffects));
  }

  sendFromClient(payload: Uint8Array): boolean {
    return this.#asClient((nowMs) => this.client.sendData(0, payload, nowMs, this.#clientEffects));
  }

  closeFromClient(): void {
    this.#asClient((nowMs) => this.client.close(nowMs, this.#clientEffects));
  }

  closeFromServer(): void {
    const { peer } = this;
    if (peer !== undefined) this.#asServer((nowMs) => this.acceptor.disconnect(peer, nowMs));
  }

  /** Any bytes, as if the link had brought them. */
  deliverToClient(packet: Uint8Array): void {
    this.#asClient((nowMs) => this.client.receive(packet, nowMs, this.#clientEffects));
  }

  deliverToServer(packet: Uint8Array): void {
    this.#asServer((nowMs) => this.acceptor.receive(SOCKET, packet, nowMs));
  }

  /** Both ends have the same opinion: a connection that both know, or none. */
  get agrees(): boolean {
    const isOpen = this.client.state === "established";
    return isOpen ? this.peer?.connection.state === "established" : this.acceptor.size === 0;
  }

  readonly #clientEffects = {
    send: (packet: Uint8Array): boolean => {
      this.toServer.send(packet);
      return true;
    },
    established: (): void => void this.atClient.established++,
    message: (_pipelineId: number, payload: Uint8Array): void => void this.atClient.messages.push(hex(payload)),
    closed: (cause: CloseCause): void => void this.atClient.closed.push(cause),
    releaseTransport: (): void => undefined,
    drop: (why: ProtocolDrop): void => void this.atClient.drops.push(why),
  };

  get #serverEffects() {
    return {
      send: (_socketId: number, packet: Uint8Array): boolean => {
        this.toClient.send(packet);
        return true;
      },
      connected: (): void => void this.atServer.established++,
      message: (peer: Peer, pipelineId: number, payload: Uint8Array, nowMs: number): void => {
        this.atServer.messages.push(hex(payload));
        if (this.#echo) this.acceptor.send(peer, pipelineId, payload, nowMs);
      },
      disconnected: (_peer: Peer, cause: CloseCause): void => void this.atServer.closed.push(cause),
      releaseSocket: (): void => undefined,
      drop: (_socketId: number, why: ProtocolDrop): void => void this.atServer.drops.push(why),
      controlLost: (): void => undefined,
    };
  }

  /** Something happens at the client; then what is due, then its next deadline. */
  #asClient<T>(act: (nowMs: number) => T): T {
    const result = act(this.clock.nowMs());
    this.client.update(this.clock.nowMs(), this.#clientEffects);
    this.#cancelClient?.();
    const nextMs = this.client.nextDeadlineMs;
    if (nextMs < Number.POSITIVE_INFINITY) this.#cancelClient = this.clock.at(nextMs, () => this.#asClient(() => 0));
    return result;
  }

  #asServer(act: (nowMs: number) => void): void {
    act(this.clock.nowMs());
    this.acceptor.update(this.clock.nowMs());
    this.#cancelServer?.();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const peer of this.acceptor.peers()) nextMs = Math.min(nextMs, peer.connection.nextDeadlineMs);
    if (nextMs < Number.POSITIVE_INFINITY) this.#cancelServer = this.clock.at(nextMs, () => this.#asServer(() => {}));
  }
}

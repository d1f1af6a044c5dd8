// A UTP server and the transports of its clients on a virtual clock and virtual links: no socket, no sleep. Each connection gets one
// message and is then kicked.
import { Acceptor, type AcceptorEffects, type Peer } from "../../src/protocol/acceptor.js";
import { PATIENT_RULES } from "../../src/protocol/connection.js";
import type { Transport, TransportEvents, TransportTarget } from "../../src/transport/transport.js";
import { seededRandom } from "./random.js";
import type { VirtualClock } from "./virtual-clock.js";
import { type LinkOptions, VirtualLink } from "./virtual-link.js";

const PHASE_MS = 1;

export class VirtualServer implements AcceptorEffects {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly link: LinkOptions;
  readonly acceptor: Acceptor;
  readonly #sockets = new Map<number, LinkTransport>();
  readonly #kickAfterMs: number;
  #nextId = 0;
  accepted = 0;

  constructor(clock: VirtualClock, link: LinkOptions, kickAfterMs: number, seed = 1) {
    this.clock = clock;
    this.link = link;
    this.random = seededRandom(seed);
    this.#kickAfterMs = kickAfterMs;
    this.acceptor = new Acceptor(this, { rules: PATIENT_RULES });
  }

  newTransport(): Transport {
    const id = this.#nextId++;
    const transport = new LinkTransport(this, id);
    this.#sockets.set(id, transport);
    return transport;
  }

  receive(id: number, packet: Uint8Array): void {
    this.acceptor.receive(id, packet, this.clock.nowMs());
    this.acceptor.settle(this.clock.nowMs());
  }

  lost(id: number): void {
    this.#sockets.delete(id);
    this.acceptor.lost(id, this.clock.nowMs());
  }

  send(id: number, packet: Uint8Array): boolean {
    this.#sockets.get(id)?.toClient.send(packet);
    return true;
  }

  connected(peer: Peer): void {
    this.accepted++;
    const { delayMs = 0, jitterMs = 0 } = this.link;
    // Late enough not to overtake the Accept.
    const greetMs = this.clock.nowMs() + delayMs + jitterMs;
    this.clock.at(greetMs, () => this.acceptor.send(peer, 0, new Uint8Array(3), this.clock.nowMs()));
    this.clock.at(this.clock.nowMs() + this.#kickAfterMs, () => {
      this.acceptor.disconnect(peer, this.clock.nowMs());
      this.acceptor.settle(this.clock.nowMs());
    });
  }

  releaseSocket(id: number): void {
    this.#sockets.get(id)?.closeFromServer();
  }

  message(): void {}
  disconnected(): void {}
  drop(): void {}
  controlLost(): void {}
}

class LinkTransport implements Transport {
  readonly ownsControlFrames = true;
  readonly bufferedBytes = 0;
  readonly toClient: VirtualLink;
  readonly #toServer: VirtualLink;
  readonly #server: VirtualServer;
  readonly #id: number;
  #events: TransportEvents | undefined;

  constructor(server: VirtualServer, id: number) {
    const { clock, random, link } = server;
    this.#server = server;
    this.#id = id;
    this.toClient = new VirtualLink(clock, random, link, (packet) => {
      this.#events?.onBinary(packet);
      this.#events?.onBatchEnd();
    });
    this.#toServer = new VirtualLink(clock, random, link, (packet) => server.receive(id, packet));
  }

  open(_target: TransportTarget, events: TransportEvents): void {
    this.#events = events;
    const { clock } = this.#server;
    clock.at(clock.nowMs() + PHASE_MS, () => {
      events.onPhase("tcp");
      events.onPhase("upgradeSent");
      events.onOpen();
      events.onBatchEnd();
    });
  }

  sendBinary(message: Uint8Array): void {
    this.#toServer.send(message);
  }

  /** Behind everything that is still on its way, were it not for copies. */
  closeFromServer(): void {
    const { clock, link } = this.#server;
    clock.at(clock.nowMs() + (link.delayMs ?? 0) + (link.jitterMs ?? 0), () => {
      this.#events?.onClose(1000);
      this.#events?.onBatchEnd();
    });
  }

  end(): void {
    const { clock } = this.#server;
    clock.at(clock.nowMs() + PHASE_MS, () => {
      this.#server.lost(this.#id);
      this.#events?.onEnded("local", "ended");
    });
  }

  destroy(): void {
    this.#server.lost(this.#id);
  }

  sendPing(): void {}
  sendPong(): void {}
  sendClose(): void {}
  cork(): void {}
  uncork(): void {}
}

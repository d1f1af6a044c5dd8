// Two sockets, each of which gets what the other sends: bytes, FIN and reset, at once and unchanged. Reads none of it.
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Side } from "./recording.js";

export interface PassedEvents {
  /** Bytes that have gone on to the other side; valid during the call only. */
  passed(from: Side, bytes: Uint8Array): void;
  /** One side has ended its sending (`FIN`) or the connection (`reset`). */
  ended(by: Side, how: string): void;
  /** There is no connection to the server, and the client was told so. */
  unreachable(error: Error, phase: "tcp" | "tls"): void;
  /** The last call. */
  closed(): void;
}

/** What a game's client gets whose server cannot be reached: an upgrade that is refused. */
const BAD_GATEWAY = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

export class PassedSockets {
  readonly #client: Socket;
  readonly #server: Duplex;
  readonly #events: PassedEvents;
  #isTcpOpen = false;
  #isReady = false;
  #openSockets = 2;

  /** @param server Half-open and under way, `secureConnect` to come if it is TLS. */
  constructor(client: Socket, server: Duplex, events: PassedEvents) {
    this.#client = client;
    this.#server = server;
    this.#events = events;
    const isSecure = "encrypted" in server;
    server.once("connect", () => {
      this.#isTcpOpen = true;
      this.#isReady ||= !isSecure;
    });
    server.once("secureConnect", () => {
      this.#isReady = true;
    });
    this.#pass("client", client, server);
    this.#pass("server", server, client);
  }

  destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #pass(from: Side, source: Duplex, sink: Duplex): void {
    source.on("data", (bytes: Uint8Array) => {
      // Nobody is there any more to whom it could go on.
      if (!sink.writable) return;
      if (!sink.write(bytes)) source.pause();
      this.#events.passed(from, bytes);
    });
    sink.on("drain", () => source.resume());
    source.on("end", () => {
      this.#events.ended(from, "FIN");
      sink.end();
    });
    source.on("error", (error) => this.#failed(from, error));
    source.on("close", () => {
      // Whoever has lost one side has nothing to wait for; what is queued for the other still leaves.
      if (!sink.destroyed && !sink.writableEnded) sink.end();
      if (--this.#openSockets === 0) this.#events.closed();
    });
  }

  #failed(side: Side, error: Error): void {
    if (side === "server" && !this.#isReady) return this.#refuse(error);
    this.#events.ended(side, "reset");
    if (side === "client") resetOf(this.#server);
    else resetOf(this.#client);
  }

  #refuse(error: Error): void {
    this.#events.unreachable(error, this.#isTcpOpen ? "tls" : "tcp");
    this.#client.end(BAD_GATEWAY);
  }
}

/** A reset goes on as a reset where the socket can send one. */
function resetOf(socket: Duplex): void {
  if ("resetAndDestroy" in socket) (socket as Socket).resetAndDestroy();
  else socket.destroy();
}

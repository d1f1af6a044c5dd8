// Servers that do one thing wrong, on loopback, for tests of what a client makes of it. None of them is a UTP server.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import { encodeConnectAccept, encodeControl } from "../../src/protocol/wire.js";

const TLS_FOLDER = new URL("../fixtures/tls/", import.meta.url);

export interface FakeServer {
  readonly port: number;
  /** `ws://127.0.0.1:PORT/`, or with another scheme and path. */
  url(path?: string, scheme?: "ws" | "wss"): string;
  /** Drops every connection and stops listening. */
  close(): Promise<void>;
}

/** A TCP or TLS server; `onSocket` gets each connection (with TLS: once the handshake is over). */
export async function fakeServer(
  onSocket: (socket: Socket) => void,
  options: { tls?: boolean; host?: string } = {},
): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const server = options.tls ? tls.createServer(testCertificate(), guarded) : net.createServer(guarded);
  // Under TLS too: handshakes that never end hold a connection as well.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  function guarded(socket: Socket): void {
    socket.on("error", () => {});
    onSocket(socket);
  }
  server.listen(0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path = "/", scheme = options.tls ? "wss" : "ws") => `${scheme}://127.0.0.1:${port}${path}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Certificate and key for 127.0.0.1 and localhost, of an authority that nobody trusts. */
export function testCertificate(): { cert: string; key: string } {
  return { cert: testPem("server.pem"), key: testPem("server-key.pem") };
}

export function testPem(name: "ca.pem" | "server.pem" | "server-key.pem"): string {
  return readFileSync(new URL(name, TLS_FOLDER), "latin1");
}

/** Says the same to everybody once they have said something, then ends the connection. */
export function answering(text: string): (socket: Socket) => void {
  return (socket) => socket.once("data", () => socket.end(text, "latin1"));
}

export interface WebSocketScript {
  /** The socket is open. */
  onOpen?(peer: WebSocket): void;
  onMessage?(peer: WebSocket, message: Uint8Array): void;
}

/** A WebSocket server that knows no UTP; `delayMs`: how late its 101 is. */
export function fakeWebSocketServer(
  script: WebSocketScript,
  options: { tls?: boolean; delayMs?: number } = {},
): Promise<FakeServer> {
  const upgrades = new WebSocketServer({ noServer: true });
  return fakeServer((socket) => {
    socket.once("data", (head: Buffer) => {
      setTimeout(() => {
        upgrades.handleUpgrade(requestOf(head), socket, Buffer.alloc(0), (peer) => {
          peer.on("error", () => {});
          peer.on("message", (message: Buffer) => script.onMessage?.(peer, message));
          script.onOpen?.(peer);
        });
      }, options.delayMs ?? 0);
    });
  }, options);
}

/** What ws needs of an HTTP request. */
function requestOf(head: Buffer): Parameters<WebSocketServer["handleUpgrade"]>[0] {
  const lines = head.toString("latin1").split("\r\n");
  const [method, url] = (lines[0] ?? "").split(" ");
  const pairs = lines.slice(1).map((line): [string, string] => {
    const colonAt = line.indexOf(":");
    return [line.slice(0, colonAt).toLowerCase(), line.slice(colonAt + 1).trim()];
  });
  const headers = Object.fromEntries(pairs.filter(([name]) => name !== ""));
  return { method, url, headers } as unknown as Parameters<WebSocketServer["handleUpgrade"]>[0];
}

/** A script that accepts like a UTP server `acceptDelayMs` after the request, then does what `then` says. */
export function acceptingScript(
  then: (peer: WebSocket, token: Uint8Array) => void = () => {},
  acceptDelayMs = 0,
): WebSocketScript {
  let isFirst = true;
  return {
    onMessage(peer, message) {
      if (message[0] !== 0x55 || !isFirst) return;
      isFirst = false;
      const token = message.slice(5, 13);
      setTimeout(() => {
        peer.send(encodeConnectAccept(token));
        then(peer, token);
      }, acceptDelayMs);
    },
  };
}

/** Heartbeats every `everyMs` until the socket is gone. */
export function beat(peer: WebSocket, token: Uint8Array, everyMs = 100): void {
  const timer = setInterval(() => peer.send(encodeControl("heartbeat", token)), everyMs);
  peer.on("close", () => clearInterval(timer));
}

// The socket of a probe: as the transport would make it, with a look at the raw bytes both ways. Changes none of them.
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { Transport, TransportTarget } from "../transport/transport.js";
import { WebSocketTransport } from "../transport/websocket.js";
import { parseWebSocketUrl } from "../transport/websocket-target.js";

/** Shown the bytes of one socket, above TLS. They are valid during the call only. */
export interface SocketTap {
  socketSent(bytes: Uint8Array): void;
  socketReceived(bytes: Uint8Array): void;
}

/** A WebSocket transport whose bytes `tap` sees before the transport does. */
export function tappedTransport(tap: SocketTap): Transport {
  return new WebSocketTransport({ connectSocket: (target) => tapped(connect(target), tap) });
}

function connect(target: TransportTarget): Duplex {
  const { host, port, isSecure } = parseWebSocketUrl(target.url);
  const options = { host: target.address ?? host, port, noDelay: true };
  if (!isSecure) return net.connect(options);
  return tls.connect({
    ...options,
    rejectUnauthorized: target.insecure !== true,
    ...(target.ca !== undefined && { ca: target.ca }),
    // A name only: RFC 6066 has no server names for addresses. Without one Node checks the certificate against `host`.
    ...(net.isIP(host) === 0 && { servername: host }),
  });
}

function tapped(socket: Duplex, tap: SocketTap): Duplex {
  const write = socket.write;
  socket.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    tap.socketSent(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk);
    return Reflect.apply(write, socket, [chunk, ...rest]) as boolean;
  }) as Duplex["write"];
  return socket.on("data", (chunk: Uint8Array) => tap.socketReceived(chunk));
}

// The socket of a probe: as the transport would make it, with a look at the raw bytes both ways. Changes none of them.
import type { Duplex } from "node:stream";
import { connectTarget } from "../transport/target-socket.js";
import type { Transport } from "../transport/transport.js";
import { WebSocketTransport } from "../transport/websocket.js";

/** Shown the bytes of one socket, above TLS. They are valid during the call only. */
export interface SocketTap {
  socketSent(bytes: Uint8Array): void;
  socketReceived(bytes: Uint8Array): void;
}

/** A WebSocket transport whose bytes `tap` sees before the transport does. */
export function tappedTransport(tap: SocketTap): Transport {
  return new WebSocketTransport({ connectSocket: (target) => tapped(connectTarget(target), tap) });
}

function tapped(socket: Duplex, tap: SocketTap): Duplex {
  const write = socket.write;
  socket.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    tap.socketSent(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk);
    return Reflect.apply(write, socket, [chunk, ...rest]) as boolean;
  }) as Duplex["write"];
  return socket.on("data", (chunk: Uint8Array) => tap.socketReceived(chunk));
}

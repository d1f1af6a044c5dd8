// Opens the TCP or TLS socket of one attempt and tells its owner what happens to it. All sockets of a thread read into one buffer and
// share their listeners, so that a client costs little. Knows no WebSocket.
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { TransportTarget } from "./transport.js";
import type { WebSocketAddress } from "./websocket-target.js";

/** What a socket tells. Nothing is called from inside `openSocket`. */
export interface SocketOwner {
  socketConnected(): void;
  /** wss only: the TLS handshake is over and the certificate accepted. */
  socketSecured(): void;
  /** What one read brought; the bytes are the owner's to keep. */
  socketRead(chunk: Buffer): void;
  /** The peer's FIN. Node ends our side by itself once what is queued has left. */
  socketEnded(): void;
  /** The last call; `error` is what closed it, if anything did. */
  socketClosed(error: Error | undefined): void;
}

/** Makes a socket that emits `connect` (and `secureConnect` for wss) once it is ready. */
export type SocketFactory = (target: TransportTarget) => Duplex;

type OwnedSocket = Duplex & { owner?: SocketOwner; failure?: Error };

const READ_BYTES = 65_536;
/** Node reads and tells us in one go, so no two sockets ever have bytes in it at the same time. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** Certificates are parsed once per authority, not once per client. */
const contexts = new Map<string, tls.SecureContext>();

/** @param factory Makes the socket instead of node:net and node:tls. */
export function openSocket(
  target: TransportTarget,
  address: WebSocketAddress,
  owner: SocketOwner,
  factory?: SocketFactory,
): Duplex {
  const socket: OwnedSocket = factory === undefined ? connectSocket(target, address, owner) : factory(target);
  socket.owner = owner;
  if (factory !== undefined) socket.on("data", onData);
  if (address.isSecure) socket.on("secureConnect", onSecureConnect);
  return socket.on("connect", onConnect).on("error", onError).on("end", onEnd).on("close", onClose);
}

function connectSocket(target: TransportTarget, address: WebSocketAddress, owner: SocketOwner): Duplex {
  const options = {
    host: target.address ?? address.host,
    port: address.port,
    noDelay: true,
    // What Node would allocate for each read is 64 KiB; a copy of the few bytes that came is far cheaper.
    onread: {
      buffer: readBuffer,
      callback: (readBytes: number): boolean => {
        owner.socketRead(copied(readBytes));
        return true;
      },
    },
    ...(target.localAddress !== undefined && { localAddress: target.localAddress }),
  };
  if (!address.isSecure) return net.connect(options);
  return tls.connect({
    ...options,
    secureContext: secureContext(target.ca),
    rejectUnauthorized: target.insecure !== true,
    // A name only: RFC 6066 has no server names for addresses. Without one Node checks the certificate against `host`.
    ...(net.isIP(address.host) === 0 && { servername: address.host }),
  });
}

function copied(readBytes: number): Buffer {
  const chunk = Buffer.allocUnsafe(readBytes);
  readBuffer.copy(chunk, 0, 0, readBytes);
  return chunk;
}

function secureContext(ca: string | undefined): tls.SecureContext {
  const key = ca ?? "";
  let context = contexts.get(key);
  if (context === undefined) {
    context = tls.createSecureContext(ca === undefined ? {} : { ca });
    contexts.set(key, context);
  }
  return context;
}

function onConnect(this: OwnedSocket): void {
  this.owner?.socketConnected();
}

function onSecureConnect(this: OwnedSocket): void {
  this.owner?.socketSecured();
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this.owner?.socketRead(chunk);
}

function onError(this: OwnedSocket, error: Error): void {
  this.failure = error;
}

function onEnd(this: OwnedSocket): void {
  this.owner?.socketEnded();
}

function onClose(this: OwnedSocket): void {
  this.owner?.socketClosed(this.failure);
}

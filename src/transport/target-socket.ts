// A plain socket to a target, for those who look at its bytes themselves: TCP, or TLS above it. Knows no WebSocket and has no listeners.
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { TransportTarget } from "./transport.js";
import { parseWebSocketUrl } from "./websocket-target.js";

/** What of a target matters to a socket. */
export type SocketTarget = Pick<TransportTarget, "url" | "address" | "ca" | "insecure">;

/**
 * Begins to connect; the socket emits `connect`, and `secureConnect` for wss, once it is ready.
 *
 * @param allowHalfOpen Our side stays open behind the peer's FIN.
 * @throws {UsageError} If the URL is no ws:// or wss:// URL.
 */
export function connectTarget(target: SocketTarget, allowHalfOpen = false): Duplex {
  const { host, port, isSecure } = parseWebSocketUrl(target.url);
  const options = { host: target.address ?? host, port, noDelay: true, allowHalfOpen };
  if (!isSecure) return net.connect(options);
  return tls.connect({
    ...options,
    rejectUnauthorized: target.insecure !== true,
    ...(target.ca !== undefined && { ca: target.ca }),
    // A name only: RFC 6066 has no server names for addresses. Without one Node checks the certificate against `host`.
    ...(net.isIP(host) === 0 && { servername: host }),
  });
}

// Opens the server's port, plain or TLS, and puts what the system says when it cannot into words.
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { EnvironmentError, UsageError } from "../errors.js";

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
}

/** Connections that the system keeps for a server that accepts one an update; it may cut this down (somaxconn). */
const BACKLOG = 8192;

/** What comes of a port that is open. */
export interface PortEvents {
  socket(socket: Socket): void;
  /** The system could not hand over a connection, mostly for lack of descriptors. */
  acceptFailed(): void;
  /** A client and the server could not agree on TLS. */
  tlsFailed(): void;
}

export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/**
 * @param port 0: any free one.
 * @param portFlag What the command line calls the port.
 * @throws {EnvironmentError} If the port is in use or the host is no address of this machine.
 * @throws {UsageError} If certificate and key cannot be used.
 */
export async function listen(
  host: string,
  port: number,
  tls: TlsFiles | undefined,
  events: PortEvents,
  portFlag = "--port",
): Promise<Listening> {
  // A TLS socket is not half-open: one whose client leaves in the middle of the handshake would stay for ever, without an event.
  const server =
    tls === undefined ? createServer({ allowHalfOpen: true, noDelay: true }, events.socket) : tlsServer(tls, events);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explained(error, host, port, portFlag)));
    server.listen({ host, port, backlog: BACKLOG }, resolve);
  });
  server.removeAllListeners("error");
  // A failed accept is that client's loss, not the server's end.
  server.on("error", events.acceptFailed);
  return { server, port: (server.address() as AddressInfo).port };
}

function tlsServer(tls: TlsFiles, events: PortEvents): Server {
  try {
    const options = { noDelay: true, cert: asBuffer(tls.cert), key: asBuffer(tls.key) };
    const server = createTlsServer(options, events.socket);
    return server.on("tlsClientError", events.tlsFailed);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `Cannot start the server: certificate and key must be PEM texts that belong together, got "${said}"`,
      "Check the files given with --tls-cert and --tls-key.",
    );
  }
}

function asBuffer(pem: string | Uint8Array): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
}

function explained(error: NodeJS.ErrnoException, host: string, port: number, portFlag: string): Error {
  const cause = { cause: error };
  switch (error.code) {
    case "EADDRINUSE":
      return new EnvironmentError(
        `Cannot listen on ${host}:${port}: port must be free, got one in use`,
        `Stop the program that listens on ${port}, or choose another port with ${portFlag} (0: any free one).`,
        cause,
      );
    case "EACCES":
      return new EnvironmentError(
        `Cannot listen on ${host}:${port}: port must be one that this user may open, got ${port}`,
        `Choose a port of 1024 or more with ${portFlag}.`,
        cause,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new EnvironmentError(
        `Cannot listen on ${host}:${port}: host must be an address of this machine, got ${host}`,
        "Use --host 127.0.0.1, or 0.0.0.0 for all its addresses.",
        cause,
      );
    default:
      return new EnvironmentError(
        `Cannot listen on ${host}:${port}: the system must allow it, got "${error.message}"`,
        `Try another --host or ${portFlag}.`,
        cause,
      );
  }
}

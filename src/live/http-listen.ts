// Opens a small HTTP server for whoever watches a run: on loopback unless another address was asked for. It answers nothing by itself.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EnvironmentError } from "../errors.js";

/** Where to listen. */
export interface ListenAddress {
  /** A name or address of this machine. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface HttpListening {
  /** `http://127.0.0.1:9464`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Ends it with all its connections. */
  close(): Promise<void>;
}

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * @param what Names it to a person, and the flag to change: `--prometheus`.
 * @throws {EnvironmentError} If it cannot listen there.
 */
export async function httpListen(
  { host, port }: ListenAddress,
  what: string,
  onRequest: RequestListener,
): Promise<HttpListening> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explained(error, host, port, what)));
    server.listen({ host, port }, resolve);
  });
  server.removeAllListeners("error");
  // One connection that could not be taken is that visitor's loss; the run goes on.
  server.on("error", () => undefined);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function explained(error: NodeJS.ErrnoException, host: string, port: number, what: string): EnvironmentError {
  const inUse = error.code === "EADDRINUSE";
  const rule = inUse ? "port must be free, got one in use" : `the system must allow it, got "${error.message}"`;
  const hint = inUse
    ? `Stop the program that listens on ${port}, or choose another port with ${what} PORT (0: any free one)`
    : `Name an address of this machine and a port of 1024 or more: ${what} 127.0.0.1:${port > 1023 ? port : 9464}`;
  return new EnvironmentError(`Cannot listen on ${host}:${port} for ${what}: ${rule}`, hint, { cause: error });
}

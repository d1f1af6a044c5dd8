// A WebSocket client on a bare socket: says just what a test tells it to, and waits for what the server says. End-to-end tests only.
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { requestOf } from "./server-clients.js";
import { ascii, binaryFrame, clientFrame, type ServerPart, serverParts, UPGRADE } from "./wire-bytes.js";

export class RawClient {
  readonly socket: Socket;
  #received: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  #waiters: (() => void)[] = [];

  /** With `ca`, over TLS. */
  constructor(port: number, ca?: string) {
    this.socket = ca === undefined ? connect(port, "127.0.0.1") : connectTls({ port, host: "127.0.0.1", ca });
    this.socket.on("data", (chunk: Uint8Array) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    for (const event of ["end", "close", "error"]) {
      this.socket.on(event, () => {
        this.#isEnded = true;
        this.#wake();
      });
    }
  }

  /** Upgrade and Connection Request; resolves with the Accept. */
  static async joined(port: number, id: number, ca?: string): Promise<RawClient> {
    const client = new RawClient(port, ca);
    client.write(ascii(UPGRADE));
    await client.until((parts) => parts.length === 1);
    client.send(requestOf(id));
    await client.until((parts) => parts.some((part) => part.kind === "frame" && part.payload[4] === 2));
    return client;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  send(packet: Uint8Array): void {
    this.write(binaryFrame(packet));
  }

  sendClose(code: number): void {
    this.write(clientFrame({ opcode: 8, payload: Uint8Array.of(code >> 8, code & 0xff) }));
  }

  /** All whole parts so far. */
  get parts(): ServerPart[] {
    for (let cut = 0; cut < 1500; cut++) {
      try {
        return serverParts(this.#received.subarray(0, this.#received.length - cut));
      } catch {
        // The last part is not whole yet.
      }
    }
    return [];
  }

  /** Resolves with the parts once `isThere` says so. @throws If the connection ends before. */
  async until(isThere: (parts: ServerPart[]) => boolean): Promise<ServerPart[]> {
    for (;;) {
      const parts = this.parts;
      if (isThere(parts)) return parts;
      if (this.#isEnded) throw new Error(`Cannot wait: the server ended after ${parts.length} parts`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.#isEnded) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}

/** Binary packets among the parts whose first byte is `type`. */
export function packetsOf(parts: readonly ServerPart[], type: number): Uint8Array[] {
  return parts.flatMap((part) =>
    part.kind === "frame" && part.opcode === 2 && part.payload[0] === type ? [part.payload] : [],
  );
}

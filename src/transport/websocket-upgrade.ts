// The client's half of one WebSocket upgrade: key and request out, the server's answer in, until it is whole. Opens no socket.
import { createHash, randomFillSync } from "node:crypto";
import { writeUpgradeRequest } from "../protocol/websocket/upgrade-request.js";
import { checkUpgradeResponse, writeUpgradeAccept } from "../protocol/websocket/upgrade-response.js";
import type { TransportFailure, TransportTarget } from "./transport.js";
import { numericAuthority, type WebSocketAddress } from "./websocket-target.js";

/** RFC 6455, 1.3. */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** How a TLS alert starts, in hex: what a wss server says to plain HTTP. */
const TLS_ALERT = "1503";

const KEY_BYTES = 16;
const randomPool = Buffer.alloc(256 * KEY_BYTES);
let randomAt = randomPool.length;

/** What the bytes so far mean. `rest`: what came behind the 101. */
export type UpgradeAnswer =
  | { readonly kind: "incomplete" }
  | { readonly kind: "open"; readonly rest: Buffer }
  | { readonly kind: "failed"; readonly failure: TransportFailure };

export class ClientUpgrade {
  /** The request, ready to be written as Latin-1. */
  readonly request: string;
  readonly #expectedAccept: string;
  #bytes: Buffer | undefined;

  /** @param socket Connected; knows the numeric address where the target does not. */
  constructor(target: TransportTarget, address: WebSocketAddress, socket: object) {
    const key = newKey();
    const headers = target.headers ?? [];
    const ownHost = headers.find(isHost);
    this.#expectedAccept = acceptOf(key);
    this.request = writeUpgradeRequest({
      path: address.path,
      host: ownHost?.[1] ?? hostOf(target, address, remoteAddressOf(socket)),
      key,
      headers: ownHost === undefined ? headers : headers.filter((header) => !isHost(header)),
    });
  }

  /** True once the server has said anything at all. */
  get hasAnswer(): boolean {
    return this.#bytes !== undefined;
  }

  /** Takes what one read brought. */
  feed(chunk: Buffer): UpgradeAnswer {
    const bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.#bytes = bytes;
    // What every Unity server says, so that thousands of answers need no parsing.
    const usual = writeUpgradeAccept(this.#expectedAccept);
    if (bytes.toString("latin1", 0, usual.length) === usual) {
      return { kind: "open", rest: bytes.subarray(usual.length) };
    }
    const check = checkUpgradeResponse(bytes, this.#expectedAccept);
    switch (check.kind) {
      case "incomplete":
        return check;
      case "open":
        return { kind: "open", rest: bytes.subarray(check.headBytes) };
      case "rejected": {
        const detail = `the server answered the upgrade with status ${check.status}`;
        return { kind: "failed", failure: { reason: "UpgradeRejected", status: check.status, detail } };
      }
      case "notWebSocket": {
        const isTls = bytes.toString("hex", 0, 2) === TLS_ALERT;
        const detail = isTls ? "the server speaks TLS: the URL must start with wss://" : check.detail;
        return { kind: "failed", failure: { reason: "NotWebSocket", detail } };
      }
    }
  }
}

/** 24 characters, new for each connection. The random bytes are drawn for many at once. */
function newKey(): string {
  if (randomAt === randomPool.length) {
    randomFillSync(randomPool);
    randomAt = 0;
  }
  randomAt += KEY_BYTES;
  return randomPool.toString("base64", randomAt - KEY_BYTES, randomAt);
}

function isHost([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === "host";
}

function remoteAddressOf(socket: object): string | undefined {
  return "remoteAddress" in socket && typeof socket.remoteAddress === "string" ? socket.remoteAddress : undefined;
}

function hostOf(target: TransportTarget, address: WebSocketAddress, remoteAddress: string | undefined): string {
  if (target.hostHeader !== "address") return address.authority;
  return numericAuthority(target.address ?? remoteAddress ?? address.host, address.port);
}

/** The Sec-WebSocket-Accept that belongs to `key`. */
export function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + ACCEPT_SUFFIX)
    .digest("base64");
}

// The client's half of a WebSocket upgrade: written in the order of Unity's native client, and judged as Unity's server judges it.
// Computes no key and no hash; both come in as arguments.
import { asksForWebSocket, findHeadEnd, HEAD_LIMIT_BYTES, type HttpHead, parseHead } from "./http-head.js";

/** What a server makes of the bytes so far. `silent`: the socket is closed without an answer. */
export type UpgradeVerdict =
  | { readonly kind: "incomplete" }
  | { readonly kind: "silent" }
  | { readonly kind: "refused"; readonly status: 400 | 404 }
  | { readonly kind: "accepted"; readonly key: string; readonly headBytes: number };

export interface UpgradeRequestFields {
  /** Request target, e.g. `/`. */
  readonly path: string;
  /** Value of the Host header; Unity's client puts the numeric address and port there. */
  readonly host: string;
  /** 24 characters: 16 random bytes in base64. */
  readonly key: string;
  /** Further headers, name and value, after Unity's own. Keep names at 125 bytes or less: longer ones can kill a Unity server. */
  readonly headers?: readonly (readonly [string, string])[];
}

const INCOMPLETE: UpgradeVerdict = { kind: "incomplete" };
const SILENT: UpgradeVerdict = { kind: "silent" };
const METHOD = "GET ";
const VERSION = " HTTP/1.1";
/** `GET / HTTP/1.1` */
const SHORTEST_REQUEST_LINE = 14;
const KEY_CHARACTERS = 24;

/**
 * Judges a client's upgrade: all reasons for a 400 first, then the path.
 *
 * @param bytes Everything received so far, what is pipelined behind the head included.
 * @param path The path that this server serves, compared byte by byte.
 * @see com.unity.transport@2.7.2 Runtime/Layers/WebSocketLayer.cs; protocol page 2.1
 */
export function checkUpgradeRequest(bytes: Uint8Array, path: string): UpgradeVerdict {
  if (bytes.length > HEAD_LIMIT_BYTES) return SILENT;
  const headBytes = findHeadEnd(bytes);
  if (headBytes === undefined) return INCOMPLETE;
  const head = parseHead(bytes, headBytes);
  if (head === undefined) return SILENT;
  const key = acceptableKey(head);
  if (key === undefined) return { kind: "refused", status: 400 };
  const target = head.startLine.slice(METHOD.length, -VERSION.length);
  if (target !== path) return { kind: "refused", status: 404 };
  return { kind: "accepted", key, headBytes };
}

/** The request of Unity's native client: five headers in its order, then those asked for. Latin-1 text with its closing blank line. */
export function writeUpgradeRequest(fields: UpgradeRequestFields): string {
  const lines = [
    `${METHOD}${fields.path}${VERSION}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${fields.key}`,
    `Host: ${fields.host}`,
    ...(fields.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The key of a request that deserves no 400. */
function acceptableKey(head: HttpHead): string | undefined {
  const { startLine, headers } = head;
  const key = headers.get("sec-websocket-key");
  const isGet = startLine.startsWith(METHOD) && startLine.endsWith(VERSION);
  if (!isGet || startLine.length < SHORTEST_REQUEST_LINE) return undefined;
  if (!headers.has("host") || headers.get("sec-websocket-version") !== "13") return undefined;
  if (!asksForWebSocket(head)) return undefined;
  return key?.length === KEY_CHARACTERS ? key : undefined;
}

// The server's half of a WebSocket upgrade: the three answers a Unity server has, byte by byte, and the check that Unity's native
// client makes of an answer. Computes no hash; the expected accept value comes in as an argument.
import { asksForWebSocket, asLatin1, findHeadEnd, HEAD_LIMIT_BYTES, type HttpHead, parseHead } from "./http-head.js";

/** What Unity's native client makes of the answer so far. `headBytes`: what follows it are frames. */
export type UpgradeResponseCheck =
  | { readonly kind: "incomplete" }
  | { readonly kind: "open"; readonly headBytes: number }
  | { readonly kind: "rejected"; readonly status: number }
  | { readonly kind: "notWebSocket"; readonly detail: string };

/** The whole answer to a refused upgrade; no other header and no body is ever sent. */
export const REFUSALS: Readonly<Record<400 | 404, string>> = {
  400: "HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\n",
  404: "HTTP/1.1 404 Not Found\r\n\r\n",
};

const STATUS_START = "HTTP/1.1 101 ";
const HTTP_START = "HTTP/1.";
/** Longest piece of an answer that an error message quotes. */
const QUOTE_CHARACTERS = 60;

/** The whole 101 of a Unity server. `acceptValue`: 28 characters, RFC 6455, 4.2.2. */
export function writeUpgradeAccept(acceptValue: string): string {
  return (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${acceptValue}\r\n\r\n`
  );
}

/**
 * Checks a server's answer by the rules of Unity's native client. Unlike it, calls bytes that cannot become HTTP wrong at once
 * instead of waiting for the end of a head that never comes.
 *
 * @param bytes Everything received since the request.
 * @param expectedAccept The accept value that belongs to the key sent.
 * @see com.unity.transport@2.7.2 Runtime/Layers/WebSocketLayer.cs; protocol page 2.6
 */
export function checkUpgradeResponse(bytes: Uint8Array, expectedAccept: string): UpgradeResponseCheck {
  const start = asLatin1(bytes, Math.min(bytes.length, HTTP_START.length));
  if (!HTTP_START.startsWith(start)) return notWebSocket(`the answer is not HTTP: ${quoted(bytes)}`);
  const headBytes = findHeadEnd(bytes);
  if (headBytes === undefined) {
    if (bytes.length <= HEAD_LIMIT_BYTES) return { kind: "incomplete" };
    return notWebSocket(`the answer's head is longer than ${HEAD_LIMIT_BYTES} bytes`);
  }
  const status = statusOf(bytes);
  if (status !== undefined && status !== 101) return { kind: "rejected", status };
  if (headBytes > HEAD_LIMIT_BYTES) return notWebSocket(`the answer's head is longer than ${HEAD_LIMIT_BYTES} bytes`);
  const head = parseHead(bytes, headBytes);
  const detail = head === undefined ? "a header of the 101 is longer than 509 bytes" : objection(head, expectedAccept);
  return detail === undefined ? { kind: "open", headBytes } : notWebSocket(detail);
}

/** What Unity's client dislikes in an answer that is no refusal; undefined: nothing. */
function objection(head: HttpHead, expectedAccept: string): string | undefined {
  const { startLine, headers } = head;
  // At least one character of reason phrase is part of the rule.
  if (!startLine.startsWith(STATUS_START) || startLine.length <= STATUS_START.length) {
    return `the status line must be "HTTP/1.1 101 " and a reason phrase, got "${startLine.slice(0, QUOTE_CHARACTERS)}"`;
  }
  if (!asksForWebSocket(head)) return "the 101 lacks Connection: Upgrade or Upgrade: websocket";
  if (headers.get("sec-websocket-accept") !== expectedAccept) return "Sec-WebSocket-Accept does not match the key";
  if (headers.has("sec-websocket-protocol")) return "the 101 names a subprotocol, which no Unity client accepts";
  if (headers.has("sec-websocket-extensions")) return "the 101 names an extension, which no Unity client accepts";
  return undefined;
}

/** The three digits of a status line of HTTP/1.x. */
function statusOf(bytes: Uint8Array): number | undefined {
  const match = /^HTTP\/1\.\d (\d{3})(?:\D|$)/.exec(asLatin1(bytes, Math.min(bytes.length, 13)));
  return match ? Number(match[1]) : undefined;
}

function quoted(bytes: Uint8Array): string {
  return JSON.stringify(asLatin1(bytes, Math.min(bytes.length, QUOTE_CHARACTERS)));
}

function notWebSocket(detail: string): UpgradeResponseCheck {
  return { kind: "notWebSocket", detail };
}

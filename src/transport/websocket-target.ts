// A target as the WebSocket transport needs it: parts of the URL, the Host header and headers that may be sent. Opens nothing.
import { UsageError } from "../errors.js";
import type { TransportTarget } from "./transport.js";

/** Longer header names can kill a Unity server (protocol page 2.1, C-011). */
export const MAX_HEADER_NAME_BYTES = 125;

/** Characters that RFC 9110 allows in a header's name, and those that would end a header's line. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LINE_BREAKERS = /[\r\n\0]/;

/** Where a WebSocket URL points. `host` has no brackets, `authority` has them and leaves a default port out. */
export interface WebSocketAddress {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** Request target: path and query. */
  readonly path: string;
  readonly authority: string;
}

/** Thousands of clients share a target: it is looked at once. */
const checked = new WeakMap<TransportTarget, WebSocketAddress>();

/** @throws {UsageError} If the target's URL is not a ws:// or wss:// URL, or a header of it may not be sent. */
export function checkTarget(target: TransportTarget): WebSocketAddress {
  let address = checked.get(target);
  if (address === undefined) {
    checkHeaders(target.headers);
    address = parseWebSocketUrl(target.url);
    checked.set(target, address);
  }
  return address;
}

/** @throws {UsageError} If `url` is not a ws:// or wss:// URL. */
export function parseWebSocketUrl(url: string): WebSocketAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") || parsed.hostname === "") {
    throw new UsageError(
      `Cannot connect: the URL must be ws://HOST:PORT/PATH or wss://HOST:PORT/PATH, got ${JSON.stringify(url)}`,
      "Write the address of the Unity server with its scheme, such as ws://127.0.0.1:7777/",
    );
  }
  const isSecure = parsed.protocol === "wss:";
  return {
    isSecure,
    host: parsed.hostname.replace(/^\[|\]$/g, ""),
    port: parsed.port === "" ? (isSecure ? 443 : 80) : Number(parsed.port),
    path: parsed.pathname + parsed.search,
    authority: parsed.host,
  };
}

/**
 * Looks at the headers to send beyond the upgrade's own.
 *
 * @throws {UsageError} If a name is longer than 125 bytes or no header name, or a value would break the line.
 */
export function checkHeaders(headers: TransportTarget["headers"]): void {
  for (const [name, value] of headers ?? []) {
    if (!HEADER_NAME.test(name) || name.length > MAX_HEADER_NAME_BYTES) {
      throw new UsageError(
        `Cannot connect: a header name must be 1 to ${MAX_HEADER_NAME_BYTES} letters, digits or hyphens, got ${quoted(name)}`,
        "Shorten or correct the name; longer ones can end a Unity server's process",
      );
    }
    if (LINE_BREAKERS.test(value)) {
      throw new UsageError(
        `Cannot connect: the value of header ${name} must be one line, got ${quoted(value)}`,
        "Remove the line breaks from the value",
      );
    }
  }
}

/** Host as Unity's native client writes it: the numeric address with its port, IPv6 groups padded to four digits. */
export function numericAuthority(address: string, port: number): string {
  const bare = address.split("%")[0]!;
  return bare.includes(":") ? `[${paddedIpv6(bare)}]:${port}` : `${bare}:${port}`;
}

function paddedIpv6(address: string): string {
  const [head = "", tail] = withoutDottedEnd(address).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after].map((group) => group.padStart(4, "0")).join(":");
}

/** `::ffff:127.0.0.1` as `::ffff:7f00:1`. */
function withoutDottedEnd(address: string): string {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted === null) return address;
  const [, front = "", ...bytes] = dotted;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
  return `${front}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

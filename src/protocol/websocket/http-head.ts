// The head of an HTTP message as Unity's WebSocket layer reads it, for requests and responses alike. Knows eight headers by name,
// skips all others, and never decodes a body.

/** Largest head that Unity buffers, two packets of 1472 bytes; what is pipelined behind it counts too. */
export const HEAD_LIMIT_BYTES = 2944;
/** Longest value of a header that Unity looks at; trailing blanks count. */
export const HEADER_VALUE_LIMIT_BYTES = 509;

const RECOGNISED = [
  "host",
  "connection",
  "upgrade",
  "sec-websocket-version",
  "sec-websocket-key",
  "sec-websocket-accept",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
] as const;

/** A header that Unity looks at, in lower case. */
export type RecognisedHeader = (typeof RECOGNISED)[number];

/** Start line without its CRLF, and the first value of each recognised header, without blanks around it. */
export interface HttpHead {
  readonly startLine: string;
  readonly headers: ReadonlyMap<RecognisedHeader, string>;
}

const CR = 13;
const LF = 10;

/** Length of the head with its closing CRLF CRLF, or undefined while that has not arrived. */
export function findHeadEnd(bytes: Uint8Array): number | undefined {
  for (let i = bytes.indexOf(CR); i >= 0 && i + 3 < bytes.length; i = bytes.indexOf(CR, i + 1)) {
    if (bytes[i + 1] === LF && bytes[i + 2] === CR && bytes[i + 3] === LF) return i + 4;
  }
  return undefined;
}

/** Reads a complete head of `headBytes` bytes; undefined if a recognised header's value is longer than Unity can hold. */
export function parseHead(bytes: Uint8Array, headBytes: number): HttpHead | undefined {
  const lines = asLatin1(bytes, headBytes - 4).split("\r\n");
  const headers = new Map<RecognisedHeader, string>();
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const name = recognised(trimBlanks(line.slice(0, colon)).toLowerCase());
    if (name === undefined) continue;
    const value = line.slice(colon + 1).replace(/^[ \t]+/, "");
    if (value.length > HEADER_VALUE_LIMIT_BYTES) return undefined;
    if (!headers.has(name)) headers.set(name, trimBlanks(value));
  }
  return { startLine: lines[0]!, headers };
}

/** Whether Connection lists `upgrade` and Upgrade is `websocket`, both in any case: what either end asks of the other. */
export function asksForWebSocket(head: HttpHead): boolean {
  const connection = head.headers.get("connection") ?? "";
  if (head.headers.get("upgrade")?.toLowerCase() !== "websocket") return false;
  return connection.split(",").some((item) => /^[ \t]*upgrade(?:[ \t]|$)/i.test(item));
}

/** Bytes as text, one character each; nothing is decoded. */
export function asLatin1(bytes: Uint8Array, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

function recognised(name: string): RecognisedHeader | undefined {
  return RECOGNISED.find((known) => known === name);
}

function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** Text of one byte a character as bytes: a head to be sent. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

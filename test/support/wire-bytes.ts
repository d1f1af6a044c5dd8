// WebSocket bytes for tests, both ways: frames of a client as a test wants them, and a server's output cut into its parts. Written
// apart from the code under test.

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** Default `01 02 03 04`; null: not masked. */
  readonly mask?: readonly [number, number, number, number] | null;
  readonly rsv?: number;
  /** How the length is written; default the shortest. */
  readonly lengthForm?: 7 | 16 | 64;
}

/** A valid upgrade to `/` with the key of RFC 6455's example. */
export const UPGRADE =
  "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nHost: 127.0.0.1:7777\r\n\r\n";
export const UPGRADE_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

export function clientFrame(frame: ClientFrame): Uint8Array {
  const { opcode, payload, fin = true, mask = [1, 2, 3, 4], rsv = 0 } = frame;
  const length = payload.length;
  const form = frame.lengthForm ?? (length < 126 ? 7 : length < 65_536 ? 16 : 64);
  const maskBit = mask === null ? 0 : 0x80;
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  if (form === 7) head.push(maskBit | length);
  else if (form === 16) head.push(maskBit | 126, length >> 8, length & 0xff);
  else
    head.push(
      maskBit | 127,
      0,
      0,
      0,
      0,
      (length >>> 24) & 0xff,
      (length >> 16) & 0xff,
      (length >> 8) & 0xff,
      length & 0xff,
    );
  const body = mask === null ? payload : payload.map((byte, i) => byte ^ mask[i % 4]!);
  return join(Uint8Array.from(head), Uint8Array.from(mask ?? []), body);
}

export function binaryFrame(payload: Uint8Array): Uint8Array {
  return clientFrame({ opcode: 2, payload });
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** One part of a server's output. `bytes` is the whole part. */
export type ServerPart =
  | { readonly kind: "http"; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: "frame"; readonly opcode: number; readonly payload: Uint8Array; readonly bytes: Uint8Array };

/** @throws If a part is cut short, masked or fragmented: no server of ours sends such a thing. */
export function serverParts(stream: Uint8Array): ServerPart[] {
  const parts: ServerPart[] = [];
  for (let at = 0; at < stream.length; ) {
    const part = stream[at] === 0x48 ? httpPart(stream, at) : framePart(stream, at);
    parts.push(part);
    at += part.bytes.length;
  }
  return parts;
}

function httpPart(stream: Uint8Array, at: number): ServerPart {
  const text = String.fromCharCode(...stream.subarray(at));
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) throw new Error("Cannot cut a server's output: a head must end in an empty line");
  return { kind: "http", text: text.slice(0, end + 4), bytes: stream.subarray(at, at + end + 4) };
}

function framePart(stream: Uint8Array, at: number): ServerPart {
  const first = stream[at]!;
  const second = stream[at + 1]!;
  if ((first & 0xf0) !== 0x80 || second > 126)
    throw new Error(`Cannot cut a server's output: odd frame ${first}, ${second}`);
  const headBytes = second === 126 ? 4 : 2;
  const length = second === 126 ? (stream[at + 2]! << 8) | stream[at + 3]! : second;
  const bytes = stream.subarray(at, at + headBytes + length);
  if (bytes.length < headBytes + length) throw new Error("Cannot cut a server's output: a frame is cut short");
  return { kind: "frame", opcode: first & 0x0f, payload: bytes.subarray(headBytes), bytes };
}

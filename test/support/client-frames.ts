// A client's bytes cut into its upgrade and its frames, and a server's bytes made, for tests. Written apart from the code under test.
import { createHash } from "node:crypto";
import { ascii, join } from "./wire-bytes.js";

/** One frame of a client, unmasked. */
export interface SentFrame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Uint8Array;
}

/** @throws If the last frame is cut short. */
export function framesOf(stream: Uint8Array): SentFrame[] {
  const frames: SentFrame[] = [];
  for (let at = 0; at < stream.length; ) {
    const isMasked = (stream[at + 1]! & 0x80) !== 0;
    let length = stream[at + 1]! & 0x7f;
    let body = at + 2;
    if (length === 127) throw new Error("Cannot cut a client's output: no message of it may be that long");
    if (length === 126) {
      length = (stream[body]! << 8) | stream[body + 1]!;
      body += 2;
    }
    const mask = isMasked ? stream.subarray(body, body + 4) : undefined;
    if (mask !== undefined) body += 4;
    if (body + length > stream.length) throw new Error("Cannot cut a client's output: its last frame is incomplete");
    const payload = stream.slice(body, body + length).map((byte, i) => byte ^ (mask?.[i % 4] ?? 0));
    frames.push({ fin: (stream[at]! & 0x80) !== 0, opcode: stream[at]! & 0x7f, isMasked, payload });
    at = body + length;
  }
  return frames;
}

/** The upgrade request at the head of a client's bytes. */
export function requestOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The Sec-WebSocket-Accept that belongs to a request's key. */
export function acceptFor(request: string): string {
  const key = /Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? "";
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** The 101 of a Unity server to `request`. */
export function switchingProtocols(request: string): Uint8Array {
  return ascii(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(request)}\r\n\r\n`,
  );
}

/** An unmasked frame of a server. */
export function serverFrame(opcode: number, payload: Uint8Array = new Uint8Array(0), fin = true): Uint8Array {
  const head = [(fin ? 0x80 : 0) | opcode];
  if (payload.length < 126) head.push(payload.length);
  else head.push(126, payload.length >> 8, payload.length & 0xff);
  return join(Uint8Array.from(head), payload);
}

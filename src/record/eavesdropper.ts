// Listens in on one WebSocket between a game and its server: from the bytes of both directions, or from frames that a capture has cut
// already, to a recording. Changes and holds up nothing.
import { DATA_HEADER_BYTES, WEBSOCKET_PADDING_BYTES } from "../protocol/parameters.js";
import type { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import { OPCODE } from "../protocol/websocket/frame-writer.js";
import { asLatin1, findHeadEnd } from "../protocol/websocket/http-head.js";
import { FrameSplitter, MAX_KEPT_BYTES, type PassingFrame } from "./frame-splitter.js";
import { noneUnread, type RecordedEnd, type RecordedMessage, type Recording, type Side } from "./recording.js";
import { type Listener, UtpListener } from "./utp-listener.js";

/** Messages of one client that a profile can hold: a step each, and one to leave. */
const MAX_MESSAGES = 99_999;
/** Latest time that a step may have. */
const MAX_AT_MS = 86_400_000;
/** Largest body of a Data message with the largest message size that Unity's transport has. */
const MAX_BODY_BYTES = 1472 - WEBSOCKET_PADDING_BYTES - DATA_HEADER_BYTES;
/** Longest head that is waited for. */
const MAX_HEAD_BYTES = 65_536;
/** Written by the upgrade of whoever plays it back. */
const UPGRADE_HEADER = /^(?:host|upgrade|connection|sec-websocket-.*)$/i;

/** How far one direction is read. `opaque`: it is no WebSocket, and never becomes one. */
type Stage = "head" | "frames" | "opaque";

class Direction {
  stage: Stage = "head";
  head: Uint8Array = new Uint8Array(0);
  readonly splitter = new FrameSplitter();
  /** The first frames of a message that is not whole. */
  parts: Uint8Array[] = [];
  partBytes = 0;
}

export class Eavesdropper implements Listener {
  readonly #client: string;
  readonly #set: PipelineSet;
  readonly #utp: UtpListener;
  readonly #unread = noneUnread();
  readonly #directions: Readonly<Record<Side, Direction>> = { client: new Direction(), server: new Direction() };
  readonly #messages: RecordedMessage[] = [];
  readonly #sentBy: Record<Side, number> = { client: 0, server: 0 };
  #path: string | undefined;
  #headerNames: readonly string[] = [];
  #acceptedMs: number | undefined;
  #connectPayload: Uint8Array | undefined;
  #end: RecordedEnd | undefined;
  #lastMs = 0;

  /** @param client What people call the client. */
  constructor(client: string, set: PipelineSet) {
    this.#client = client;
    this.#set = set;
    this.#utp = new UtpListener(set, this, this.#unread);
  }

  /** The server has let the client in. */
  get isAccepted(): boolean {
    return this.#acceptedMs !== undefined;
  }

  /** What was heard so far, whether it is over or not. Times count from where `nowMs` of the other calls did. */
  recording(): Recording {
    const unread = { ...this.#unread };
    this.#utp.countUnusable(unread);
    return {
      client: this.#client,
      path: this.#path,
      headerNames: this.#headerNames,
      acceptedMs: this.#acceptedMs,
      connectPayload: this.#connectPayload,
      messages: [...this.#messages],
      end: this.#end ?? { by: "nobody", how: "", atMs: this.#sinceAccepted(this.#lastMs) },
      largestPacketBytes: this.#utp.largestPacketBytes,
      unread,
    };
  }

  /** What one read of a socket brought. Any bytes, never an exception. */
  bytes(from: Side, chunk: Uint8Array, nowMs: number): void {
    this.#lastMs = nowMs;
    const direction = this.#directions[from];
    const rest = direction.stage === "head" ? this.#readHead(from, direction, chunk) : chunk;
    if (direction.stage === "opaque") this.#unread.bytes += rest.length;
    if (direction.stage !== "frames") return;
    for (const frame of direction.splitter.read(rest)) this.frame(from, frame, nowMs);
  }

  /** The head of the upgrade request or of its answer, with the blank line behind it. */
  head(from: Side, text: string): void {
    const [startLine = "", ...lines] = text.split("\r\n");
    const isRight = from === "client" ? /^GET \S+ HTTP\/1\.1$/.test(startLine) : /^HTTP\/1\.1 101\b/.test(startLine);
    this.#directions[from].stage = isRight ? "frames" : "opaque";
    if (!isRight && from === "server") {
      // Whoever is not answered with a 101 speaks no WebSocket afterwards.
      this.#directions.client.stage = "opaque";
      this.ended("server", `answer ${startLine}`, this.#lastMs);
    }
    if (!isRight || from === "server") return;
    this.#path = startLine.split(" ")[1];
    const names = lines.map((line) => line.slice(0, Math.max(0, line.indexOf(":"))).trim());
    this.#headerNames = names.filter((name) => name !== "" && !UPGRADE_HEADER.test(name));
  }

  frame(from: Side, frame: PassingFrame, nowMs: number): void {
    this.#lastMs = nowMs;
    const { opcode, isExtended, payload } = frame;
    if (isExtended || payload === undefined) this.#unread.frames++;
    else if (opcode === OPCODE.binary || opcode === OPCODE.continuation) this.#part(from, frame, payload, nowMs);
    else if (opcode === OPCODE.text) this.#unread.textMessages++;
    else if (opcode === OPCODE.close) this.ended(from, closeText(payload), nowMs);
    else if (opcode !== OPCODE.ping && opcode !== OPCODE.pong) this.#unread.frames++;
  }

  /** One side has ended the connection in this way; only the first counts. */
  ended(by: Side, how: string, nowMs: number): void {
    this.#end ??= { by, how, atMs: this.#sinceAccepted(nowMs) };
  }

  accepted(connectPayload: Uint8Array | undefined, nowMs: number): void {
    this.#acceptedMs = nowMs;
    this.#connectPayload = connectPayload;
  }

  message(from: Side, pipelineId: number, payload: Uint8Array, nowMs: number): void {
    const atMs = this.#sinceAccepted(nowMs);
    if (payload.length > this.#set.maxMessageBytes(pipelineId, MAX_BODY_BYTES)) {
      this.#unread.tooLarge++;
      return;
    }
    if (this.#sentBy[from] >= MAX_MESSAGES || atMs >= MAX_AT_MS) {
      this.#unread.notKept++;
      return;
    }
    this.#sentBy[from]++;
    this.#messages.push({ from, atMs, pipelineId, payload });
  }

  disconnected(by: Side, nowMs: number): void {
    this.ended(by, "UTP Disconnect", nowMs);
  }

  /** What stands behind the head, once that is whole. */
  #readHead(from: Side, direction: Direction, chunk: Uint8Array): Uint8Array {
    const seen = Buffer.concat([direction.head, chunk]);
    const headBytes = findHeadEnd(seen);
    direction.head = headBytes === undefined ? seen : new Uint8Array(0);
    if (headBytes !== undefined) {
      this.head(from, asLatin1(seen, headBytes));
      return direction.stage === "opaque" ? seen : seen.subarray(headBytes);
    }
    if (seen.length <= MAX_HEAD_BYTES) return new Uint8Array(0);
    direction.head = new Uint8Array(0);
    direction.stage = "opaque";
    return seen;
  }

  /** A frame of a binary message; the last one completes it. */
  #part(from: Side, { opcode, isFinal }: PassingFrame, payload: Uint8Array, nowMs: number): void {
    const direction = this.#directions[from];
    if (opcode === OPCODE.binary && isFinal) return this.#utp.packet(from, payload, nowMs);
    direction.parts.push(payload);
    direction.partBytes += payload.length;
    const isTooLong = direction.partBytes > MAX_KEPT_BYTES;
    if (!isFinal && !isTooLong) return;
    const packet = Buffer.concat(direction.parts);
    direction.parts = [];
    direction.partBytes = 0;
    if (isTooLong) this.#unread.frames++;
    else this.#utp.packet(from, packet, nowMs);
  }

  #sinceAccepted(nowMs: number): number {
    return this.#acceptedMs === undefined ? 0 : Math.min(Math.max(0, nowMs - this.#acceptedMs), MAX_AT_MS);
  }
}

function closeText(payload: Uint8Array): string {
  return payload.length < 2 ? "WebSocket Close" : `WebSocket Close ${(payload[0]! << 8) | payload[1]!}`;
}

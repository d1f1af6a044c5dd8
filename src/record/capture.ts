// A capture of WebSocket sessions, JSON with one event a frame, as recordings. What it does not know it refuses; reads no file.
import { UsageError } from "../errors.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { Eavesdropper } from "./eavesdropper.js";
import { bytesOfHex } from "./figures.js";
import type { Recording, Side } from "./recording.js";

/** An event with everything that one of its kind has; times in ms since the first event. */
type SocketEvent =
  | { readonly kind: "http"; readonly conn: number; readonly from: Side; readonly atMs: number; readonly hex: string }
  | {
      readonly kind: "frame";
      readonly conn: number;
      readonly from: Side;
      readonly atMs: number;
      readonly hex: string;
      readonly opcode: number;
      readonly isFinal: boolean;
    }
  | { readonly kind: "tcp"; readonly conn: number; readonly from: Side; readonly atMs: number; readonly event: string };

const SIDES: Readonly<Record<string, Side>> = { c2s: "client", s2c: "server" };
const HINT =
  "A capture is JSON with a list `events`; each has t_ms, conn, dir (c2s, s2c) and kind: http and frame with hex (a frame also opcode " +
  "and fin), or tcp with event";

/**
 * One recording a connection, at least one of which got in.
 *
 * @param fileName Stands in error messages.
 * @throws {UsageError} If the text is no capture, or no client of it got in.
 */
export function captureRecordings(text: string, fileName: string, pipelines: PipelinesDescription): Recording[] {
  const set = new PipelineSet(pipelines);
  const heard = new Map<number, Eavesdropper>();
  for (const event of eventsOf(text, fileName)) {
    const listener = heard.get(event.conn) ?? new Eavesdropper(`connection ${event.conn}`, set);
    heard.set(event.conn, listener);
    hear(listener, event);
  }
  const recordings = [...heard.values()].map((listener) => listener.recording());
  if (recordings.some(({ acceptedMs }) => acceptedMs !== undefined)) return recordings;
  throw wrong(fileName, "one of a WebSocket client that got in", "none that did");
}

function hear(listener: Eavesdropper, event: SocketEvent): void {
  const { from, atMs } = event;
  if (event.kind === "tcp") return listener.ended(from, event.event === "eof" ? "FIN" : "reset", atMs);
  const bytes = bytesOfHex(event.hex);
  if (event.kind === "http") return listener.bytes(from, bytes, atMs);
  const { opcode, isFinal } = event;
  listener.frame(from, { opcode, isFinal, isExtended: false, payload: bytes }, atMs);
}

function eventsOf(text: string, fileName: string): SocketEvent[] {
  const content = contentOf(text, fileName);
  const events = isObject(content) ? content.events : undefined;
  if (!Array.isArray(events)) throw wrong(fileName, "a capture with a list of events", "none");
  return events.flatMap((event: unknown, index) => {
    const kind = isObject(event) ? event.kind : undefined;
    // A note says what was done, a datagram is no WebSocket, what is left over is half a head: nothing of them is played.
    if (kind === "note" || kind === "datagram" || kind === "leftover") return [];
    const read = isObject(event) ? socketEvent(event) : undefined;
    if (read === undefined) throw wrong(fileName, `a capture of which event ${index} is whole`, JSON.stringify(event));
    return [read];
  });
}

function contentOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(fileName, "JSON", error instanceof Error ? error.message : String(error));
  }
}

/** Undefined: something of it is missing or of the wrong kind. */
function socketEvent(event: Readonly<Record<string, unknown>>): SocketEvent | undefined {
  const { kind, t_ms: atMs, conn, dir, hex, opcode, fin: isFinal, event: name } = event;
  const from = SIDES[String(dir)];
  if (typeof atMs !== "number" || typeof conn !== "number" || from === undefined) return undefined;
  if (kind === "tcp") return typeof name === "string" ? { kind, conn, from, atMs, event: name } : undefined;
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(hex)) return undefined;
  if (kind === "http") return { kind, conn, from, atMs, hex };
  if (kind !== "frame" || typeof opcode !== "number" || typeof isFinal !== "boolean") return undefined;
  return { kind, conn, from, atMs, hex, opcode, isFinal };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(fileName: string, rule: string, got: string): UsageError {
  return new UsageError(`Cannot record: ${fileName} must be ${rule}, got ${got.slice(0, 200)}`, HINT);
}

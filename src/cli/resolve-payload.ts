// Bytes of messages and of the connect payload, against what one UTP packet can carry. Reads the files they name.
import type { ClientKind } from "../client/session-types.js";
import { FIELDS } from "../profile/fields.js";
import { DATA_HEADER_BYTES, WEBSOCKET_PADDING_BYTES } from "../protocol/parameters.js";
import { readNamedFile } from "./resolve-file.js";
import type { SettingReader, Source } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

/** What Unity's native client reserves below UTP on wss; a browser's socket reserves the same as on ws. */
const WSS_PADDING_BYTES = 82;
/** Unity lets a connect payload be this much smaller than a message. */
const CONNECT_PAYLOAD_LESS_BYTES = 15;
/** Mark and sequence number, by which an echo is known. */
const MARK_BYTES = 16;

/** Largest user payload without a pipeline: 1376 bytes with Unity's defaults, 1308 for a native client on wss. */
export function largestPayloadBytes(target: string, client: ClientKind, maxMessageSize: number): number {
  const isNativeTls = /^wss:/i.test(target) && client !== "webgl";
  return maxMessageSize - (isNativeTls ? WSS_PADDING_BYTES : WEBSOCKET_PADDING_BYTES) - DATA_HEADER_BYTES;
}

/** @param largestBytes Of the pipeline that carries the messages; the two are checked together because a flag may change either. */
export function resolvePayloadBytes(reader: SettingReader, largestBytes: number, notes: string[]): number {
  const size = reader.read({ flag: "size", key: "size", field: FIELDS.payloadBytes }, 64, "64");
  if (size.value > largestBytes) {
    const rule = `at most ${Math.max(0, largestBytes)} bytes with this target, message size and pipeline`;
    const hint = "A message is one UTP packet, see --max-message-size, but on a pipeline with fragmentation";
    throw reader.error(size.source, rule, size.value, hint);
  }
  if (size.value < MARK_BYTES) {
    notes.push(`messages of ${size.value} bytes have no room for a mark: answers are not known by it, rtt stays empty`);
  }
  return size.value;
}

export function largestConnectPayloadBytes(largestBytes: number): number {
  return Math.max(0, largestBytes - CONNECT_PAYLOAD_LESS_BYTES);
}

/** The connect payload as hex, undefined where there is none. */
export function resolveConnectPayload(
  reader: SettingReader,
  largestBytes: number,
  folder: string,
  machine: Machine,
): string | undefined {
  const found = reader.find({ flag: "connect-payload", key: "connectPayload", field: FIELDS.connectPayload });
  if (found === undefined) return undefined;
  reader.note("connectPayload", found.text, found.source);
  const bytes = payloadOf(reader, found.value, found.source, folder, machine);
  const limitBytes = largestConnectPayloadBytes(largestBytes);
  if (bytes.length > limitBytes) {
    throw reader.error(found.source, `at most ${limitBytes} bytes, as in Unity's client`, bytes.length);
  }
  return bytes.length === 0 ? undefined : bytes.toString("hex");
}

function payloadOf(reader: SettingReader, text: string, source: Source, folder: string, machine: Machine): Buffer {
  const content = text.slice(text.indexOf(":") + 1);
  if (text.startsWith("hex:")) return Buffer.from(content, "hex");
  if (text.startsWith("utf8:")) return Buffer.from(content, "utf8");
  return readNamedFile(reader, content, source, folder, machine);
}

// Mistakes on purpose in what the server sends, for tests of clients: each is one that a broken peer makes. Bytes only, no network; what
// the client must do with them stands in protocol page 3.2, 3.3, 6.4.3 and 11.
import { DATA_HEADER_BYTES } from "../protocol/parameters.js";
import type { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import {
  type PipelinesDescription,
  pipelineSettings,
  type StageSettings,
} from "../protocol/pipelines/pipeline-settings.js";
import { headersFrom } from "../protocol/pipelines/stage-sizes.js";
import { classify, HANDSHAKE_BYTES } from "../protocol/wire.js";
import type { ServerClient } from "./server-client.js";
import type { FaultCounts } from "./server-stats.js";

/**
 * - `future-ack`: the first ack of each reliable pipeline of a connection names a packet 200 later than any that was sent.
 * - `window-mismatch`: the reliable stages of the server have a window of another class than those of its `pipelines`.
 * - `glued`: behind each packet a second one, the same again, in the same WebSocket message, where there is room.
 * - `length-lie`: the Accept has a payload whose length field does not tell its length.
 * - `version-2`: the Accept is one of protocol version 2.
 */
export const MALFORMATIONS = ["future-ack", "window-mismatch", "glued", "length-lie", "version-2"] as const;
export type Malformation = (typeof MALFORMATIONS)[number];

/** How far the ack is in the future: beyond any window up to 64, within the quarter of the space that counts as newer. */
const FUTURE_PACKETS = 200;
const VERSION_AT = 3;
const WRONG_VERSION = 2;

const ACKED_AT = 6;
const NO_ACK = 0xffff;
/** Lengths that a lie adds to the true one, and what an Accept without a payload gets to lie about. */
const LIE_BYTES = 4;
const LIED_ABOUT = Uint8Array.of(1 + LIE_BYTES, 0, 0);

export class MalformedOutput {
  readonly #modes: ReadonlySet<Malformation>;
  readonly #pipelines: PipelineSet;
  readonly #maxPacketBytes: number;
  readonly #counts: FaultCounts;
  /** Pipelines on which a client has had its future ack. */
  readonly #acked = new WeakMap<ServerClient, Set<number>>();

  constructor(modes: ReadonlySet<Malformation>, pipelines: PipelineSet, maxPacketBytes: number, counts: FaultCounts) {
    this.#modes = modes;
    this.#pipelines = pipelines;
    this.#maxPacketBytes = maxPacketBytes;
    this.#counts = counts;
  }

  /** The packet as it shall leave, in bytes of its own where it is another. */
  distort(client: ServerClient, packet: Uint8Array): Uint8Array {
    let distorted = packet;
    const kind = classify(packet);
    if (kind === "accept") distorted = this.#accept(packet);
    else if (kind === "data" && this.#modes.has("future-ack")) distorted = this.#ackFuture(client, packet);
    if (this.#modes.has("glued") && 2 * distorted.length <= this.#maxPacketBytes) distorted = twice(distorted);
    if (distorted !== packet) this.#counts.malformed++;
    return distorted;
  }

  #accept(packet: Uint8Array): Uint8Array {
    const lied = this.#modes.has("length-lie") ? withWrongLength(packet) : packet;
    if (!this.#modes.has("version-2")) return lied;
    const changed = new Uint8Array(lied);
    changed[VERSION_AT] = WRONG_VERSION;
    return changed;
  }

  #ackFuture(client: ServerClient, packet: Uint8Array): Uint8Array {
    const pipelineId = packet[DATA_HEADER_BYTES - 1]!;
    const at = this.#ackedAt(pipelineId);
    const acked = at === undefined ? NO_ACK : (packet[at] ?? 0xff) | ((packet[at + 1] ?? 0xff) << 8);
    const done = this.#acked.get(client) ?? new Set();
    if (at === undefined || acked === NO_ACK || done.has(pipelineId)) return packet;
    this.#acked.set(client, done.add(pipelineId));
    const changed = new Uint8Array(packet);
    changed[at] = (acked + FUTURE_PACKETS) & 0xff;
    changed[at + 1] = ((acked + FUTURE_PACKETS) >> 8) & 0xff;
    return changed;
  }

  /** Where the acked id stands in a Data message of a pipeline; undefined without a reliable stage. */
  #ackedAt(pipelineId: number): number | undefined {
    const settings = this.#pipelines.settingsOf(pipelineId) ?? [];
    const index = settings.findIndex(({ stage }) => stage === "reliableSequenced");
    return index < 0 ? undefined : DATA_HEADER_BYTES + headersFrom(settings, index + 1) + ACKED_AT;
  }
}

/** The same pipelines, but that each reliable stage has a window of another class (protocol page 6.4.1): 32 or 64. */
export function withOtherWindows(description: PipelinesDescription): PipelinesDescription {
  return pipelineSettings(description).map((stages) => stages.map(withOtherWindow));
}

function withOtherWindow(settings: StageSettings): StageSettings {
  if (settings.stage !== "reliableSequenced") return settings;
  return { ...settings, window: settings.window > 32 && settings.window <= 64 ? 32 : 64 };
}

function withWrongLength(accept: Uint8Array): Uint8Array {
  if (accept.length === HANDSHAKE_BYTES) return joined(accept, LIED_ABOUT);
  const changed = new Uint8Array(accept);
  const lie = (changed[HANDSHAKE_BYTES]! | (changed[HANDSHAKE_BYTES + 1]! << 8)) + LIE_BYTES;
  changed[HANDSHAKE_BYTES] = lie & 0xff;
  changed[HANDSHAKE_BYTES + 1] = lie >> 8;
  return changed;
}

function twice(packet: Uint8Array): Uint8Array {
  return joined(packet, packet);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

// A UTP packet cut into its fields with their meaning, for a trace. Any bytes are accepted; nothing is judged.
import { classify, type PacketKind, TOKEN_BYTES } from "../protocol/wire.js";

/** Some bytes of a packet in order, and what they are. */
export interface Field {
  readonly bytes: Uint8Array;
  readonly meaning: string;
}

const TYPE_NAMES: Partial<Record<PacketKind, string>> = {
  request: "Connection Request",
  accept: "Connection Accept",
  unknownHandshake: "unknown handshake type",
  data: "Data",
  disconnect: "Disconnect",
  heartbeat: "Heartbeat",
  mtuCheck: "MTU check",
  mtuAck: "MTU ack",
  unknownType: "unknown message type",
};

/** What the packet is, in a few words. */
export function packetName(packet: Uint8Array): string {
  const kind = classify(packet);
  if (kind === "wrongVersion") return `UTP handshake, version ${packet[3]}`;
  return TYPE_NAMES[kind] ?? "not UTP";
}

/** The fields in order; joined they are the packet. */
export function packetFields(packet: Uint8Array): Field[] {
  const kind = classify(packet);
  const cut = new Cutter(packet);
  switch (kind) {
    case "request":
    case "accept":
    case "wrongVersion":
    case "unknownHandshake":
      return cut.take(3, '"UTP"').take(1, "protocol version").take(1, packetName(packet)).token().handshakePayload();
    case "data":
      return cut.take(1, "Data").token().take(1, "pipeline id").rest("payload");
    case "mtuCheck":
      return cut.take(1, "MTU check").token().take(2, "length").rest("zeros");
    case "mtuAck":
      return cut.take(1, "MTU ack").token().take(2, "length").rest("acknowledged size");
    case "disconnect":
    case "heartbeat":
    case "unknownType":
      return cut.take(1, packetName(packet)).token().rest("more");
    default:
      return cut.rest("not UTP");
  }
}

class Cutter {
  readonly #packet: Uint8Array;
  readonly #fields: Field[] = [];
  #offset = 0;

  constructor(packet: Uint8Array) {
    this.#packet = packet;
  }

  take(count: number, meaning: string): this {
    const bytes = this.#packet.subarray(this.#offset, this.#offset + count);
    if (bytes.length > 0) this.#fields.push({ bytes, meaning });
    this.#offset += bytes.length;
    return this;
  }

  token(): this {
    return this.take(TOKEN_BYTES, "token");
  }

  /** Only more than two bytes behind the token are a payload. */
  handshakePayload(): Field[] {
    if (this.#packet.length - this.#offset > 2) this.take(2, "payload length");
    return this.rest("payload");
  }

  rest(meaning: string): Field[] {
    this.take(this.#packet.length - this.#offset, meaning);
    return this.#fields;
  }
}

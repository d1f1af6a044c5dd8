// Data messages of the captures' reliable pipelines, split into what both ends' rules fix and what depends on the moment of an update.
import { hex } from "../support/bytes.js";

const DATA = 1;
const RELIABLE_PIPELINES = [3, 4];
/** Type, token and pipeline id. */
const DATA_HEADER_BYTES = 10;
const FIXED_HEADER_BYTES = 8;
const ACK = 1;

export interface ReliablePacket {
  readonly isAck: boolean;
  /** Low 16 bits of the id; 0 in acks. */
  readonly sequence: number;
  readonly processingTimeMs: number;
  /** The UTP packet as hex with dashes for the processing time and for the byte behind an ack. */
  readonly fixedHex: string;
}

/** A UTP packet that went over pipeline 3 or 4; undefined for any other. */
export function reliablePacket(packet: Uint8Array): ReliablePacket | undefined {
  if (packet[0] !== DATA || !RELIABLE_PIPELINES.includes(packet[9]!)) return undefined;
  if (packet.length < DATA_HEADER_BYTES + FIXED_HEADER_BYTES) return undefined;
  const header = packet.subarray(DATA_HEADER_BYTES);
  const isAck = header[0] === ACK;
  const shown = isAck ? packet.subarray(0, -1) : packet;
  const timeAt = DATA_HEADER_BYTES + 2;
  return {
    isAck,
    sequence: header[4]! | (header[5]! << 8),
    processingTimeMs: header[2]! | (header[3]! << 8),
    fixedHex: `${hex(shown.subarray(0, timeAt))}----${hex(shown.subarray(timeAt + 2))}${isAck ? "--" : ""}`,
  };
}

// UTP messages as bytes: encoders and a classifier. Layout only: no state, no time, no decisions.

/** Handshake messages start with "UTP", the others with their type. Tokens are 8 opaque bytes. */
export const TOKEN_BYTES = 8;
export const HANDSHAKE_BYTES = 13;
export const MESSAGE_BYTES = 9;
/** Type, token and length field of an MtuCheck. */
export const MTU_CHECK_HEADER_BYTES = 11;
export const PROTOCOL_VERSION = 1;

/** Type bytes of the messages that follow the handshake. */
export const MESSAGE_TYPE = { data: 1, disconnect: 2, heartbeat: 3, mtuCheck: 4, mtuAck: 5 } as const;
const REQUEST = 1;
const ACCEPT = 2;

/** What a packet is. Everything that is not a message of UTP 2.x is one of the last four. */
export type PacketKind =
  | "request"
  | "accept"
  | keyof typeof MESSAGE_TYPE
  | "empty"
  | "tooShort"
  | "wrongVersion"
  | "unknownHandshake"
  | "unknownType";

const KIND_OF_TYPE: readonly PacketKind[] = ["unknownType", "data", "disconnect", "heartbeat", "mtuCheck", "mtuAck"];

/**
 * Says what kind of message a packet is, whatever its bytes.
 *
 * @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs; protocol page 3.2
 */
export function classify(packet: Uint8Array): PacketKind {
  const length = packet.length;
  if (length === 0) return "empty";
  if (length >= HANDSHAKE_BYTES && packet[0] === 0x55 && packet[1] === 0x54 && packet[2] === 0x50) {
    if (packet[3] !== PROTOCOL_VERSION) return "wrongVersion";
    return packet[4] === REQUEST ? "request" : packet[4] === ACCEPT ? "accept" : "unknownHandshake";
  }
  if (length < MESSAGE_BYTES) return "tooShort";
  return KIND_OF_TYPE[packet[0]!] ?? "unknownType";
}

/** Where the token of a packet starts: 5 in handshake messages, 1 in all others. */
export function tokenOffset(kind: PacketKind): 1 | 5 {
  return kind === "request" || kind === "accept" ? 5 : 1;
}

/** Whether the 8 bytes at `offset` of `packet` are `token`. */
export function hasToken(packet: Uint8Array, offset: number, token: Uint8Array): boolean {
  for (let i = 0; i < TOKEN_BYTES; i++) if (packet[offset + i] !== token[i]) return false;
  return true;
}

/**
 * Encodes a Connection Request, the first UTP message a client sends.
 *
 * Layout: `"UTP" | version u8 = 1 | type u8 = 1 | token u8[8] | [length u16le | payload]`
 *
 * @param token 8 random bytes naming this connection; every later message carries them.
 * @param payload Connect payload, 0..65535 bytes on the wire (the connection refuses more than its message size allows); when empty, the length field is left out.
 * @returns A new buffer of 13 bytes, or 15 + payload.length bytes with a payload.
 * @throws {RangeError} If token is not 8 bytes or payload is over 65535 bytes.
 * @see com.unity.transport@2.7.2 Runtime/Layers/SimpleConnectionLayer.cs, EnqueueDeferredMessage
 */
export function encodeConnectRequest(token: Uint8Array, payload?: Uint8Array): Uint8Array {
  return encodeHandshake(REQUEST, token, payload);
}

/** Encodes a Connection Accept: the same layout with type 2. A payload is read by clients of 2.7 and later only. */
export function encodeConnectAccept(token: Uint8Array, payload?: Uint8Array): Uint8Array {
  return encodeHandshake(ACCEPT, token, payload);
}

function encodeHandshake(type: number, token: Uint8Array, payload: Uint8Array | undefined): Uint8Array {
  checkToken(token);
  const payloadBytes = payload?.length ?? 0;
  if (payloadBytes > 0xffff) {
    throw new RangeError(`Cannot encode a handshake: payload must be at most 65535 bytes, got ${payloadBytes}`);
  }
  const packet = new Uint8Array(HANDSHAKE_BYTES + (payloadBytes > 0 ? 2 + payloadBytes : 0));
  packet.set([0x55, 0x54, 0x50, PROTOCOL_VERSION, type]);
  packet.set(token, 5);
  if (payload !== undefined && payloadBytes > 0) {
    packet[13] = payloadBytes & 0xff;
    packet[14] = payloadBytes >> 8;
    packet.set(payload, 15);
  }
  return packet;
}

/** What stands behind the token of a handshake message: `bad` when the length field and the rest disagree. */
export type HandshakePayload =
  | { readonly kind: "none" | "bad" }
  | { readonly kind: "payload"; readonly bytes: Uint8Array };

/** Reads the optional payload of a Request or Accept. 1 or 2 bytes behind the token are ignored, as Unity does. */
export function handshakePayload(packet: Uint8Array): HandshakePayload {
  const rest = packet.length - HANDSHAKE_BYTES;
  if (rest <= 2) return { kind: "none" };
  const length = packet[13]! | (packet[14]! << 8);
  if (length !== rest - 2) return { kind: "bad" };
  return { kind: "payload", bytes: packet.subarray(15) };
}

/** Encodes a Disconnect (`02 token`) or a Heartbeat (`03 token`), 9 bytes. */
export function encodeControl(type: "disconnect" | "heartbeat", token: Uint8Array): Uint8Array {
  checkToken(token);
  const packet = new Uint8Array(MESSAGE_BYTES);
  packet[0] = MESSAGE_TYPE[type];
  packet.set(token, 1);
  return packet;
}

/**
 * Writes a Data message (`01 token pipelineId payload`) into `target` and returns its length, 10 + payload.length.
 * The caller owns `target` and checks that it is large enough.
 */
export function writeData(target: Uint8Array, token: Uint8Array, pipelineId: number, payload: Uint8Array): number {
  target[0] = MESSAGE_TYPE.data;
  target.set(token, 1);
  target[9] = pipelineId;
  target.set(payload, 10);
  return 10 + payload.length;
}

/** Encodes an MtuCheck: `04 token | L u16le | L zero bytes`. `lengthField` is L, 0..65535. */
export function encodeMtuCheck(token: Uint8Array, lengthField: number): Uint8Array {
  const packet = encodeTyped(MESSAGE_TYPE.mtuCheck, token, 2 + lengthField);
  packet[9] = lengthField & 0xff;
  packet[10] = lengthField >> 8;
  return packet;
}

/** Encodes an MtuAck: `05 token 02 00 | size u16le`, 13 bytes. */
export function encodeMtuAck(token: Uint8Array, sizeBytes: number): Uint8Array {
  const packet = encodeTyped(MESSAGE_TYPE.mtuAck, token, 4);
  packet[9] = 2;
  packet[11] = sizeBytes & 0xff;
  packet[12] = sizeBytes >> 8;
  return packet;
}

/** The length field of an MtuCheck, or undefined if the packet is cut short of it. */
export function mtuCheckLength(packet: Uint8Array): number | undefined {
  return packet.length < MTU_CHECK_HEADER_BYTES ? undefined : packet[9]! | (packet[10]! << 8);
}

/** The acknowledged size of an MtuAck, or undefined if the packet is not one of 13 bytes with length field 2. */
export function mtuAckSize(packet: Uint8Array): number | undefined {
  if (packet.length < 13 || packet[9] !== 2 || packet[10] !== 0) return undefined;
  return packet[11]! | (packet[12]! << 8);
}

function encodeTyped(type: number, token: Uint8Array, bodyBytes: number): Uint8Array {
  checkToken(token);
  const packet = new Uint8Array(MESSAGE_BYTES + bodyBytes);
  packet[0] = type;
  packet.set(token, 1);
  return packet;
}

function checkToken(token: Uint8Array): void {
  if (token.length !== TOKEN_BYTES) {
    throw new RangeError(`Cannot encode a message: token must be 8 bytes, got ${token.length}`);
  }
}

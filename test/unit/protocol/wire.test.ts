// The bytes of section 3.1, written out, and how a packet is classified (3.2). Encoders and reader only: no states here.
import { describe, expect, it } from "vitest";
import {
  classify,
  encodeConnectAccept,
  encodeConnectRequest,
  encodeControl,
  encodeMtuAck,
  encodeMtuCheck,
  handshakePayload,
  hasToken,
  mtuAckSize,
  mtuCheckLength,
  tokenOffset,
  writeData,
} from "../../../src/protocol/wire.js";
import { bytes, FOREIGN_TOKEN, hex, TOKEN } from "../../support/bytes.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function data(pipelineId: number, payload: Uint8Array): Uint8Array {
  const target = new Uint8Array(64);
  return target.subarray(0, writeData(target, TOKEN, pipelineId, payload));
}

describe("encoders give the bytes of the protocol page", () => {
  it.each([
    ["Connection Request", encodeConnectRequest(TOKEN), "55 54 50 01 01 T"],
    ["Connection Request, payload hi", encodeConnectRequest(TOKEN, text("hi")), "55 54 50 01 01 T 02 00 68 69"],
    ["Connection Request, empty payload", encodeConnectRequest(TOKEN, new Uint8Array()), "55 54 50 01 01 T"],
    ["Connection Accept", encodeConnectAccept(TOKEN), "55 54 50 01 02 T"],
    ["Connection Accept, payload abc", encodeConnectAccept(TOKEN, text("abc")), "55 54 50 01 02 T 03 00 61 62 63"],
    ["Data, pipeline 0, u32 42", data(0, bytes("2A 00 00 00")), "01 T 00 2A 00 00 00"],
    ["Data, pipeline 255, empty", data(255, new Uint8Array()), "01 T FF"],
    ["Disconnect", encodeControl("disconnect", TOKEN), "02 T"],
    ["Heartbeat", encodeControl("heartbeat", TOKEN), "03 T"],
    ["MtuCheck of 3 bytes", encodeMtuCheck(TOKEN, 3), "04 T 03 00 00 00 00"],
    ["MtuAck for 1024", encodeMtuAck(TOKEN, 1024), "05 T 02 00 00 04"],
    ["MtuAck for 1400", encodeMtuAck(TOKEN, 1400), "05 T 02 00 78 05"],
  ])("%s", (_name, packet, expected) => {
    expect(hex(packet)).toBe(hex(bytes(expected)));
  });

  it("writes a payload length above 255 low byte first", () => {
    const packet = encodeConnectRequest(TOKEN, new Uint8Array(1361).fill(7));
    expect(hex(packet.subarray(13, 16))).toBe("510507");
    expect(packet.length).toBe(15 + 1361);
  });

  it("refuses our own misuse: tokens of another length, payloads beyond the length field", () => {
    for (const length of [0, 7, 9]) {
      expect(() => encodeConnectRequest(new Uint8Array(length))).toThrow(RangeError);
      expect(() => encodeControl("heartbeat", new Uint8Array(length))).toThrow(RangeError);
      expect(() => encodeMtuAck(new Uint8Array(length), 1)).toThrow(RangeError);
    }
    expect(() => encodeConnectRequest(TOKEN, new Uint8Array(65_536))).toThrow(RangeError);
    expect(encodeConnectRequest(TOKEN, new Uint8Array(65_535)).length).toBe(65_550);
  });
});

describe("classify", () => {
  it.each([
    ["", "empty"],
    ["03", "tooShort"],
    ["03 11 22 33 44 55 66 77", "tooShort"],
    ["55 54 50 01 01 11 22 33", "tooShort"],
    // A signature on fewer than 13 bytes is an ordinary message of type 0x55.
    ["55 54 50 01 01 11 22 33 44", "unknownType"],
    ["55 54 50 01 01 11 22 33 44 55 66 77", "unknownType"],
    ["55 54 50 01 01 T", "request"],
    ["55 54 50 01 02 T", "accept"],
    ["55 54 50 01 01 T 02 00 68 69", "request"],
    ["55 54 50 00 01 T", "wrongVersion"],
    ["55 54 50 02 01 T", "wrongVersion"],
    ["55 54 50 01 00 T", "unknownHandshake"],
    ["55 54 50 01 03 T", "unknownHandshake"],
    ["55 54 51 01 01 T", "unknownType"],
    ["54 54 50 01 01 T", "unknownType"],
    ["00 T", "unknownType"],
    ["01 T", "data"],
    ["01 T 00", "data"],
    ["02 T", "disconnect"],
    ["02 T AA", "disconnect"],
    ["03 T", "heartbeat"],
    ["04 T", "mtuCheck"],
    ["05 T", "mtuAck"],
    ["06 T", "unknownType"],
    ["FF T", "unknownType"],
    // UTP 1.x: type 0, flags 0, 8-byte session token.
    ["00 00 T", "unknownType"],
    ["7B 22 74 79 70 65 22 3A 31 7D", "unknownType"],
  ])("%s is %s", (packet, kind) => {
    expect(classify(bytes(packet))).toBe(kind);
  });

  it("finds the token where each kind has it", () => {
    expect(tokenOffset("request")).toBe(5);
    expect(tokenOffset("accept")).toBe(5);
    expect(tokenOffset("data")).toBe(1);
    expect(hasToken(bytes("55 54 50 01 01 T"), 5, TOKEN)).toBe(true);
    expect(hasToken(bytes("55 54 50 01 01 T"), 5, FOREIGN_TOKEN)).toBe(false);
    expect(hasToken(bytes("03 11 22 33 44 55 66 77 89"), 1, TOKEN)).toBe(false);
    expect(hasToken(bytes("03 11 22"), 1, TOKEN)).toBe(false);
  });
});

describe("payloads of handshake messages", () => {
  it.each([
    ["", "none", undefined],
    ["00", "none", undefined],
    ["05 00", "none", undefined],
    ["01 00 AA", "payload", "aa"],
    ["02 00 68 69", "payload", "6869"],
    ["00 00 AA", "bad", undefined],
    ["02 00 AA", "bad", undefined],
    ["01 00 AA BB", "bad", undefined],
    ["00 01 AA", "bad", undefined],
    ["FF FF AA BB", "bad", undefined],
  ])("behind the token %s: %s", (rest, kind, expected) => {
    const payload = handshakePayload(bytes(`55 54 50 01 01 T ${rest}`));
    expect(payload.kind).toBe(kind);
    expect(payload.kind === "payload" ? hex(payload.bytes) : undefined).toBe(expected);
  });

  it("reads lengths of two bytes", () => {
    const payload = handshakePayload(encodeConnectRequest(TOKEN, new Uint8Array(300).fill(1)));
    expect(payload.kind === "payload" && payload.bytes.length).toBe(300);
  });
});

describe("MTU messages", () => {
  it.each([
    ["04 T", undefined],
    ["04 T E7", undefined],
    ["04 T E7 03", 999],
    ["04 T 5F 05 00 00", 1375],
    ["04 T FF FF", 65_535],
  ])("length of %s", (packet, length) => {
    expect(mtuCheckLength(bytes(packet))).toBe(length);
  });

  it.each([
    ["05 T 02 00 00 04", 1024],
    ["05 T 02 00 78 05", 1400],
    ["05 T 02 00 78", undefined],
    ["05 T 01 00 78 05", undefined],
    ["05 T 02 01 78 05", undefined],
    ["05 T", undefined],
  ])("size of %s", (packet, size) => {
    expect(mtuAckSize(bytes(packet))).toBe(size);
  });
});

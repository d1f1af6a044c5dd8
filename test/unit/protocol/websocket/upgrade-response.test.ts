// The three answers of Unity's server to the byte, and every rule by which its client judges an answer: protocol page 2.1 and 2.6.
import { describe, expect, it } from "vitest";
import {
  checkUpgradeResponse,
  REFUSALS,
  writeUpgradeAccept,
} from "../../../../src/protocol/websocket/upgrade-response.js";
import { ascii, UPGRADE_ACCEPT } from "../../../support/wire-bytes.js";

const ANSWER = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${UPGRADE_ACCEPT}\r\n\r\n`;

const check = (text: string) => checkUpgradeResponse(ascii(text), UPGRADE_ACCEPT);

describe("a server's answer", () => {
  it("that accepts is Unity's, byte for byte", () => {
    expect(writeUpgradeAccept(UPGRADE_ACCEPT)).toBe(ANSWER);
  });

  it("that refuses is Unity's, byte for byte", () => {
    expect(REFUSALS[400]).toBe("HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\n");
    expect(REFUSALS[404]).toBe("HTTP/1.1 404 Not Found\r\n\r\n");
  });
});

describe("the client's check of an answer", () => {
  it("tells where the frames begin", () => {
    expect(check(ANSWER)).toEqual({ kind: "open", headBytes: ANSWER.length });
    expect(check(`${ANSWER}frames`)).toEqual({ kind: "open", headBytes: ANSWER.length });
  });

  it("waits for the last byte of the head", () => {
    for (let length = 0; length < ANSWER.length; length++)
      expect(check(ANSWER.slice(0, length)).kind).toBe("incomplete");
  });

  it.each([
    [REFUSALS[400], 400],
    [REFUSALS[404], 404],
    ["HTTP/1.1 301 Moved Permanently\r\nLocation: ws://x/\r\n\r\n", 301],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200],
    ["HTTP/1.0 503 Service Unavailable\r\n\r\n", 503],
    ["HTTP/1.1 502\r\n\r\n", 502],
    [`HTTP/1.1 403 Forbidden\r\nServer: ${"s".repeat(5000)}\r\n\r\n`, 403],
  ])("takes %j as a refusal", (answer, status) => {
    expect(check(answer)).toEqual({ kind: "rejected", status });
  });

  it.each([
    ["no reason phrase", ANSWER.replace("Switching Protocols", "")],
    ["no space behind the status", ANSWER.replace(" Switching Protocols", "")],
    ["HTTP/1.0", ANSWER.replace("HTTP/1.1", "HTTP/1.0")],
    ["no Connection", ANSWER.replace("Connection: Upgrade\r\n", "")],
    ["no Upgrade", ANSWER.replace("Upgrade: websocket\r\n", "")],
    ["a list in Upgrade", ANSWER.replace("websocket\r\n", "websocket, x\r\n")],
    ["a wrong accept value", ANSWER.replace(UPGRADE_ACCEPT, UPGRADE_ACCEPT.toLowerCase())],
    ["no accept value", ANSWER.replace(/Sec-WebSocket-Accept.*\r\n/, "")],
    ["a subprotocol", ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n")],
    ["an empty subprotocol", ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol:\r\n\r\n")],
    ["an extension", ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: x\r\n\r\n")],
    ["a recognised value of 510 bytes", ANSWER.replace("websocket\r\n", `websocket${" ".repeat(501)}\r\n`)],
    ["a head of 2945 bytes", ANSWER.replace("\r\n\r\n", `\r\nX: ${"x".repeat(2945 - ANSWER.length - 5)}\r\n\r\n`)],
    ["2945 bytes and no end", "HTTP/1.1 101 ".padEnd(2945, "x")],
    ["no status", "HTTP/1.1 hello\r\n\r\n"],
  ])("refuses %s", (_name, answer) => {
    expect(check(answer).kind).toBe("notWebSocket");
  });

  it.each(["SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\x00\x02\x02\x46", "HTTP/2", "x"])(
    "sees at once that %j is not HTTP",
    (answer) => {
      expect(check(answer).kind).toBe("notWebSocket");
    },
  );

  it.each([
    ["a reason phrase of one letter", ANSWER.replace("Switching Protocols", "x")],
    ["names and values in another case", ANSWER.replace("Upgrade: websocket", "UPGRADE: WebSocket")],
    ["a Connection list", ANSWER.replace("Connection: Upgrade", "Connection: keep-alive, upgrade")],
    ["headers of a proxy", ANSWER.replace("\r\n\r\n", "\r\nServer: nginx\r\nDate: x\r\n\r\n")],
  ])("takes %s", (_name, answer) => {
    expect(check(answer).kind).toBe("open");
  });

  it("says what it disliked", () => {
    expect(check(ANSWER.replace(" Switching Protocols", ""))).toEqual({
      kind: "notWebSocket",
      detail: 'the status line must be "HTTP/1.1 101 " and a reason phrase, got "HTTP/1.1 101"',
    });
  });
});

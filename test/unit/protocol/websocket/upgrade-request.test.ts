// Every rule of protocol page 2.1 for the request, their order, and the limits to the byte.
import { describe, expect, it } from "vitest";
import { checkUpgradeRequest, writeUpgradeRequest } from "../../../../src/protocol/websocket/upgrade-request.js";
import { ascii, UPGRADE } from "../../../support/wire-bytes.js";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPTED = { kind: "accepted", key: KEY, headBytes: UPGRADE.length };

function verdict(text: string, path = "/"): unknown {
  const found = checkUpgradeRequest(ascii(text), path);
  return found.kind === "refused" ? found.status : found.kind;
}

const change = (from: string | RegExp, to: string): string => UPGRADE.replace(from, to);
const without = (name: string): string => change(new RegExp(`${name}:.*\r\n`), "");
const withLine = (line: string): string => change("\r\n\r\n", `\r\n${line}\r\n\r\n`);

describe("an upgrade request", () => {
  it("of Unity's own client is accepted, with its key and its length", () => {
    expect(checkUpgradeRequest(ascii(UPGRADE), "/")).toEqual(ACCEPTED);
  });

  it("keeps what is pipelined behind it out of its length", () => {
    expect(checkUpgradeRequest(ascii(`${UPGRADE}abc`), "/")).toEqual(ACCEPTED);
  });

  it.each([
    ["another method", change("GET", "POST"), 400],
    ["a method in lower case", change("GET", "get"), 400],
    ["HTTP/1.0", change("HTTP/1.1", "HTTP/1.0"), 400],
    ["HTTP/2", change("HTTP/1.1", "HTTP/2"), 400],
    ["something behind the version", change("HTTP/1.1", "HTTP/1.1 "), 400],
    ["a request line of 13 bytes", change("GET / HTTP/1.1", "GET  HTTP/1.1"), 400],
    ["an empty request line", "\r\n\r\n", 400],
    ["no Host", without("Host"), 400],
    ["an empty Host", change(/Host:.*/, "Host:"), "accepted"],
    ["any Host", change(/Host:.*/, "Host: :::"), "accepted"],
    ["no Connection", without("Connection"), 400],
    ["Connection: keep-alive", change("Connection: Upgrade", "Connection: keep-alive"), 400],
    ["Connection: keep-alive, Upgrade", change("Connection: Upgrade", "Connection: keep-alive, Upgrade"), "accepted"],
    ["Connection in capitals", change("Connection: Upgrade", "CONNECTION: UPGRADE"), "accepted"],
    ["upgrade followed by a comma", change("Connection: Upgrade", "Connection: upgrade,close"), "accepted"],
    ["upgrade followed by a space", change("Connection: Upgrade", "Connection: upgrade x"), "accepted"],
    ["upgrade followed by a tab", change("Connection: Upgrade", "Connection: upgrade\tx"), "accepted"],
    ["upgrade as the start of a word", change("Connection: Upgrade", "Connection: upgraded"), 400],
    ["upgrade as the end of a word", change("Connection: Upgrade", "Connection: no-upgrade"), 400],
    ["no Upgrade", change("Upgrade: websocket\r\n", ""), 400],
    ["Upgrade in capitals", change("Upgrade: websocket", "Upgrade: WebSocket"), "accepted"],
    ["a list in Upgrade", change("Upgrade: websocket", "Upgrade: websocket, x"), 400],
    ["version 8", change("Version: 13", "Version: 8"), 400],
    ["version 013", change("Version: 13", "Version: 013"), 400],
    ["no version", without("Sec-WebSocket-Version"), 400],
    ["no key", without("Sec-WebSocket-Key"), 400],
    ["a key of 23 characters", change("==", "="), 400],
    ["a key of 25 characters", change("==", "==="), 400],
    ["a key of 24 characters that is no base64", change(KEY, "*".repeat(24)), "accepted"],
    ["another path", change("GET /", "GET /other"), 404],
    ["a query", change("GET /", "GET /?x=1"), 404],
    ["an escaped path", change("GET /", "GET /%2F"), 404],
    ["the absolute form", change("GET /", "GET http://127.0.0.1:7777/"), 404],
    ["a wrong path and no Host: the 400 comes first", without("Host").replace("GET /", "GET /other"), 400],
    ["a subprotocol", withLine("Sec-WebSocket-Protocol: chat"), "accepted"],
    ["an extension", withLine("Sec-WebSocket-Extensions: permessage-deflate"), "accepted"],
    ["an Origin and a cookie", withLine("Origin: http://x\r\nCookie: a=b"), "accepted"],
    ["blanks before a name and before its colon", change("Host:", " \tHost \t:"), "accepted"],
    ["a line without a colon", withLine("nonsense"), "accepted"],
    ["a second version, which does not count", withLine("Sec-WebSocket-Version: 8"), "accepted"],
    ["blanks around values", change("websocket", "\t websocket \t"), "accepted"],
  ])("with %s", (_name, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  it.each([
    ["/game", "/game", "accepted"],
    ["/game", "/", 404],
    ["/", "/game", 404],
    ["/Game", "/game", 404],
    ["/game/", "/game", 404],
    [`/${"a".repeat(124)}`, `/${"a".repeat(124)}`, "accepted"],
  ])("for %s on a server of %s", (target, path, expected) => {
    expect(verdict(change("GET /", `GET ${target}`), path)).toBe(expected);
  });

  it.each([
    ["a recognised value of 509 bytes", change(/Host:.*/, `Host: ${"h".repeat(509)}`), "accepted"],
    ["one of 510", change(/Host:.*/, `Host: ${"h".repeat(510)}`), "silent"],
    ["trailing blanks that make it 510", change(/Host:.*/, `Host: ${"h".repeat(500)}${" ".repeat(10)}`), "silent"],
    ["510 bytes of a protocol, which is recognised", withLine(`Sec-WebSocket-Protocol: ${"p".repeat(510)}`), "silent"],
    ["1,300 bytes of a header that is not", withLine(`Cookie: ${"c".repeat(1300)}`), "accepted"],
    [
      "a value too long on a request that deserves a 400",
      change("GET", "PUT").replace(/Host:.*/, `Host: ${"h".repeat(510)}`),
      "silent",
    ],
    ["2944 bytes in all", padded(2944), "accepted"],
    ["2945 bytes in all", padded(2945), "silent"],
    ["2945 bytes with what is pipelined", UPGRADE.padEnd(2945, "x"), "silent"],
    ["2944 bytes without an end", "GET / HTTP/1.1\r\n".padEnd(2944, "x"), "incomplete"],
    ["2945 bytes without an end", "GET / HTTP/1.1\r\n".padEnd(2945, "x"), "silent"],
  ])("with %s", (_name, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  it("is incomplete up to its last byte", () => {
    for (let length = 0; length < UPGRADE.length; length++)
      expect(verdict(UPGRADE.slice(0, length))).toBe("incomplete");
  });
});

describe("the request we write", () => {
  it("is Unity's, byte for byte", () => {
    expect(writeUpgradeRequest({ path: "/", host: "127.0.0.1:7777", key: KEY })).toBe(UPGRADE);
  });

  it("carries further headers behind Unity's own", () => {
    const text = writeUpgradeRequest({ path: "/game", host: "h", key: KEY, headers: [["Authorization", "Bearer x"]] });
    expect(text).toMatch(/^GET \/game HTTP\/1\.1\r\n/);
    expect(text).toMatch(/\r\nHost: h\r\nAuthorization: Bearer x\r\n\r\n$/);
    expect(verdict(text, "/game")).toBe("accepted");
  });
});

/** The request with a header that Unity does not look at, so that it is that long. */
function padded(totalBytes: number): string {
  const line = withLine("X: ");
  return line.replace("X: ", `X: ${"x".repeat(totalBytes - line.length)}`);
}

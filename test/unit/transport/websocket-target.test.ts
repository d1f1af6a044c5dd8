import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { checkHeaders, numericAuthority, parseWebSocketUrl } from "../../../src/transport/websocket-target.js";

describe("parseWebSocketUrl", () => {
  it.each([
    [
      "ws://127.0.0.1:7777/",
      { isSecure: false, host: "127.0.0.1", port: 7777, path: "/", authority: "127.0.0.1:7777" },
    ],
    ["ws://example.com", { isSecure: false, host: "example.com", port: 80, path: "/", authority: "example.com" }],
    [
      "wss://example.com/a/b?c=d#e",
      { isSecure: true, host: "example.com", port: 443, path: "/a/b?c=d", authority: "example.com" },
    ],
    ["ws://[::1]:7777/x", { isSecure: false, host: "::1", port: 7777, path: "/x", authority: "[::1]:7777" }],
  ])("%s", (url, address) => {
    expect(parseWebSocketUrl(url)).toEqual(address);
  });

  it.each(["", "127.0.0.1:7777", "http://127.0.0.1/", "ws://", "ws://host:99999/"])("refuses %j", (url) => {
    expect(() => parseWebSocketUrl(url)).toThrow(UsageError);
  });
});

describe("checkHeaders", () => {
  it("lets through what can be sent", () => {
    const headers = [
      ["X-Room", "7"],
      ["a".repeat(125), ""],
    ] as const;
    expect(() => checkHeaders(headers)).not.toThrow();
    expect(() => checkHeaders(undefined)).not.toThrow();
  });

  it.each([
    ["a name that can end a Unity server", [["a".repeat(126), "1"]]],
    ["an empty name", [["", "1"]]],
    ["a name with a colon", [["a:b", "1"]]],
    ["a value of two lines", [["A", "1\r\nB: 2"]]],
  ] as const)("refuses %s", (_name, headers) => {
    expect(() => checkHeaders(headers)).toThrow(UsageError);
  });
});

describe("numericAuthority", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1:7777"],
    ["::1", "[0000:0000:0000:0000:0000:0000:0000:0001]:7777"],
    ["::", "[0000:0000:0000:0000:0000:0000:0000:0000]:7777"],
    ["2001:db8::", "[2001:0db8:0000:0000:0000:0000:0000:0000]:7777"],
    ["1:2:3:4:5:6:7:8", "[0001:0002:0003:0004:0005:0006:0007:0008]:7777"],
    ["::ffff:127.0.0.1", "[0000:0000:0000:0000:0000:ffff:7f00:0001]:7777"],
    ["fe80::1%eth0", "[fe80:0000:0000:0000:0000:0000:0000:0001]:7777"],
  ])("%s is %s", (address, authority) => {
    expect(numericAuthority(address, 7777)).toBe(authority);
  });
});

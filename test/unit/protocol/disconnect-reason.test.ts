// What the wire showed, in the words of Unity's two clients (protocol page 4, 2.7).
import { expect, it } from "vitest";
import { REASON_NAMES, type Reason, UNITY_REASONS, unityReasonOf } from "../../../src/protocol/disconnect-reason.js";
import { DEFAULT_PARAMETERS, maxWebSocketMessageBytes } from "../../../src/protocol/parameters.js";

it.each([
  ["ClosedByClient", "Default", "Default"],
  ["ClosedByServer", "ClosedByRemote", "ClosedByRemote"],
  ["WebSocketClose:1000", "ProtocolError", "ClosedByRemote"],
  ["WebSocketClose:1009", "ProtocolError", "ClosedByRemote"],
  ["ConnectionClosed", "ProtocolError", "ClosedByRemote"],
  ["ConnectionReset", "ProtocolError", "ClosedByRemote"],
  ["Silence", "Timeout", "Timeout"],
  ["UtpAcceptTimeout", "MaxConnectionAttempts", "MaxConnectionAttempts"],
  ["ProtocolViolation", "ProtocolError", "ClosedByRemote"],
] satisfies [Reason, string, string][])("%s of an open socket: native %s, webgl %s", (reason, native, webgl) => {
  expect(unityReasonOf(reason, "native")).toBe(native);
  expect(unityReasonOf(reason, "patient")).toBe(native);
  expect(unityReasonOf(reason, "webgl")).toBe(webgl);
});

it.each([
  ["ConnectionRefused", "MaxConnectionAttempts"],
  ["ConnectTimeout", "MaxConnectionAttempts"],
  ["UpgradeTimeout", "MaxConnectionAttempts"],
  ["UpgradeRejected:404", "ProtocolError"],
  ["NotWebSocket", "ProtocolError"],
  ["TlsError", "AuthenticationFailure"],
  ["HostNotFound", "HostNotFound"],
] satisfies [Reason, string][])(
  "%s before the socket is open: native %s, a browser sees one failure",
  (reason, native) => {
    expect(unityReasonOf(reason, "native", false)).toBe(native);
    expect(unityReasonOf(reason, "webgl", false)).toBe("MaxConnectionAttempts");
  },
);

it("knows every reason, and numbers as Unity does", () => {
  expect(REASON_NAMES.length).toBe(18);
  expect(UNITY_REASONS).toEqual({
    Default: 0,
    Timeout: 1,
    MaxConnectionAttempts: 2,
    ClosedByRemote: 3,
    AuthenticationFailure: 6,
    ProtocolError: 7,
    HostNotFound: 9,
  });
});

it("has Unity's defaults", () => {
  expect(DEFAULT_PARAMETERS).toEqual({
    connectTimeoutMs: 1000,
    maxConnectAttempts: 60,
    disconnectTimeoutMs: 30_000,
    heartbeatTimeoutMs: 500,
    maxMessageSize: 1400,
    performPathMtuDiscovery: false,
  });
  expect(maxWebSocketMessageBytes(DEFAULT_PARAMETERS)).toBe(1386);
});

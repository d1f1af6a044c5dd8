// The reasons of a disconnect: Unity's own byte (local to each side, never on the wire) and our closed set of causes.

/** @see com.unity.transport@2.7.2 Runtime/DisconnectReason.cs */
export const UNITY_REASONS = {
  Default: 0,
  Timeout: 1,
  MaxConnectionAttempts: 2,
  ClosedByRemote: 3,
  AuthenticationFailure: 6,
  ProtocolError: 7,
  HostNotFound: 9,
} as const;

/** The words in which a Unity client would report a disconnect. */
export type UnityReason = keyof typeof UNITY_REASONS;

/** What the wire showed. `WebSocketClose` and `UpgradeRejected` carry a number after a colon. Listed in docs/errors.md. */
export type Reason =
  | "ClosedByClient"
  | "ClosedByServer"
  | `WebSocketClose:${number}`
  | "ConnectionClosed"
  | "ConnectionReset"
  | "Silence"
  | "ConnectionRefused"
  | "ConnectTimeout"
  | "UpgradeTimeout"
  | `UpgradeRejected:${number}`
  | "NotWebSocket"
  | "UtpAcceptTimeout"
  | "TlsError"
  | "HostNotFound"
  | "ProtocolViolation"
  | "ScriptError"
  | "LocalResourceLimit"
  | "Cancelled";

const UNITY_REASON_OF: Record<string, UnityReason> = {
  ClosedByClient: "Default",
  ClosedByServer: "ClosedByRemote",
  WebSocketClose: "ProtocolError",
  ConnectionClosed: "ProtocolError",
  ConnectionReset: "ProtocolError",
  Silence: "Timeout",
  ConnectionRefused: "MaxConnectionAttempts",
  ConnectTimeout: "MaxConnectionAttempts",
  UpgradeTimeout: "MaxConnectionAttempts",
  UpgradeRejected: "ProtocolError",
  NotWebSocket: "ProtocolError",
  UtpAcceptTimeout: "MaxConnectionAttempts",
  TlsError: "AuthenticationFailure",
  HostNotFound: "HostNotFound",
  ProtocolViolation: "ProtocolError",
  ScriptError: "Default",
  LocalResourceLimit: "MaxConnectionAttempts",
  Cancelled: "Default",
};

/** All causes, without the numbers that two of them carry. */
export const REASON_NAMES: readonly string[] = Object.keys(UNITY_REASON_OF);

/**
 * What a native Unity client would report for `reason`; a browser one says ClosedByRemote where the native one says ProtocolError,
 * and MaxConnectionAttempts for anything before the socket was open.
 */
export function unityReasonOf(reason: Reason, kind: "patient" | "native" | "webgl", wasOpen = true): UnityReason {
  const native = UNITY_REASON_OF[reason.split(":")[0] ?? ""] ?? "Default";
  if (kind !== "webgl") return native;
  if (!wasOpen && native !== "Default") return "MaxConnectionAttempts";
  return native === "ProtocolError" ? "ClosedByRemote" : native;
}

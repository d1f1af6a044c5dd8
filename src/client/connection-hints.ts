// What a person can do about a connection that did not come up. Words only.
import type { Reason } from "../protocol/disconnect-reason.js";

const HINTS: Record<string, string> = {
  ConnectionRefused: "Start the server, or correct host and port",
  ConnectTimeout: "Check address and firewall: nothing answers there",
  UpgradeTimeout: "The server takes connections but answers none: it hangs, or has more clients than its queue serves",
  UpgradeRejected: "Check that host and port are those of the Unity server and not of a proxy or a web server",
  "UpgradeRejected:404":
    "Check the path of the URL: it must equal the server's WebSocket path exactly, without a query",
  NotWebSocket: "Check the port and the scheme: ws:// for a plain server, wss:// for one with TLS",
  UtpAcceptTimeout:
    "Check that it is a server of Unity Transport 2.x: the WebSocket opened, but nobody speaks UTP behind it",
  ClosedByServer: "The server refused the connection: it may be full, or want another connect payload",
  WebSocketClose: "The server closed the WebSocket: its log says why",
  ConnectionClosed: "The server ended the connection: its log says why",
  ConnectionReset: "The server broke the connection: it may have stopped, or a proxy lies in between",
  TlsError: "Give the server's authority with ca, or check that the URL names the host of the certificate",
  HostNotFound: "Correct the host name",
  ProtocolViolation: "The server does not follow WebSocket or UTP: check that it is a Unity server",
  LocalResourceLimit: "Raise the limit of open files, or use more source addresses",
  Cancelled: "Nothing to do: the attempt was given up by this side",
};

const OTHERWISE = "The server's log may say more";

/** One sentence that says what to do about `reason`. */
export function hintOf(reason: Reason): string {
  return HINTS[reason] ?? HINTS[reason.split(":")[0] ?? ""] ?? OTHERWISE;
}

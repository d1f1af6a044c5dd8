// A WebSocket URL as somebody typed it for a command that takes no profile. Opens no socket and looks up no name.
import type { UsageError } from "../errors.js";

const RULE = "like ws://127.0.0.1:7777/ or wss://game.example/path";
export const UDP_HINT =
  "UTP over UDP has another wire format, which is not spoken here: let the server listen with Unity's WebSocketNetworkInterface " +
  "(Use WebSockets in Netcode's UnityTransport) and give its ws:// URL";

/** @throws {UsageError} That `wrong` makes of the rule, the text and a hint, if it is no URL of a WebSocket server. */
export function checkedUrl(text: string, wrong: (rule: string, got: string, hint: string) => UsageError): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw wrong(RULE, text, `Write the scheme too: ws://${text}`);
  if (scheme === "udp") throw wrong(RULE, text, UDP_HINT);
  if (scheme === "http" || scheme === "https") {
    throw wrong(RULE, text, `A Unity server is reached by WebSocket: write ${text.replace(/^http/i, "ws")}`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (scheme !== "ws" && scheme !== "wss") || url.port === "0") {
    throw wrong(RULE, text, "Give scheme, host, port (1 to 65535) and path");
  }
  if (url.hash !== "") throw wrong("without #", text, "A # in the path is written %23");
  if (url.username !== "" || url.password !== "") {
    const hidden = text.replace(/\/\/[^@]*@/, "//...@");
    throw wrong("without user and password", hidden, "Send them as a header: 'Authorization: Basic ...'");
  }
  return url;
}

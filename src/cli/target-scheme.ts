// What to write in place of a target that is no WebSocket URL. Says it in words only: opens nothing, looks up nothing.

const UDP_HINT =
  "utp-load speaks UTP over WebSocket only, UTP over UDP is framed differently: let the server listen for WebSockets (in Unity tick " +
  "Use WebSockets of UnityTransport, or create the driver with WebSocketNetworkInterface) and give its ws:// URL";

function schemeOf(url: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
}

/** What somebody who wrote this URL should do; undefined for ws:// and wss://. */
export function schemeHint(url: string): string | undefined {
  const scheme = schemeOf(url);
  switch (scheme) {
    case "ws":
    case "wss":
      return undefined;
    case undefined:
      return `Write the scheme too: ws://${url.replace(/^\/+/, "")}`;
    case "http":
    case "https":
      return `A Unity server is reached by WebSocket: write ${url.replace(/^http/i, "ws")}`;
    case "udp":
      return UDP_HINT;
    default:
      return "utp-load speaks UTP over WebSocket only: give a ws:// or wss:// URL";
  }
}

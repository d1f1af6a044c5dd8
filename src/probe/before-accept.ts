// Verdicts on a WebSocket that opened and brought no Connection Accept: the classic "it opens but Unity shows nothing". Pure.
import { describeCloseCode, isNotUnderstood } from "./close-code.js";
import type { Observation } from "./observation.js";
import type { Verdict } from "./verdict-code.js";

/** Unity pings each 0.5 s when it hears nothing: this many in a wait of seconds are no chance. */
const UNITY_PINGS_MIN = 2;

const NOT_UTP_NEXT =
  "Check host, port and path: this is another WebSocket service. If it should be Unity, the server must use Unity Transport 2.x (com.unity.transport) with WebSockets on, not another networking package.";

export function verdictBeforeAccept(seen: Observation): Verdict {
  switch (seen.ending.kind) {
    case "text":
      return notUtp("sent a text message; UTP sends binary ones only");
    case "disconnect":
      return refusedOutright();
    case "close":
      return closed(seen.ending.code);
    case "violation":
      return notUtp(`broke the WebSocket protocol (we would close with ${describeCloseCode(seen.ending.code)})`);
    case "fin":
    case "reset":
      return cutOff(seen.ending.detail);
    default:
      return unaccepted(seen);
  }
}

function notUtp(what: string): Verdict {
  return {
    code: "not-utp",
    message: `A WebSocket server answers there, but it does not speak UTP: it ${what}.`,
    next: NOT_UTP_NEXT,
  };
}

function refusedOutright(): Verdict {
  return {
    code: "refused",
    message: "A UTP server answers there, and it refused the connection at once: Disconnect in place of the Accept.",
    next: "The server is full or does not take players now: check its limit of connections and its log.",
  };
}

function closed(code: number): Verdict {
  if (isNotUnderstood(code)) return notUtp(`closed the WebSocket with ${describeCloseCode(code)} after our request`);
  return {
    code: "closed-before-accept",
    message: `The WebSocket opened, then the server closed it with ${describeCloseCode(code)}; no UTP Accept came.`,
    next: "Look into the log of the server and of the proxy in front of it. If it is no Unity server, it does not know what to do with a UTP request.",
  };
}

function cutOff(detail: string): Verdict {
  return {
    code: "closed-before-accept",
    message: `The WebSocket opened, then the connection was cut without a Close (${detail}); no UTP Accept came.`,
    next: "The server crashed, a proxy lost it, or a Unity server ran out of buffers: look into their logs.",
  };
}

/** The WebSocket stayed open to the limit: what came in place of an Accept says why. */
function unaccepted(seen: Observation): Verdict {
  const { beforeAccept, requests, limitMs } = seen;
  const asked = `${requests} Connection Request${requests === 1 ? "" : "s"} in ${limitMs} ms`;
  if (beforeAccept.otherVersion !== undefined) return otherVersion(beforeAccept.otherVersion);
  if (beforeAccept.echoedRequest) return notUtp("sends back what it gets, our own Connection Request first");
  if (beforeAccept.early > 0) return acceptLost(asked);
  if (beforeAccept.binaries > 0) {
    return notUtp(`sent ${beforeAccept.binaries} binary messages that are not UTP, and no Accept`);
  }
  return beforeAccept.emptyPings >= UNITY_PINGS_MIN ? onlyPings(asked, beforeAccept.emptyPings) : silent(asked);
}

function otherVersion(version: number): Verdict {
  return {
    code: "other-version",
    message: `The server speaks UTP, but version ${version} of the protocol; this tool and every UTP 2.x speak version 1.`,
    next: "Compare the com.unity.transport versions of server and clients in Unity's Package Manager.",
  };
}

function acceptLost(asked: string): Verdict {
  return {
    code: "at-limit",
    message: `A UTP server knows this connection and sends messages on it, but no Accept came (${asked}): it is at its limit.`,
    next: "A Unity server sends at most 64 control packets an update and loses the rest. Probe again with less load on it; a native Unity client ends itself in this case.",
  };
}

function onlyPings(asked: string, pings: number): Verdict {
  return {
    code: "no-accept",
    message: `The WebSocket behaves like Unity's (${pings} empty pings), but no Accept came for ${asked}.`,
    next: "Candidates: the server speaks another version of the protocol (see com.unity.transport in its Package Manager: it must be 2.x; a development build logs a warning for each request); it is a Relay endpoint; or the server is overloaded and drops requests: try again when it is idle.",
  };
}

function silent(asked: string): Verdict {
  return {
    code: "not-utp",
    message: `A WebSocket opened, then silence: no answer to ${asked}. The server does not speak UTP, or not this version.`,
    next: "Candidates: another WebSocket service (check host, port and path); UTP 1.x or another protocol version, which drop our request without a word (see com.unity.transport in the server's Package Manager: it must be 2.x, 1.x has no WebSockets); a Relay endpoint; a proxy that opens the WebSocket itself and has no server behind it. Unity's own WebSocket would ping every half second.",
  };
}

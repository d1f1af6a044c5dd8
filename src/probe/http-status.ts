// What an HTTP status in place of the 101 usually means for a game server, and what to do. A table, no decisions beyond the look-up.
import type { Verdict, VerdictCode } from "./verdict-code.js";

interface StatusMeaning {
  readonly code: VerdictCode;
  readonly means: string;
  readonly next: string;
}

const REDIRECT: StatusMeaning = {
  code: "redirected",
  means: "a redirect, which no Unity client follows",
  next: "Use the address it points to in the first place; a redirect from http to https means wss:// instead of ws://.",
};

const GATEWAY_NEXT =
  "The proxy works, the game server behind it does not answer: check that the server process runs, listens on the port the proxy forwards to, and that the proxy forwards WebSocket upgrades.";

const MEANINGS: Readonly<Record<number, StatusMeaning>> = {
  400: {
    code: "bad-request",
    means: "the request did not arrive as a WebSocket upgrade",
    next: "This request is valid, so something between here and the server changes it: a proxy that speaks HTTP/1.0, or removes the Host, Connection, Upgrade or Sec-WebSocket headers. Let it forward upgrades unchanged (nginx: proxy_http_version 1.1, Upgrade and Connection headers), and leave out extra --header flags.",
  },
  401: {
    code: "unauthorized",
    means: "it wants credentials before the upgrade",
    next: "Send them with --header 'Authorization: ...'. A Unity client cannot send headers of its own: for real players the proxy must let the upgrade through without them.",
  },
  403: {
    code: "forbidden",
    means: "a proxy, a firewall or an origin check refuses this client",
    next: "Check the allow lists for this machine's address and for requests without an Origin; some want --header 'Origin: https://your.site'.",
  },
  404: {
    code: "wrong-path",
    means: "the path does not exist there",
    next: "Use the path the server was configured with (default /). Unity compares it byte for byte: upper and lower case, a trailing slash, percent escapes and a query string all count.",
  },
  405: {
    code: "not-websocket",
    means: "it does not take a GET there: a web service, not a WebSocket endpoint",
    next: "Check the host, the port and the path of the game server.",
  },
  407: {
    code: "unauthorized",
    means: "a proxy between here and the server wants credentials",
    next: "Connect without that proxy, or send --header 'Proxy-Authorization: ...'.",
  },
  426: {
    code: "bad-request",
    means: "the upgrade headers did not arrive",
    next: "A proxy on the way removes Connection and Upgrade: let it forward WebSocket upgrades.",
  },
  429: {
    code: "upgrade-rejected",
    means: "too many connections from this address in a short time",
    next: "Wait, or raise the rate limit of the proxy for the machine that makes the load.",
  },
  500: { code: "gateway-error", means: "the web server or a proxy failed by itself", next: GATEWAY_NEXT },
  502: { code: "gateway-error", means: "a proxy could not reach the game server", next: GATEWAY_NEXT },
  503: { code: "gateway-error", means: "a proxy has no game server to hand this to", next: GATEWAY_NEXT },
  504: { code: "gateway-error", means: "a proxy got no answer from the game server in time", next: GATEWAY_NEXT },
};

/**
 * The verdict on an upgrade that was answered with `status` instead of 101.
 *
 * @param path Request target, as sent.
 * @param location Value of the Location header, if there was one.
 */
export function verdictOfStatus(status: number, path: string, location: string | undefined): Verdict {
  const meaning = meaningOf(status);
  const pointer = location === undefined ? "" : ` It points to ${location}.`;
  return {
    code: meaning.code,
    message: `The server answered the upgrade of ${path} with HTTP ${status} instead of 101: ${meaning.means}.${pointer}`,
    next: meaning.next,
  };
}

function meaningOf(status: number): StatusMeaning {
  const known = MEANINGS[status];
  if (known) return known;
  if (status >= 300 && status < 400) return REDIRECT;
  if (status >= 200 && status < 300) {
    return {
      code: "not-websocket",
      means: "a web server that answers with a page, not a WebSocket server",
      next: "Check the port and the path: this one serves a web page, the game server listens elsewhere.",
    };
  }
  return {
    code: "upgrade-rejected",
    means: "Unity's own server answers nothing but 101, 400 and 404, so this came from something in front of it",
    next: "Look the status up in the log of the proxy or load balancer in front of the server.",
  };
}

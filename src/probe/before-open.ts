// Verdicts on a connection that never got its 101: name, TCP, TLS and the HTTP upgrade. Pure.
import { verdictOfStatus } from "./http-status.js";
import type { Observation, SideCheck } from "./observation.js";
import type { Verdict } from "./verdict-code.js";

export function verdictBeforeOpen(seen: Observation): Verdict {
  const { ending, stage } = seen;
  const reason = ending.kind === "failed" ? ending.failure.reason : undefined;
  if (reason === "LocalResourceLimit") return localLimit(seen);
  if (stage === "dns" || reason === "HostNotFound") return hostNotFound(seen);
  if (stage === "tcp") return tcpVerdict(seen);
  if (stage === "tls") return tlsVerdict(seen);
  return upgradeVerdict(seen);
}

function hostNotFound(seen: Observation): Verdict {
  const why = seen.ending.kind === "limit" ? `no answer within ${seen.limitMs} ms` : detailOf(seen);
  return {
    code: "host-not-found",
    message: `The name ${hostOf(seen)} has no address here (${why}).`,
    next: "Check the spelling, then DNS: does the name resolve on this machine, or only inside another network or VPN?",
  };
}

function localLimit(seen: Observation): Verdict {
  return {
    code: "local-limit",
    message: `This machine could not open the connection: ${detailOf(seen)}.`,
    next: "Nothing is known about the server. Raise the limit of open files (ulimit -n) or free local ports, then try again.",
  };
}

function tcpVerdict(seen: Observation): Verdict {
  const at = seen.address === undefined ? hostOf(seen) : `${seen.address} port ${portOf(seen)}`;
  const reason = seen.ending.kind === "failed" ? seen.ending.failure.reason : "ConnectTimeout";
  if (reason === "ConnectionRefused") {
    return {
      code: "nothing-listens",
      message: `Nothing listens at ${at}: the connection was refused.`,
      next: "Start the server, or correct the port. A server that listens on 127.0.0.1 only is not reachable from other machines; one on UDP only does not listen on TCP: Unity needs WebSockets enabled on its NetworkDriver or UnityTransport.",
    };
  }
  if (reason === "ConnectTimeout") {
    const what = seen.ending.kind === "limit" ? `within ${seen.limitMs} ms` : `(${detailOf(seen)})`;
    return {
      code: "no-answer",
      message: `No answer from ${at} ${what}: the packets are dropped on the way, or the machine is off.`,
      next: "Check the address, then firewalls and security groups: the port must be open for TCP, an open UDP port is not enough. A slow network may need a longer --connect-timeout.",
    };
  }
  return {
    code: "connection-failed",
    message: `The TCP connection to ${at} failed: ${detailOf(seen)}.`,
    next: "Check the network between this machine and the server: routes, VPN, firewall.",
  };
}

function tlsVerdict(seen: Observation): Verdict {
  if (seen.unchecked?.tlsWorked) return untrusted(seen);
  if (seen.otherScheme?.status !== undefined) {
    return {
      code: "plain-server",
      message: `The port speaks plain HTTP, not TLS (${detailOf(seen)}). ${other(seen.otherScheme)}`,
      next: `Use ${seen.otherScheme.url}, or configure a certificate on the server if it is meant to be wss.`,
    };
  }
  const what = seen.ending.kind === "limit" ? `did not finish within ${seen.limitMs} ms` : `failed: ${detailOf(seen)}`;
  return {
    code: "tls-failed",
    message: `TCP connects, but the TLS handshake ${what}.`,
    next: "Check that this port is the game's TLS port, and which TLS versions and client certificates it asks for; a plain ws:// connection got no HTTP answer there either.",
  };
}

function untrusted(seen: Observation): Verdict {
  const against = seen.trust === "ca" ? "the authority given with --ca" : "this system's authorities";
  return {
    code: "certificate-not-trusted",
    message: `The server speaks TLS, but its certificate is not accepted by ${against} (${detailOf(seen)}).`,
    next: "Give the authority's certificate with --ca FILE, or test without the check with --insecure. The certificate must be valid today and name the host of the URL. Real players see the same error: a Unity client needs SetSecureClientParameters, a browser a certificate that it trusts.",
  };
}

function upgradeVerdict(seen: Observation): Verdict {
  const { ending } = seen;
  if (seen.otherScheme?.tlsWorked) {
    return {
      code: "tls-server",
      message: `The port speaks TLS, and ws:// is plain. ${other(seen.otherScheme)}`,
      next: `Use ${seen.otherScheme.url}`,
    };
  }
  if (ending.kind === "limit") return noUpgradeAnswer(seen);
  if (ending.kind !== "failed") return closedAtUpgrade(seen);
  const { reason, status, detail } = ending.failure;
  if (reason === "UpgradeRejected") {
    return verdictOfStatus(status ?? 0, pathOf(seen), headerOf(seen.answerHead, "location"));
  }
  if (reason === "NotWebSocket") return notWebSocket(seen, detail);
  return closedAtUpgrade(seen);
}

function noUpgradeAnswer(seen: Observation): Verdict {
  return {
    code: "no-upgrade-answer",
    message: `TCP connects, but the upgrade got no answer within ${seen.limitMs} ms.`,
    next: "If it is a Unity server: its process hangs, is paused in a debugger, or does not update its driver; or it is at its limit: one queue of 512 serves at most 256 WebSocket connections (128 in Netcode for GameObjects: 64), silent ones included; raise receiveQueueCapacity / MaxPacketQueueSize to four times the clients. Else something other than a WebSocket server holds the port.",
  };
}

function closedAtUpgrade(seen: Observation): Verdict {
  return {
    code: "closed-at-upgrade",
    message: `TCP connects, but the server closed the connection instead of answering the upgrade (${detailOf(seen)}).`,
    next: "Check the port. A Unity server closes without a word when a header is over 509 bytes, when all of them are over 2944, or when they take more than a second to arrive; a load balancer does so when there is no server behind it.",
  };
}

function notWebSocket(seen: Observation, detail: string): Verdict {
  const head = seen.answerHead;
  const extra = ["sec-websocket-protocol", "sec-websocket-extensions"].find(
    (name) => headerOf(head, name) !== undefined,
  );
  if (isSwitching(head) && extra !== undefined) {
    return {
      code: "unwanted-header",
      message: `The server answered 101 with ${HEADER_NAMES[extra]}: ${headerOf(head, extra) || "(empty)"}, which nobody asked for. A Unity client gives up there.`,
      next: "This is not Unity's own server, which never sends that header: turn subprotocols and compression off in the server or proxy in front of it.",
    };
  }
  if (isSwitching(head)) {
    return {
      code: "bad-upgrade-answer",
      message: `The server answered 101, but not as a WebSocket server must: ${detail}.`,
      next: "Something between here and the server answers in its place or alters the answer: look at the proxy.",
    };
  }
  return {
    code: "not-websocket",
    message: `Something listens there, but it is not a WebSocket server: ${detail}.`,
    next: "Check the port: it belongs to another service.",
  };
}

const HEADER_NAMES: Readonly<Record<string, string>> = {
  "sec-websocket-protocol": "Sec-WebSocket-Protocol",
  "sec-websocket-extensions": "Sec-WebSocket-Extensions",
};

function isSwitching(head: string): boolean {
  return /^HTTP\/1\.\d 101(?:\D|$)/.test(head);
}

/** What the try with the other scheme brought, as a sentence. */
function other(check: SideCheck): string {
  if (check.status === 101) return `${check.url} opens a WebSocket: that is the URL.`;
  if (check.status !== undefined) return `${check.url} answers, with HTTP ${check.status}.`;
  return `${check.url} gets through TLS, but brings no HTTP answer.`;
}

/** Value of a header in an HTTP head, or undefined. `name` in lower case. */
function headerOf(head: string, name: string): string | undefined {
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    if (colon > 0 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}

function detailOf(seen: Observation): string {
  const { ending } = seen;
  if (ending.kind === "failed") return ending.failure.detail;
  return ending.kind === "fin" || ending.kind === "reset" ? ending.detail : ending.kind;
}

function hostOf(seen: Observation): string {
  return new URL(seen.url).hostname;
}

function portOf(seen: Observation): string {
  const { port, protocol } = new URL(seen.url);
  return port || (protocol === "wss:" ? "443" : "80");
}

function pathOf(seen: Observation): string {
  const { pathname, search } = new URL(seen.url);
  return pathname + search;
}

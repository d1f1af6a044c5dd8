// Verdicts on a UTP connection that was accepted: who ended it, after which time, and what that says. Pure.
import { describeCloseCode } from "./close-code.js";
import type { Observation } from "./observation.js";
import type { Verdict } from "./verdict-code.js";

/** A Disconnect this soon after the Accept is a refusal: the server never meant to keep the connection. */
const AT_ONCE_MS = 1000;
/** A Disconnect this soon after our data message is taken as the answer to it. */
const AFTER_MESSAGE_MS = 500;
/** A Unity client waits this long for the 101, and as long before it repeats its request. */
const NATIVE_PATIENCE_MS = 1000;
/** Heartbeats leave every 0.5 s: no message for this long is silence, not jitter. */
const SILENCE_MS = 2500;

/** A netcode layer's wait for its own approval message: the time, and how far off the Disconnect may be seen. */
interface Approval {
  readonly code: "approval-entities" | "approval-gameobjects";
  readonly name: string;
  readonly afterMs: number;
  readonly wants: string;
}

/** Timers start when the game sees the connection and end at one of its updates: a little early is jitter, late is a slow tick. */
const EARLY_MS = 300;
const LATE_MS = 1500;

const APPROVALS: readonly Approval[] = [
  { code: "approval-entities", name: "Netcode for Entities", afterMs: 5000, wants: "protocol version handshake" },
  {
    code: "approval-gameobjects",
    name: "Netcode for GameObjects",
    afterMs: 10_000,
    wants: "ConnectionRequest message (ClientConnectionBufferTimeout)",
  },
];

export function verdictAfterAccept(seen: Observation): Verdict {
  const { ending } = seen;
  switch (ending.kind) {
    case "disconnect":
      return disconnected(seen);
    case "close":
      return lost(seen, `closed the WebSocket with ${describeCloseCode(ending.code)} and no UTP Disconnect before it`);
    case "fin":
    case "reset":
      return lost(seen, `cut the connection without Disconnect or Close (${ending.detail})`);
    case "text":
    case "violation":
      return badFrames(seen);
    case "silence":
      return silent(seen);
    default:
      return held(seen);
  }
}

function disconnected(seen: Observation): Verdict {
  const aliveMs = seen.tookMs.alive ?? 0;
  const { sinceMessage } = seen.tookMs;
  if (seen.messageBytes > 0 && sinceMessage !== undefined && sinceMessage <= AFTER_MESSAGE_MS)
    return messageRefused(sinceMessage);
  if (aliveMs < AT_ONCE_MS) return refused(aliveMs);
  const approval = APPROVALS.find(({ afterMs }) => aliveMs >= afterMs - EARLY_MS && aliveMs <= afterMs + LATE_MS);
  return approval === undefined ? disconnectedLater(aliveMs) : wantsApproval(approval, aliveMs);
}

function refused(aliveMs: number): Verdict {
  return {
    code: "refused",
    message: `A UTP server answers there. It accepted, and disconnected again at once (${Math.round(aliveMs)} ms later).`,
    next: "UTP has no message that says no: this is how a server refuses. It is full (its limit of connections), its approval denies this client, or it takes nobody at the moment: see its log.",
  };
}

function messageRefused(sinceMs: number): Verdict {
  return {
    code: "message-refused",
    message: `A UTP server answers and accepts; it disconnected ${Math.round(sinceMs)} ms after our data message, which it did not like.`,
    next: "The game's netcode reads every message and ends connections that send something else. Probe with --size 0 (no data message) to see how long it keeps a silent client; for a load, record what a real client sends.",
  };
}

function wantsApproval(approval: Approval, aliveMs: number): Verdict {
  const { name, wants, code, afterMs } = approval;
  const seconds = `${afterMs / 1000} s`;
  return {
    code,
    message: `This is a UTP server that can be reached. It accepted, and disconnected after ${secondsOf(aliveMs)}: the way of ${name}, which waits ${seconds} for its own ${wants}.`,
    next: `Transport and network are fine. utp-load's raw clients do not send that message and will be dropped after ${seconds}: measure connecting and holding within that time (--duration), load a server scene without the netcode layer, or raise its time-out for the test. As a health check use --hold ${afterMs / 1000 - 2}s, which ends before.`,
  };
}

function disconnectedLater(aliveMs: number): Verdict {
  return {
    code: "disconnected",
    message: `This is a UTP server that can be reached. It accepted, and disconnected this client after ${secondsOf(aliveMs)}.`,
    next: "Candidates: a netcode layer that wants a message of its own first and has another time-out than the usual 5 or 10 s; a kick by the game; a server that could not read our heartbeats for its disconnect time-out (overload). Its log names the reason.",
  };
}

function lost(seen: Observation, what: string): Verdict {
  return {
    code: "connection-lost",
    message: `A UTP server accepted the connection; ${secondsOf(seen.tookMs.alive ?? 0)} later the peer ${what}. A Unity client reports a ProtocolError.`,
    next: "The server process stopped or crashed, a proxy or load balancer ended the connection (idle or lifetime limits), or the server's buffers overflowed: compare with their logs.",
  };
}

function badFrames(seen: Observation): Verdict {
  const what =
    seen.ending.kind === "text" ? "sent a text message" : "sent a frame that breaks the rules or the size limit";
  return {
    code: "bad-frames",
    message: `The server accepted, then ${what}. A Unity client closes the connection there.`,
    next: "Unity's own server does not do that: look at what stands in front of it, and whether its largest message is over the client's limit of 1386 bytes.",
  };
}

function silent(seen: Observation): Verdict {
  return {
    code: "went-silent",
    message: `The server accepted, then sent nothing for ${secondsOf(seen.tookMs.silent ?? 0)}: no heartbeat, no message. A Unity client gives up after 30 s of it.`,
    next: "The server hangs, another client that does not read blocks its send queue, or its heartbeats are turned off (heartbeatTimeoutMS 0): turn them on, or hold the connection with game messages.",
  };
}

/** We left as planned: anything left to say? */
function held(seen: Observation): Verdict {
  const upgradeMs = seen.tookMs.upgrade ?? 0;
  const acceptMs = seen.tookMs.accept ?? 0;
  if (upgradeMs > NATIVE_PATIENCE_MS) return lateUpgrade(upgradeMs);
  if (acceptMs > NATIVE_PATIENCE_MS) return lateAccept(acceptMs, seen.requests);
  if ((seen.tookMs.silent ?? 0) > SILENCE_MS) return silent(seen);
  return seen.closing.peerClosed ? healthy(seen) : unclean(seen);
}

function lateUpgrade(upgradeMs: number): Verdict {
  return {
    code: "at-limit",
    message: `A UTP server answers, but its 101 took ${Math.round(upgradeMs)} ms. A native Unity client gives up after ${NATIVE_PATIENCE_MS} ms.`,
    next: "The server is at its limit: it takes one connection an update, and reads only as many sockets as half its queue. Probe again when nobody joins; if it stays late, raise the update rate or receiveQueueCapacity / MaxPacketQueueSize.",
  };
}

function lateAccept(acceptMs: number, requests: number): Verdict {
  return {
    code: "at-limit",
    message: `A UTP server answers, but its Accept took ${Math.round(acceptMs)} ms and ${requests} requests. A healthy one accepts within one update.`,
    next: "The server is at its limit: it loses or delays control packets (64 an update). Probe again when it is idle, and look at its CPU and update rate.",
  };
}

function unclean(seen: Observation): Verdict {
  const what = seen.closing.peerEnded
    ? "ended TCP without a Close"
    : `did not answer our Disconnect and Close within ${seen.limitMs} ms`;
  return {
    code: "unclean-close",
    message: `A UTP server answers and kept the connection, but at the end it ${what}.`,
    next: "The server stopped reading this client (overload: raise its queues), or a proxy in between swallows the Close. Left like this, each leaving client may hold a slot for the disconnect time-out.",
  };
}

function healthy(seen: Observation): Verdict {
  const { echoMs, messageBytes } = seen;
  const echoed =
    messageBytes === 0
      ? "No data message was sent."
      : echoMs === undefined
        ? "It did not echo the data message, and need not."
        : `It echoed the data message in ${echoMs.toFixed(1)} ms.`;
  return {
    code: "healthy",
    message: `A UTP server answers, accepts, and keeps the connection for ${secondsOf(seen.holdMs)}. ${echoed}`,
    next:
      messageBytes > 0 && echoMs === undefined
        ? "Ready for a load; round-trip times need a server that answers (WebSocket pings are measured in any case)."
        : "Ready for a load: utp-load run with the same URL.",
  };
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

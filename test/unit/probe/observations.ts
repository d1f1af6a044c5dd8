// Observations to vary in tables: one of a healthy connection, one of a connection that failed before it was open.
import type { Observation } from "../../../src/probe/observation.js";
import type { TransportFailure } from "../../../src/transport/transport.js";

/** A connection that was accepted, held for 12 s and left in order; `over` changes what a test is about. */
export function healthy(over: Partial<Observation> = {}): Observation {
  return {
    url: "ws://game.example:7777/",
    stage: "closing",
    ending: { kind: "holdOver" },
    address: "192.0.2.7",
    limitMs: 5000,
    holdMs: 12_000,
    trust: "system",
    tookMs: { upgrade: 12, accept: 9, alive: 12_000, sinceMessage: 11_750, silent: 300 },
    answerHead: "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    requests: 1,
    beforeAccept: { binaries: 0, early: 0, emptyPings: 0, echoedRequest: false, otherVersion: undefined },
    afterAccept: { heartbeats: 23, messages: 1 },
    messageBytes: 64,
    echoMs: 17,
    closing: { peerClosed: true, peerEnded: true },
    otherScheme: undefined,
    unchecked: undefined,
    ...over,
  };
}

/** Failed before the WebSocket was open. */
export function failed(
  stage: Observation["stage"],
  reason: TransportFailure["reason"],
  over: Partial<Observation> & { status?: number; detail?: string } = {},
): Observation {
  const { status, detail = "the system's words", ...rest } = over;
  const failure = { reason, detail, ...(status !== undefined && { status }) };
  const tookMs = {
    upgrade: undefined,
    accept: undefined,
    alive: undefined,
    sinceMessage: undefined,
    silent: undefined,
  };
  return healthy({ stage, ending: { kind: "failed", failure }, tookMs, answerHead: "", requests: 0, ...rest });
}

/** Accepted, and the server sent a Disconnect `aliveMs` later. */
export function disconnectedAfter(aliveMs: number, over: Partial<Observation> = {}): Observation {
  const sinceMessage = aliveMs > 250 ? aliveMs - 250 : undefined;
  const tookMs = { upgrade: 12, accept: 9, alive: aliveMs, sinceMessage, silent: 0 };
  return healthy({ stage: "hold", ending: { kind: "disconnect" }, tookMs, ...over });
}

// What one walk notes down: instants, counts and the ending, with the steps that it tells on the way. Decides nothing.
import type { ProtocolDrop } from "../protocol/connection.js";
import { classify, hasToken, tokenOffset } from "../protocol/wire.js";
import type { Clock } from "../time/clock.js";
import type { TransportPhase } from "../transport/transport.js";
import type { Ending, Observation, ProbeFrame, ProbeStep, Stage, StepName } from "./observation.js";
import type { WalkSetup } from "./walk-setup.js";

/** Told while the walk is under way; a frame's bytes are the listener's to keep. */
export interface WalkListener {
  onStep(step: ProbeStep): void;
  onFrame(frame: ProbeFrame): void;
}

/** The part of an observation that one walk knows. */
export type WalkFacts = Pick<
  Observation,
  "stage" | "ending" | "tookMs" | "answerHead" | "requests" | "beforeAccept" | "afterAccept" | "echoMs" | "closing"
>;

export class WalkRecord {
  stage: Stage = "tcp";
  stageMs: number;
  ending: Ending | undefined;
  upgradeSentMs: number | undefined;
  openMs: number | undefined;
  acceptMs: number | undefined;
  messageMs: number | undefined;
  echoMs: number | undefined;
  requests = 0;
  heartbeatsSent = 0;
  readonly beforeAccept = {
    binaries: 0,
    early: 0,
    emptyPings: 0,
    echoedRequest: false,
    otherVersion: undefined as number | undefined,
  };
  readonly afterAccept = { heartbeats: 0, messages: 0 };
  readonly closing = { peerClosed: false, peerEnded: false };
  readonly #drops = new Map<ProtocolDrop, number>();
  readonly #listener: WalkListener;
  readonly #clock: Clock;
  readonly #startMs: number;
  #endMs: number | undefined;
  /** Last UTP message of the server on the accepted connection. */
  #receivedMs: number | undefined;

  /** @param startMs The probe's own start: steps and frames are told relative to it. */
  constructor(listener: WalkListener, clock: Clock, startMs: number) {
    this.#listener = listener;
    this.#clock = clock;
    this.#startMs = startMs;
    this.stageMs = clock.nowMs();
  }

  enter(stage: Stage, nowMs: number): void {
    this.stage = stage;
    this.stageMs = nowMs;
  }

  /** A stage on the way to the open WebSocket is over, the next one begins. */
  phase(phase: TransportPhase, { target, address }: Pick<WalkSetup, "target" | "address">, nowMs: number): void {
    if (phase === "upgradeSent") this.upgradeSentMs = nowMs;
    else if (phase === "tcp") this.step(phase, "ok", nowMs, this.stageMs, `connected to ${address}`);
    else
      this.step(
        phase,
        "ok",
        nowMs,
        this.stageMs,
        `handshake done, certificate ${target.insecure ? "not checked" : "accepted"}`,
      );
    this.enter(phase === "tcp" && target.url.startsWith("wss:") ? "tls" : "upgrade", nowMs);
  }

  accepted(nowMs: number): void {
    this.acceptMs = nowMs;
    this.#receivedMs = nowMs;
  }

  /** Notes why it ended. The first cause wins: what follows is its consequence. Returns whether this is the first. */
  end(ending: Ending, nowMs: number): boolean {
    if (this.ending !== undefined) return false;
    this.ending = ending;
    this.#endMs = nowMs;
    return true;
  }

  /** Tells a step; `sinceMs`: when it began, or null where it has no length. */
  step(name: StepName, result: ProbeStep["result"], nowMs: number, sinceMs: number | null, detail: string): void {
    const tookMs = sinceMs === null ? null : nowMs - sinceMs;
    this.#listener.onStep({ name, result, atMs: nowMs - this.#startMs, tookMs, detail });
  }

  readonly frame = (direction: ProbeFrame["direction"], kind: ProbeFrame["kind"], payload: Uint8Array): void => {
    const atMs = this.#clock.nowMs() - this.#startMs;
    this.#listener.onFrame({ direction, kind, atMs, payload: payload.slice() });
  };

  /** Counts one binary message of the server by what it means at this stage. */
  packet(packet: Uint8Array, token: Uint8Array, nowMs: number): void {
    const kind = classify(packet);
    const isOurs = kind !== "empty" && kind !== "tooShort" && hasToken(packet, tokenOffset(kind), token);
    if (this.acceptMs !== undefined) {
      if (isOurs) this.#receivedMs = nowMs;
      if (isOurs && kind === "heartbeat") this.afterAccept.heartbeats++;
    } else if (kind === "wrongVersion") this.beforeAccept.otherVersion = packet[3];
    else if (!isOurs) this.beforeAccept.binaries++;
    else if (kind === "request") this.beforeAccept.echoedRequest = true;
    else if (kind !== "accept" && kind !== "disconnect") this.beforeAccept.early++;
  }

  drop(why: ProtocolDrop): void {
    this.#drops.set(why, (this.#drops.get(why) ?? 0) + 1);
  }

  /** What came and had no effect, for the end of a step's text; empty where nothing was dropped. */
  get ignored(): string {
    if (this.#drops.size === 0) return "";
    return `; ignored: ${[...this.#drops].map(([why, count]) => `${count} ${why}`).join(", ")}`;
  }

  /** @param answerHead What the server answered to the upgrade. */
  facts(answerHead: string): WalkFacts {
    return {
      stage: this.stage,
      ending: this.ending ?? { kind: "interrupted" },
      tookMs: {
        upgrade: span(this.upgradeSentMs, this.openMs),
        accept: span(this.openMs, this.acceptMs),
        alive: span(this.acceptMs, this.#endMs),
        sinceMessage: span(this.messageMs, this.#endMs),
        silent: span(this.#receivedMs, this.#endMs),
      },
      answerHead,
      requests: this.requests,
      beforeAccept: { ...this.beforeAccept },
      afterAccept: { ...this.afterAccept },
      echoMs: span(this.messageMs, this.echoMs),
      closing: { ...this.closing },
    };
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
}

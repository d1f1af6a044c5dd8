// The application of the reference server: echo, broadcast, kick, refusal. Stands where a game would, and passes everything on to
// the server's listener. Sends and disconnects through the server only.
import type { Peer } from "../protocol/acceptor.js";
import type { CloseCause } from "../protocol/connection.js";
import type { UnityReason } from "../protocol/disconnect-reason.js";
import type { SendOutcome } from "../protocol/piped-connection.js";
import { Backlog } from "./backlog.js";
import { BroadcastClock } from "./broadcast-clock.js";
import type { ResolvedBehaviour } from "./server-options.js";
import { countOne, type ServerStats } from "./server-stats.js";

/** What an application can do. */
export interface ServerActions {
  send(peer: Peer, pipelineId: number, payload: Uint8Array): SendOutcome;
  /** `02`, then Close 1000. */
  disconnect(peer: Peer): void;
  /** Close 1000 alone. */
  closeSocket(peer: Peer): void;
}

/** Told what the application sees. Payload views are valid during the call only. */
export interface ServerListener {
  connected(peer: Peer, connectPayload: Uint8Array | undefined): void;
  message(peer: Peer, pipelineId: number, payload: Uint8Array): void;
  /** Not told of disconnects that the server asked for itself, as in Unity. */
  disconnected(peer: Peer, reason: UnityReason): void;
}

/** Early messages kept per connection where they are queued. */
const EARLY_LIMIT = 64;

const REASON_OF: Record<CloseCause, UnityReason> = {
  local: "Default",
  remote: "ClosedByRemote",
  timeout: "Timeout",
  exhausted: "MaxConnectionAttempts",
  lost: "ProtocolError",
  early: "Default",
};

interface EarlyMessage {
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

export class StandIn {
  readonly #behaviour: ResolvedBehaviour;
  readonly #actions: ServerActions;
  readonly #listener: ServerListener;
  readonly #stats: ServerStats;
  readonly #broadcast: BroadcastClock | undefined;
  readonly #peers = new Map<number, Peer>();
  /** Echoes on reliable pipelines: no game would lose them because of a full window. */
  readonly #backlog = new Backlog((peer, pipelineId, payload) => this.#pass(peer, pipelineId, payload));
  readonly #early = new Map<Peer, EarlyMessage[]>();
  /** In the order of their moments: the delay is the same for all. */
  #kicks: { readonly peer: Peer; readonly dueMs: number }[] = [];

  constructor(behaviour: ResolvedBehaviour, actions: ServerActions, listener: ServerListener, stats: ServerStats) {
    this.#behaviour = behaviour;
    this.#actions = actions;
    this.#listener = listener;
    this.#stats = stats;
    this.#broadcast = behaviour.broadcast && new BroadcastClock(behaviour.broadcast);
  }

  /** By their ids. */
  get peers(): ReadonlyMap<number, Peer> {
    return this.#peers;
  }

  connected(peer: Peer, connectPayload: Uint8Array | undefined, nowMs: number): void {
    const { maxConnections, kickAfterMs, refuseWith } = this.#behaviour;
    if (maxConnections !== undefined && this.#peers.size >= maxConnections) {
      this.#stats.refused++;
      if (refuseWith === "close") this.#actions.closeSocket(peer);
      else this.#actions.disconnect(peer);
      return;
    }
    this.#stats.accepted++;
    this.#peers.set(peer.id, peer);
    if (kickAfterMs !== undefined) this.#kicks.push({ peer, dueMs: nowMs + kickAfterMs });
    this.#listener.connected(peer, connectPayload);
    const early = this.#early.get(peer) ?? [];
    this.#early.delete(peer);
    for (const { pipelineId, payload } of early) this.message(peer, pipelineId, payload);
  }

  message(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    if (!this.#peers.has(peer.id)) return this.#notConnected(peer, pipelineId, payload);
    this.#stats.messagesIn++;
    this.#stats.payloadBytesIn += payload.length;
    if (this.#behaviour.echo) this.#echo(peer, pipelineId, payload);
    this.#listener.message(peer, pipelineId, payload);
  }

  disconnected(peer: Peer, cause: CloseCause): void {
    countOne(this.#stats.disconnects, REASON_OF[cause]);
    this.#early.delete(peer);
    this.#backlog.forget(peer);
    if (this.#peers.delete(peer.id) && cause !== "local") this.#listener.disconnected(peer, REASON_OF[cause]);
  }

  /**
   * Counted. False also where the payload is larger than the path to this peer carries.
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  send(peer: Peer, pipelineId: number, payload: Uint8Array): boolean {
    if (!this.#fits(peer, pipelineId, payload)) return false;
    const outcome = this.#backlog.holds(peer, pipelineId) ? "queueFull" : this.#pass(peer, pipelineId, payload);
    if (outcome === "queueFull" && this.#isReliable(pipelineId)) this.#stats.windowFull++;
    return outcome === "accepted";
  }

  /** Sends the echoes that have waited for room, as far as there is some by now. */
  catchUp(): void {
    this.#backlog.retry();
  }

  /** The connection is no longer the application's from this moment on. */
  disconnect(peer: Peer): void {
    if (this.#peers.delete(peer.id)) this.#actions.disconnect(peer);
  }

  /** What is due by the clock: broadcasts and kicks. */
  update(nowMs: number): void {
    const message = this.#peers.size > 0 ? this.#broadcast?.due(nowMs) : undefined;
    if (message) for (const peer of this.#peers.values()) this.send(peer, 0, message);
    const due = this.#kicks.findIndex((kick) => kick.dueMs > nowMs);
    if (due === 0) return;
    const kicked = this.#kicks;
    this.#kicks = due < 0 ? [] : kicked.slice(due);
    for (const { peer } of due < 0 ? kicked : kicked.slice(0, due)) this.disconnect(peer);
  }

  #echo(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    if (!this.#fits(peer, pipelineId, payload)) return;
    const isBehind = this.#backlog.holds(peer, pipelineId);
    const outcome = isBehind ? "queueFull" : this.#pass(peer, pipelineId, payload);
    if (outcome !== "queueFull" || !this.#isReliable(pipelineId)) return;
    if (!this.#backlog.add(peer, pipelineId, payload)) this.#stats.windowFull++;
  }

  #pass(peer: Peer, pipelineId: number, payload: Uint8Array): SendOutcome {
    const outcome = this.#actions.send(peer, pipelineId, payload);
    if (outcome !== "accepted") return outcome;
    this.#stats.messagesOut++;
    this.#stats.payloadBytesOut += payload.length;
    return outcome;
  }

  #fits(peer: Peer, pipelineId: number, payload: Uint8Array): boolean {
    if (payload.length <= peer.maxMessageBytes(pipelineId)) return true;
    countOne(this.#stats.drops, "oversized");
    return false;
  }

  #isReliable(pipelineId: number): boolean {
    return this.#behaviour.pipelines.isReliable(pipelineId);
  }

  #notConnected(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    if (peer.connection.state === "closed") return countOne(this.#stats.drops, "afterClose");
    const queue = this.#early.get(peer) ?? [];
    const isQueued = this.#behaviour.earlyData === "queue" && queue.length < EARLY_LIMIT;
    if (!isQueued || peer.connection.state === "established") return countOne(this.#stats.drops, "earlyMessage");
    queue.push({ pipelineId, payload: payload.slice() });
    this.#early.set(peer, queue);
  }
}

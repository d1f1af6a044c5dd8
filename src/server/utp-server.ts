// The public server: the reference server on real sockets. Everything that decides lives in the server core; this file joins it to
// the network and the clock.
import { createHash } from "node:crypto";
import type { Server } from "node:net";
import type { Peer } from "../protocol/acceptor.js";
import type { UnityReason } from "../protocol/disconnect-reason.js";
import { monotonicClock } from "../time/clock.js";
import { type Listening, listen, type TlsFiles } from "./listen.js";
import { ServerCore } from "./server-core.js";
import type { ServerBehaviour } from "./server-options.js";
import type { ServerStats } from "./server-stats.js";
import { SocketSink } from "./socket-sink.js";
import { UpdateTimer } from "./update-timer.js";

/** One connected client. `id` counts from 0 and is never used again. */
export interface UtpPeer {
  readonly id: number;
}

export interface UtpServerOptions extends ServerBehaviour {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Address to listen on, default 127.0.0.1. */
  readonly host?: string;
  /** Serve wss:// with this certificate and key. */
  readonly tls?: TlsFiles;
  readonly onConnect?: (peer: UtpPeer, connectPayload: Uint8Array | undefined) => void;
  /** The payload is valid during the call only. */
  readonly onMessage?: (peer: UtpPeer, payload: Uint8Array, pipelineId: number) => void;
  /** In Unity's words; not called for what `disconnect` has ended. */
  readonly onDisconnect?: (peer: UtpPeer, reason: UnityReason) => void;
}

type PortErrors = Pick<ServerStats, "acceptErrors" | "tlsErrors">;

/** RFC 6455, 1.3. */
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** How often a server without a tick looks at its clock: where something is to leave at a moment, where it has pipelines, and else. */
const FINE_HZ = 1000;
const RESEND_HZ = 200;
const COARSE_HZ = 50;
const CLOSE_GRACE_MS = 1000;
const CLOSE_POLL_MS = 10;

/**
 * A UTP server over WebSocket for tests of clients: echo, broadcast, faults, and the behaviour of a Unity server under load.
 *
 * @example
 * const server = await UtpServer.listen({ tickHz: 0, echo: true });
 * console.log(server.url); // ws://127.0.0.1:54321/
 * await server.close();
 */
export class UtpServer {
  /** `ws://` or `wss://`, host, port and path. */
  readonly url: string;
  readonly port: number;
  readonly #core: ServerCore;
  readonly #sink: SocketSink;
  readonly #timer: UpdateTimer;
  readonly #server: Server;
  readonly #portErrors: PortErrors;

  private constructor(
    core: ServerCore,
    sink: SocketSink,
    errors: PortErrors,
    listening: Listening,
    options: UtpServerOptions,
  ) {
    this.#core = core;
    this.#sink = sink;
    this.#portErrors = errors;
    this.#server = listening.server;
    this.port = listening.port;
    const host = options.host ?? "127.0.0.1";
    const scheme = options.tls === undefined ? "ws" : "wss";
    this.url = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${this.port}${core.behaviour.path}`;
    this.#timer = new UpdateTimer(updateHz(core), (nowMs) => core.tick(nowMs));
  }

  /**
   * Starts a server; it listens when the promise resolves.
   *
   * @throws {UsageError} If an option has a value that cannot be used.
   * @throws {EnvironmentError} If the port is in use or the host is no address of this machine.
   */
  static async listen(options: UtpServerOptions = {}): Promise<UtpServer> {
    const sink = new SocketSink(monotonicClock);
    const core = new ServerCore(behaviourOf(options), {
      sink,
      listener: {
        connected: (peer, connectPayload) => options.onConnect?.(handleOf(peer), connectPayload),
        message: (peer, pipelineId, payload) => options.onMessage?.(handleOf(peer), payload, pipelineId),
        disconnected: (peer, reason) => options.onDisconnect?.(handleOf(peer), reason),
      },
      acceptValue: (key) => createHash("sha1").update(key, "latin1").update(ACCEPT_GUID).digest("base64"),
      startMs: monotonicClock.nowMs(),
    });
    const errors: PortErrors = { acceptErrors: 0, tlsErrors: 0 };
    const listening = await listen(options.host ?? "127.0.0.1", options.port ?? 0, options.tls, {
      socket: (socket) => sink.add(socket, core),
      acceptFailed: () => errors.acceptErrors++,
      tlsFailed: () => errors.tlsErrors++,
    });
    return new UtpServer(core, sink, errors, listening, options);
  }

  /** Connected clients. */
  get peers(): readonly UtpPeer[] {
    return [...this.#core.peers.values()].map(handleOf);
  }

  /**
   * Sends one message; with a tick it leaves in the next update. False: the peer is gone, there is no room, or the message is larger
   * than the pipeline takes: 1376 bytes without one (with the default message size).
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  send(peer: UtpPeer, payload: Uint8Array, pipelineId = 0): boolean {
    const inner = this.#core.peers.get(peer.id);
    if (inner === undefined) return false;
    const isSent = this.#core.sendMessage(inner, pipelineId, payload, monotonicClock.nowMs());
    this.#core.flush();
    return isSent;
  }

  /** Sends one message to everybody; the number of clients whose message was taken. @throws {RangeError} If the pipeline does not exist. */
  broadcast(payload: Uint8Array, pipelineId = 0): number {
    const nowMs = monotonicClock.nowMs();
    let sent = 0;
    for (const peer of this.#core.peers.values()) if (this.#core.sendMessage(peer, pipelineId, payload, nowMs)) sent++;
    this.#core.flush();
    return sent;
  }

  /** Ends a connection as Unity's `NetworkDriver.Disconnect` does. */
  disconnect(peer: UtpPeer): void {
    const inner = this.#core.peers.get(peer.id);
    if (inner === undefined) return;
    this.#core.disconnectPeer(inner, monotonicClock.nowMs());
    this.#core.flush();
  }

  stats(): ServerStats {
    return { ...this.#core.stats(), ...this.#portErrors, skippedUpdates: this.#timer.skipped };
  }

  /** Accepts nobody any more, disconnects everybody, and drops what is left after `graceMs`. */
  async close(graceMs: number = CLOSE_GRACE_MS): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const peer of [...this.#core.peers.values()]) this.#core.disconnectPeer(peer, monotonicClock.nowMs());
    this.#core.flush();
    const endMs = monotonicClock.nowMs() + graceMs;
    while (this.#isSettling && monotonicClock.nowMs() < endMs) await pause(CLOSE_POLL_MS);
    this.#timer.stop();
    this.#sink.destroyAll();
    await closed;
  }

  get #isSettling(): boolean {
    return this.#core.isSettling || this.#sink.leavingCount > 0;
  }
}

function handleOf(peer: Peer): UtpPeer {
  return { id: peer.id };
}

function behaviourOf(options: UtpServerOptions): ServerBehaviour {
  const { port: _port, host: _host, tls: _tls, onConnect: _c, onMessage: _m, onDisconnect: _d, ...behaviour } = options;
  return behaviour;
}

function updateHz(core: ServerCore): number {
  const { tickHz, faults, globalSimulator, stageSimulator, broadcast, pipelines } = core.behaviour;
  if (tickHz > 0) return tickHz;
  const hasSimulator = globalSimulator !== undefined || stageSimulator !== undefined;
  const delayMs = faults.latencyMs + faults.jitterMs + (faults.slow?.latencyMs ?? 0);
  if (delayMs > 0 || hasSimulator || broadcast !== undefined) return FINE_HZ;
  return pipelines.size > 0 ? RESEND_HZ : COARSE_HZ;
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

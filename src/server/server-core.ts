// The reference server, sans-I/O: sockets, bytes and times in, writes and closes out. With a tick it does in each update what a
// Unity server does, in its order (protocol page 14.1); without one it acts on each input at once. No socket, timer or clock in here.
import type { Peer } from "../protocol/acceptor.js";
import type { SendOutcome } from "../protocol/piped-connection.js";
import { EventQueue } from "./application-events.js";
import type { ServerSink } from "./outbox.js";
import { readPass } from "./read-pass.js";
import { type ResolvedBehaviour, resolveBehaviour, type ServerBehaviour } from "./server-options.js";
import { ServerStack } from "./server-stack.js";
import { emptyStats, type ServerStats } from "./server-stats.js";
import { Stall } from "./stall.js";
import { type ServerActions, type ServerListener, StandIn } from "./stand-in.js";

/** A held input beyond this pauses its socket. */
const PAUSE_BYTES = 2944;
/** Without a tick, what pipelines must send again is looked at this often, ms; what a simulator stage holds at each look at the clock. */
const RESEND_STEP_MS = 5;
/** Without a tick the timers of connections need not be looked at more often than this, ms. */
const TIMER_STEP_MS = 20;

export interface ServerCoreSetup {
  readonly sink: ServerSink;
  readonly listener: ServerListener;
  /** Sec-WebSocket-Accept of a key: RFC 6455, 4.2.2. */
  readonly acceptValue: (key: string) => string;
  /** The clock's time at the start, ms. */
  readonly startMs: number;
}

export class ServerCore implements ServerActions {
  readonly behaviour: ResolvedBehaviour;
  readonly #sink: ServerSink;
  readonly #stats = emptyStats();
  readonly #stall: Stall;
  readonly #standIn: StandIn;
  readonly #stack: ServerStack;
  /** With a tick, events wait here for the application's turn. */
  readonly #queue: EventQueue | undefined;
  /** The application's disconnects, for the next update. */
  readonly #leaving: Peer[] = [];
  #timersMs: number;
  #resendsMs: number;
  /** Without a tick: something came during a stall. */
  #hasHeld = false;

  /** @throws {UsageError} If a value of `options` cannot be used. */
  constructor(options: ServerBehaviour, setup: ServerCoreSetup) {
    this.behaviour = resolveBehaviour(options);
    this.#sink = setup.sink;
    this.#timersMs = setup.startMs;
    this.#resendsMs = setup.startMs;
    this.#stall = new Stall(this.behaviour.faults.stall, setup.startMs);
    this.#standIn = new StandIn(this.behaviour, this, setup.listener, this.#stats);
    this.#queue = this.behaviour.tickHz > 0 ? new EventQueue() : undefined;
    const events = this.#queue ?? this.#standIn;
    this.#stack = new ServerStack(this.behaviour, setup.sink, setup.acceptValue, events, this.#stats);
  }

  /** Connections that the application has, by their ids. */
  get peers(): ReadonlyMap<number, Peer> {
    return this.#standIn.peers;
  }

  /** Whether a connection is on its way out: a Disconnect or a Close to come, or one to be answered. */
  get isSettling(): boolean {
    if (this.#leaving.length > 0) return true;
    for (const client of this.#stack.table.inSlotOrder()) if (client.isLeaving) return true;
    return false;
  }

  /** A copy of the counters. */
  stats(): ServerStats {
    const { table } = this.#stack;
    return structuredClone({
      ...this.#stats,
      sockets: table.size,
      waitingSockets: table.waiting,
      connections: this.peers.size,
    });
  }

  /** The system has connected a socket; ids are never used again. */
  arrive(socketId: number, nowMs: number): void {
    this.#stack.nowMs = nowMs;
    this.#stack.arrive(socketId);
    if (this.#actsAtOnce(nowMs)) this.#accept();
    else this.#hasHeld = true;
  }

  /** Bytes of a socket; they belong to the server from now on. Never throws. */
  input(socketId: number, bytes: Uint8Array, nowMs: number): void {
    this.#stack.nowMs = nowMs;
    const client = this.#stack.table.get(socketId);
    if (client === undefined) return;
    if (this.#actsAtOnce(nowMs) && client.held.bytes === 0) {
      client.web.receive(bytes, nowMs);
      return this.#finish();
    }
    this.#hasHeld = true;
    client.held.add(bytes);
    if (client.held.bytes <= PAUSE_BYTES || client.isPaused) return;
    client.isPaused = true;
    this.#sink.pause(socketId);
  }

  /** TCP has ended or broken. */
  end(socketId: number, nowMs: number): void {
    this.#stack.nowMs = nowMs;
    const client = this.#stack.table.get(socketId);
    if (client === undefined) return;
    client.held.isEnded = true;
    if (!this.#actsAtOnce(nowMs) || client.held.bytes > 0) {
      this.#hasHeld = true;
      return;
    }
    client.web.tcpEnded();
    this.#finish();
  }

  /** One update; without a tick, to be called every few ms for what is due by the clock. */
  tick(nowMs: number): void {
    this.#stack.nowMs = nowMs;
    if (this.#stall.hasBegun(nowMs)) this.#stats.faults.stalls++;
    if (this.#stall.isOn(nowMs)) return;
    this.#stats.updates++;
    this.#stack.outbox.refresh();
    if (this.#queue === undefined) this.#catchUp(nowMs);
    else this.#update(this.#queue, nowMs);
  }

  /** One message of the application; false: no room, not connected, or larger than the path carries. Leaves with `flush`. */
  sendMessage(peer: Peer, pipelineId: number, payload: Uint8Array, nowMs: number): boolean {
    this.#stack.nowMs = nowMs;
    return this.#standIn.send(peer, pipelineId, payload);
  }

  /** Ends a connection: `02`, then Close 1000; with a tick in the next updates. */
  disconnectPeer(peer: Peer, nowMs: number): void {
    this.#stack.nowMs = nowMs;
    this.#standIn.disconnect(peer);
  }

  /** Writes what the application has sent since, where that does not wait for the update. */
  flush(): void {
    if (this.#queue === undefined) this.#finish();
  }

  // What the stand-in application asks for.

  send(peer: Peer, pipelineId: number, payload: Uint8Array): SendOutcome {
    return this.#stack.acceptor.send(peer, pipelineId, payload, this.#stack.nowMs);
  }

  disconnect(peer: Peer): void {
    if (this.#queue === undefined) this.#stack.acceptor.disconnect(peer, this.#stack.nowMs);
    else this.#leaving.push(peer);
  }

  closeSocket(peer: Peer): void {
    this.#stack.closeSocket(peer);
  }

  /** Without a tick, and not in the middle of a stall. */
  #actsAtOnce(nowMs: number): boolean {
    return this.#queue === undefined && !this.#stall.isOn(nowMs);
  }

  /** Protocol page 14.1, with the flush of the protocol's own answers before the application's turn. */
  #update(queue: EventQueue, nowMs: number): void {
    const stack = this.#stack;
    stack.beginUpdate();
    stack.acceptor.sendDue(nowMs);
    this.#accept();
    for (const peer of this.#leaving.splice(0)) stack.acceptor.disconnect(peer, nowMs);
    stack.releaseFaults();
    this.#read();
    this.#timers(nowMs);
    stack.outbox.flush();
    this.#standIn.catchUp();
    queue.deliver(this.#standIn, nowMs);
    this.#standIn.update(nowMs);
    stack.outbox.flush();
  }

  /** Without a tick: what a stall has held up, and what the clock brings. */
  #catchUp(nowMs: number): void {
    if (this.#hasHeld) {
      this.#hasHeld = false;
      this.#accept();
      this.#read();
    }
    this.#stack.releaseFaults();
    const stepMs = this.behaviour.stageSimulator === undefined ? RESEND_STEP_MS : 0;
    if (nowMs - this.#resendsMs >= stepMs) this.#resend(nowMs);
    if (nowMs - this.#timersMs >= TIMER_STEP_MS) this.#timers(nowMs);
    this.#standIn.update(nowMs);
    this.#finish();
  }

  #resend(nowMs: number): void {
    this.#resendsMs = nowMs;
    this.#stack.acceptor.sendDue(nowMs);
  }

  /** End of a batch of input: acks that no answer has carried, closes that are due, then one write per socket. */
  #finish(): void {
    this.#standIn.catchUp();
    this.#stack.acceptor.sendOwed(this.#stack.nowMs);
    this.#stack.acceptor.settle(this.#stack.nowMs);
    this.#stack.outbox.flush();
  }

  #accept(): void {
    const { table, nowMs } = this.#stack;
    const isLimited = this.behaviour.limits.has("accept");
    for (let client = table.acceptOne(); client !== undefined; client = table.acceptOne()) {
      client.acceptedMs = nowMs;
      if (isLimited) break;
    }
    if (table.waiting > 0) this.#stats.limits.accept++;
  }

  #read(): void {
    const { limits, queuePackets } = this.behaviour;
    const hasBudget = limits.has("reads");
    const budget = hasBudget ? Math.floor(queuePackets / 2) : Number.POSITIVE_INFINITY;
    const pass = readPass(this.#stack.table.inSlotOrder(), budget, limits.has("fin"));
    if (pass.ranOut) this.#stats.limits.reads++;
    if (pass.cutByEnd) this.#stats.limits.fin++;
    if (hasBudget) this.#stack.places = queuePackets - pass.charged;
    for (const { client, chunk } of pass.reads) {
      if (chunk === "end") client.web.tcpEnded();
      else client.web.receive(chunk, this.#stack.nowMs);
      if (!client.isPaused || client.held.bytes > PAUSE_BYTES) continue;
      client.isPaused = false;
      if (!client.isSlow) this.#sink.resume(client.id);
    }
  }

  #timers(nowMs: number): void {
    this.#timersMs = nowMs;
    this.#stack.timers();
    if (this.behaviour.mode === "strict") return;
    for (const client of this.#stack.table.inSlotOrder()) {
      if (!client.web.isSilent || nowMs - client.acceptedMs <= this.behaviour.parameters.connectTimeoutMs) continue;
      this.#stats.silentSocketsClosed++;
      client.web.closeSilently();
    }
  }
}

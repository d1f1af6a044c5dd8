// The protocol half of the server: sockets, WebSockets and UTP connections joined to each other and to the network. Says what can be
// done; when it is done, and in which order, is the core's matter.
import { Acceptor, type AcceptorEffects, type Peer } from "../protocol/acceptor.js";
import { type CloseCause, PATIENT_RULES, type ProtocolDrop, UNITY_RULES } from "../protocol/connection.js";
import type { PacketPath } from "../protocol/packet-filter.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import { FrameWriter } from "../protocol/websocket/frame-writer.js";
import type { ServerSocketOptions, SocketLoss } from "../protocol/websocket/server-socket-setup.js";
import type { ApplicationEvents } from "./application-events.js";
import { ConnectionSimulator } from "./connection-simulator.js";
import { FaultLine, type OutgoingFaults, type Transmit } from "./fault-line.js";
import { GlobalSimulator } from "./global-simulator.js";
import { MalformedOutput } from "./malformed-output.js";
import { Outbox, type ServerSink } from "./outbox.js";
import { type ClientOwner, ServerClient } from "./server-client.js";
import type { ResolvedBehaviour } from "./server-options.js";
import { countOne, type ServerStats } from "./server-stats.js";
import { SocketTable } from "./socket-table.js";

/** Control packets that Unity's SC layer queues in one update, for all connections together. */
const CONTROL_PER_UPDATE = 64;
/** Updates in which Unity leaves a socket open behind its last word. */
const LINGER_UPDATES = 2;

export class ServerStack implements AcceptorEffects, ClientOwner {
  readonly table = new SocketTable();
  readonly acceptor: Acceptor;
  readonly outbox: Outbox;
  readonly #faults: OutgoingFaults;
  readonly #global: GlobalSimulator | undefined;
  readonly #malformed: MalformedOutput | undefined;
  /** Time of the input or update that is being worked on, ms. */
  nowMs = 0;
  /** Messages that the receive queue still takes in this update. */
  places = Number.POSITIVE_INFINITY;
  readonly #sink: ServerSink;
  readonly #events: ApplicationEvents;
  readonly #stats: ServerStats;
  readonly #writer = new FrameWriter();
  readonly #socketOptions: ServerSocketOptions;
  readonly #transmit: Transmit = (client, packet) => this.#sendOn(client, packet);

  constructor(
    behaviour: ResolvedBehaviour,
    sink: ServerSink,
    acceptValue: (key: string) => string,
    events: ApplicationEvents,
    stats: ServerStats,
  ) {
    const { parameters, limits, queuePackets, pipelines } = behaviour;
    const isTicking = behaviour.tickHz > 0;
    this.#sink = sink;
    this.#events = events;
    this.#stats = stats;
    const capacity = limits.has("send") ? queuePackets : Number.POSITIVE_INFINITY;
    this.outbox = new Outbox(sink, capacity, () => stats.limits.send++);
    const { globalSimulator, stageSimulator, seed } = behaviour;
    this.#global = globalSimulator && new GlobalSimulator(globalSimulator, seed, stats.faults);
    this.#faults = this.#global ?? new FaultLine(behaviour.faults, seed, stats.faults);
    const maxMessageBytes = maxWebSocketMessageBytes(parameters);
    this.#malformed = malformedOutput(behaviour, maxMessageBytes, stats);
    const rules = isTicking ? UNITY_RULES : PATIENT_RULES;
    const pipelineCounters = pipelines.newCounters();
    // Pipeline 0 stands in the counts of messages.
    for (let id = 1; id <= pipelines.size; id++) stats.pipelines[id] = pipelineCounters[id]!;
    this.acceptor = new Acceptor(this, {
      pipelines,
      pipelineCounters,
      parameters,
      rules: { ...rules, probeSet: behaviour.mtuProbes ?? rules.probeSet },
      ...(behaviour.acceptPayload && { acceptPayload: behaviour.acceptPayload }),
      ...(limits.has("control") && { controlPerUpdate: CONTROL_PER_UPDATE }),
      ...(stageSimulator && {
        newPacketFilter: (onward: PacketPath) => new ConnectionSimulator(stageSimulator, seed, stats.faults, onward),
      }),
    });
    this.#socketOptions = {
      ...parameters,
      path: behaviour.path,
      maxMessageBytes,
      lingerUpdates: isTicking ? LINGER_UPDATES : 0,
      corruptsKept: behaviour.mode === "strict",
      acceptValue,
    };
  }

  /** A socket that the system has connected. */
  arrive(socketId: number): void {
    this.table.arrive(new ServerClient(socketId, this.#socketOptions, this.#writer, this));
  }

  beginUpdate(): void {
    this.acceptor.beginUpdate();
    for (const client of this.table.inSlotOrder()) client.web.beginUpdate();
  }

  /** Held messages whose time has come. */
  releaseFaults(): void {
    this.#faults.release(this.nowMs, this.#transmit, (client) => {
      if (client.closesWhenFree) client.web.close(this.nowMs);
    });
  }

  /** Ends a connection without `02`: its Close 1000 is all the client sees. */
  closeSocket(peer: Peer): void {
    this.acceptor.lost(peer.socketId, this.nowMs);
    this.releaseSocket(peer.socketId);
  }

  /** Timers of the connections and the sockets. */
  timers(): void {
    this.acceptor.update(this.nowMs);
    for (const client of this.table.inSlotOrder()) {
      client.web.update(this.nowMs);
      client.web.settle();
    }
  }

  // What the acceptor asks for.

  send(socketId: number, packet: Uint8Array): boolean {
    const client = this.table.get(socketId);
    if (client === undefined || client.web.state !== "open" || client.closesWhenFree) return false;
    const distorted = this.#malformed?.distort(client, packet) ?? packet;
    return this.#faults.isActive
      ? this.#faults.offer(client, distorted, this.nowMs, this.#transmit)
      : this.#sendOn(client, distorted);
  }

  connected(peer: Peer, connectPayload: Uint8Array | undefined): void {
    this.#events.connected(peer, connectPayload, this.nowMs);
  }

  message(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    this.#events.message(peer, pipelineId, payload);
  }

  disconnected(peer: Peer, cause: CloseCause): void {
    const client = this.table.get(peer.socketId);
    if (client !== undefined) client.isReleasing = true;
    this.#events.disconnected(peer, cause);
  }

  releaseSocket(socketId: number): void {
    const client = this.table.get(socketId);
    if (client === undefined) return;
    if (this.#faults.delaysClose(client)) client.closesWhenFree = true;
    else client.web.close(this.nowMs);
  }

  drop(_socketId: number, why: ProtocolDrop): void {
    countOne(this.#stats.drops, why);
  }

  controlLost(): void {
    this.#stats.limits.control++;
  }

  // What a socket tells.

  takePlace(): boolean {
    if (this.places <= 0) {
      this.#stats.keptFrames++;
      return false;
    }
    this.places--;
    return true;
  }

  packet(client: ServerClient, packet: Uint8Array): void {
    if (this.#global?.passesIn(packet) === false) return;
    this.acceptor.receive(client.id, packet, this.nowMs);
  }

  socketLost(client: ServerClient, why: SocketLoss, code: number | undefined): void {
    if (why === "overflow") this.#stats.overflows++;
    if (why === "violation") countOne(this.#stats.violations, String(code));
    this.#faults.forget(client);
    this.acceptor.lost(client.id, this.nowMs);
  }

  upgradeRefused(status: 400 | 404): void {
    countOne(this.#stats.upgradesRefused, String(status));
  }

  outputReady(client: ServerClient): void {
    this.outbox.mark(client);
  }

  endSocket(client: ServerClient): void {
    this.table.remove(client);
    this.#stats.unsentPackets += client.web.binaryFrames;
    this.outbox.forget(client);
    this.#faults.forget(client);
    this.#sink.close(client.id);
  }

  #sendOn(client: ServerClient, packet: Uint8Array): boolean {
    if (client.isSlow) {
      this.#stats.slowReaderDrops++;
      return false;
    }
    if (client.web.state !== "open" || !this.outbox.takePlace()) return false;
    return client.web.send(packet);
  }
}

function malformedOutput(
  { malform, pipelines }: ResolvedBehaviour,
  maxPacketBytes: number,
  stats: ServerStats,
): MalformedOutput | undefined {
  return malform.size === 0 ? undefined : new MalformedOutput(malform, pipelines, maxPacketBytes, stats.faults);
}

// The reference server on real sockets, put together of its own parts, with a log of what it did to each message between its sockets.
import type { Socket } from "node:net";
import { listen } from "../../src/server/listen.js";
import { ServerCore } from "../../src/server/server-core.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { SocketSink, type SocketTarget } from "../../src/server/socket-sink.js";
import { UpdateTimer } from "../../src/server/update-timer.js";
import { monotonicClock } from "../../src/time/clock.js";
import { AppliedDelays } from "./applied-delays.js";
import { acceptValue } from "./server-bench.js";

/** Without a tick, faults are looked at this often, as `UtpServer` does. */
const FINE_HZ = 1000;

class WatchedSink extends SocketSink {
  readonly applied: AppliedDelays;

  constructor(applied: AppliedDelays) {
    super(monotonicClock);
    this.applied = applied;
  }

  override write(socketId: number, bytes: Uint8Array): void {
    this.applied.fromServer(socketId, bytes, monotonicClock.nowMs());
    super.write(socketId, bytes);
  }
}

export interface WatchedServer {
  readonly url: string;
  readonly core: ServerCore;
  readonly applied: AppliedDelays;
  close(): void;
}

export async function startWatchedServer(behaviour: ServerBehaviour): Promise<WatchedServer> {
  const applied = new AppliedDelays();
  const sink = new WatchedSink(applied);
  const core = new ServerCore(behaviour, {
    sink,
    listener: { connected: () => undefined, message: () => undefined, disconnected: () => undefined },
    acceptValue,
    startMs: monotonicClock.nowMs(),
  });
  const target: SocketTarget = {
    arrive: (id, nowMs) => core.arrive(id, nowMs),
    input: (id, bytes, nowMs) => {
      applied.toServer(id, bytes, nowMs);
      core.input(id, bytes, nowMs);
    },
    end: (id, nowMs) => core.end(id, nowMs),
  };
  const { server, port } = await listen("127.0.0.1", 0, undefined, {
    socket: (socket: Socket) => sink.add(socket, target),
    acceptFailed: () => undefined,
    tlsFailed: () => undefined,
  });
  const timer = new UpdateTimer(core.behaviour.tickHz || FINE_HZ, (nowMs) => core.tick(nowMs));
  const close = (): void => {
    timer.stop();
    sink.destroyAll();
    server.close();
  };
  return { url: `ws://127.0.0.1:${port}/`, core, applied, close };
}

// One client session on a virtual clock above a transport in memory, brought to where a test wants to begin.
import { ClientSession } from "../../src/client/client-session.js";
import type { ClientKind, SessionOptions } from "../../src/client/session-types.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../../src/protocol/parameters.js";
import type { TransportTarget } from "../../src/transport/transport.js";
import { bytes, TOKEN } from "./bytes.js";
import { MemoryTransport } from "./memory-transport.js";
import { RecordingListener } from "./recording-listener.js";
import { type VirtualClock, virtualScheduler } from "./virtual-clock.js";

/** The session connects at this moment of its clock. */
export const START_MS = 1000;

export const ACCEPT = bytes("55 54 50 01 02 T");
export const DATA = bytes("01 T 00 2A");
export const HEARTBEAT = bytes("03 T");
export const DISCONNECT = bytes("02 T");
export const REQUEST_LINE = "binary 55545001011122334455667788";
export const HEARTBEAT_LINE = "binary 031122334455667788";
export const DISCONNECT_LINE = "binary 021122334455667788";

export const TARGET: TransportTarget = { url: "ws://127.0.0.1:7777/", maxMessageBytes: 1386 };

export interface BenchOptions extends Partial<Omit<SessionOptions, "parameters">> {
  readonly parameters?: Partial<UtpParameters>;
  readonly ownsControlFrames?: boolean;
}

export class SessionBench {
  readonly clock: VirtualClock;
  readonly listener = new RecordingListener();
  readonly session: ClientSession;
  /** One per attempt. */
  readonly transports: MemoryTransport[] = [];

  constructor(kind: ClientKind, options: BenchOptions = {}) {
    const { clock, queue } = virtualScheduler(START_MS);
    const { parameters, ownsControlFrames, ...others } = options;
    this.clock = clock;
    this.session = new ClientSession(
      {
        kind,
        parameters: { ...DEFAULT_PARAMETERS, ...parameters },
        connectBudgetMs: 60_000,
        updateHz: 60,
        token: TOKEN,
        pingIntervalMs: 0,
        ...others,
      },
      queue,
      () => {
        const transport = new MemoryTransport(clock, ownsControlFrames);
        this.transports.push(transport);
        return transport;
      },
      this.listener,
    );
    this.session.connect(TARGET);
  }

  get transport(): MemoryTransport {
    return this.transports.at(-1)!;
  }

  /** Milliseconds since the connect call. */
  get elapsedMs(): number {
    return this.clock.nowMs() - START_MS;
  }

  advanceTo(elapsedMs: number): this {
    this.clock.advanceTo(START_MS + elapsedMs);
    return this;
  }

  /** What was sent, with milliseconds since the connect call, rounded. */
  get timed(): string[] {
    return this.transport.timed(START_MS);
  }

  /** A session with its request out: open at once, in a kind with updates one update later. */
  static requesting(kind: ClientKind, options?: BenchOptions): SessionBench {
    const bench = new SessionBench(kind, options);
    bench.transport.reach();
    bench.transport.opens();
    if (kind !== "patient") bench.clock.advanceBy(17);
    return bench;
  }

  /** A connected session; what led there is forgotten. */
  static connected(kind: ClientKind, options?: BenchOptions): SessionBench {
    const bench = SessionBench.requesting(kind, options);
    bench.transport.receive(ACCEPT);
    if (kind !== "patient") bench.clock.advanceBy(17);
    bench.transport.sent.length = 0;
    bench.listener.lines.length = 0;
    return bench;
  }
}

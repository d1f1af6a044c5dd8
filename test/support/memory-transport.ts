// A transport without a socket, for tests of sessions on a virtual clock: a test plays the network, and reads what was sent and when.
import type { Transport, TransportEvents, TransportFailure, TransportTarget } from "../../src/transport/transport.js";
import { hex } from "./bytes.js";
import type { VirtualClock } from "./virtual-clock.js";

/** One thing that the session did. Those of one `write` leave together. */
export interface Sent {
  readonly atMs: number;
  readonly write: number;
  /** Such as `binary 03..`, `ping`, `pong 01`, `close 1000`, `close`, `end`, `destroy`. */
  readonly line: string;
}

/** What a test makes the peer do in one read. */
export type Incoming =
  | Uint8Array
  | { readonly ping: Uint8Array }
  | { readonly pong: Uint8Array }
  | { readonly close: number }
  | { readonly violation: number }
  | "text";

export class MemoryTransport implements Transport {
  readonly sent: Sent[] = [];
  readonly ownsControlFrames: boolean;
  bufferedBytes = 0;
  target: TransportTarget | undefined;
  events!: TransportEvents;
  readonly #clock: VirtualClock;
  #corks = 0;
  #writes = 0;

  constructor(clock: VirtualClock, ownsControlFrames = true) {
    this.#clock = clock;
    this.ownsControlFrames = ownsControlFrames;
  }

  /** Lines without their times. */
  get lines(): string[] {
    return this.sent.map(({ line }) => line);
  }

  /** Lines with their times since `fromMs`. */
  timed(fromMs = 0): string[] {
    return this.sent.map(({ atMs, line }) => `${Math.round(atMs - fromMs)} ${line}`);
  }

  open(target: TransportTarget, events: TransportEvents): void {
    this.target = target;
    this.events = events;
  }

  sendBinary(message: Uint8Array): void {
    this.#note(`binary ${hex(message)}`);
  }

  sendPing(payload: Uint8Array): void {
    this.#note(`ping ${hex(payload)}`.trim());
  }

  sendPong(payload: Uint8Array): void {
    this.#note(`pong ${hex(payload)}`.trim());
  }

  sendClose(code: number | undefined): void {
    this.#note(code === undefined ? "close" : `close ${code}`);
  }

  end(): void {
    this.#note("end");
  }

  destroy(): void {
    this.#note("destroy");
  }

  cork(): void {
    this.#corks++;
  }

  uncork(): void {
    this.#corks--;
    if (this.#corks < 0) throw new Error("Cannot uncork: there must have been a cork, got one less");
    this.#writes++;
  }

  /** TCP and the upgrade request, at once. */
  reach(): void {
    this.events.onPhase("tcp");
    this.events.onPhase("upgradeSent");
  }

  /** The 101, with what came in the same read. */
  opens(...together: readonly Incoming[]): void {
    this.events.onOpen();
    this.receive(...together);
  }

  /** What one read brought. */
  receive(...together: readonly Incoming[]): void {
    for (const incoming of together) this.#tell(incoming);
    this.events.onBatchEnd();
  }

  fails(reason: TransportFailure["reason"], status?: number): void {
    this.events.onFailed({ reason, detail: "as the test says", ...(status !== undefined && { status }) });
  }

  #tell(incoming: Incoming): void {
    if (incoming === "text") this.events.onText();
    else if (incoming instanceof Uint8Array) this.events.onBinary(incoming);
    else if ("ping" in incoming) this.events.onPing(incoming.ping);
    else if ("pong" in incoming) this.events.onPong(incoming.pong);
    else if ("close" in incoming) this.events.onClose(incoming.close);
    else this.events.onViolation(incoming.violation);
  }

  #note(line: string): void {
    this.sent.push({ atMs: this.#clock.nowMs(), write: this.#writes, line });
    if (this.#corks === 0) this.#writes++;
  }
}

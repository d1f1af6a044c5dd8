// A second, short connection to the same place with one thing changed: the other scheme, or the certificate unchecked. Gets as far as the
// answer to the upgrade, speaks no UTP, and tells nothing of itself but the result.
import type { Scheduler } from "../time/clock.js";
import type {
  Transport,
  TransportEvents,
  TransportFailure,
  TransportPhase,
  TransportTarget,
} from "../transport/transport.js";
import type { Observation, SideCheck } from "./observation.js";
import type { SocketTap } from "./tapped-socket.js";
import type { WalkFacts } from "./walk-record.js";

export interface SideCheckSetup {
  readonly target: TransportTarget;
  readonly limitMs: number;
  readonly scheduler: Scheduler;
  readonly createTransport: (tap: SocketTap) => Transport;
}

/** Enough for a status line. */
const HEAD_BYTES = 64;

/** Which checks would explain how the walk failed: none where the failure explains itself. */
export function checksFor(secure: boolean, facts: WalkFacts, insecure: boolean): ("unchecked" | "otherScheme")[] {
  if (facts.ending.kind === "interrupted") return [];
  if (secure) return facts.stage !== "tls" ? [] : insecure ? ["otherScheme"] : ["unchecked", "otherScheme"];
  if (facts.stage !== "upgrade") return [];
  const status = statusOf(facts.answerHead);
  // Some TLS servers say 400 to plain HTTP; any other status is a plain HTTP server's.
  return status === undefined || status === 400 ? ["otherScheme"] : [];
}

/** The URL with ws and wss exchanged, on the same port. */
export function otherSchemeUrl(url: string): string {
  const other = new URL(url);
  const isSecure = other.protocol === "wss:";
  const port = other.port || (isSecure ? "443" : "80");
  other.protocol = isSecure ? "ws:" : "wss:";
  other.port = port;
  return other.href;
}

/** Never rejects; what fails is the result. */
export function sideCheck(setup: SideCheckSetup): Promise<SideCheck> {
  return new Promise((resolve) => new Check(setup, resolve).start());
}

class Check implements TransportEvents, SocketTap {
  heapIndex = -1;
  dueMs = 0;
  readonly #setup: SideCheckSetup;
  readonly #resolve: (result: SideCheck) => void;
  readonly #transport: Transport;
  #tlsWorked = false;
  #head = "";
  #isDone = false;

  constructor(setup: SideCheckSetup, resolve: (result: SideCheck) => void) {
    this.#setup = setup;
    this.#resolve = resolve;
    this.#transport = setup.createTransport(this);
  }

  start(): void {
    const { scheduler, target, limitMs } = this.#setup;
    this.#transport.open(target, this);
    scheduler.schedule(this, scheduler.nowMs() + limitMs);
  }

  fire(): void {
    this.#done(undefined);
  }

  onPhase(phase: TransportPhase): void {
    if (phase === "tls") this.#tlsWorked = true;
  }

  onOpen(): void {
    this.#transport.sendClose(1000);
    this.#transport.end();
    this.#done(101);
  }

  onFailed(failure: TransportFailure): void {
    this.#done(failure.status ?? statusOf(this.#head));
  }

  socketReceived(bytes: Uint8Array): void {
    if (this.#head.length < HEAD_BYTES) this.#head += String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  }

  socketSent(): void {}
  onBinary(): void {}
  onText(): void {}
  onPing(): void {}
  onPong(): void {}
  onClose(): void {}
  onViolation(): void {}
  onBatchEnd(): void {}
  onEnded(): void {}

  #done(status: number | undefined): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#setup.scheduler.cancel(this);
    this.#transport.destroy();
    this.#resolve({ url: this.#setup.target.url, tlsWorked: this.#tlsWorked, status });
  }
}

function statusOf(head: string): number | undefined {
  const match = /^HTTP\/1\.\d (\d{3})(?:\D|$)/.exec(head);
  return match ? Number(match[1]) : undefined;
}

/** What a check brought, for its step. */
export function describeCheck(
  { url, tlsWorked, status }: SideCheck,
  what: keyof Pick<Observation, "otherScheme" | "unchecked">,
): string {
  const name = what === "unchecked" ? `${url} with the certificate unchecked` : url;
  const answer = status === undefined ? "no HTTP answer" : `HTTP ${status}`;
  return url.startsWith("wss:")
    ? `${name}: TLS ${tlsWorked ? "works" : "does not work"}, ${answer}`
    : `${name}: ${answer}`;
}

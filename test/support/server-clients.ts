// Clients of a server bench: they join as a raw client does, answer pings or not, and retry or not. No network, no clock of their own.
import { bytes } from "./bytes.js";
import type { ServerBench } from "./server-bench.js";
import { ascii, binaryFrame, clientFrame, join, UPGRADE } from "./wire-bytes.js";

const PONG = clientFrame({ opcode: 10, payload: new Uint8Array(0) });

/** The token of client `id`. */
export function tokenOf(id: number): Uint8Array {
  return Uint8Array.of(0xc0, 0, 0, 0, 0, 0, id >> 8, id & 0xff);
}

export function requestOf(id: number): Uint8Array {
  return join(bytes("55 54 50 01 01"), tokenOf(id));
}

export function dataOf(id: number, payload: Uint8Array, pipelineId = 0): Uint8Array {
  return join(Uint8Array.of(1), tokenOf(id), Uint8Array.of(pipelineId), payload);
}

export function heartbeatOf(id: number): Uint8Array {
  return join(Uint8Array.of(3), tokenOf(id));
}

/** Connects and asks for the upgrade in one go. */
export function connect(bench: ServerBench, id: number): void {
  bench.arrive(id);
  bench.input(id, ascii(UPGRADE));
}

/** A client that is connected: TCP, 101, Accept. Runs the updates it takes. */
export function joined(bench: ServerBench, id: number): void {
  connect(bench, id);
  bench.tick();
  bench.input(id, binaryFrame(requestOf(id)));
  bench.tick();
}

export function send(bench: ServerBench, id: number, packet: Uint8Array): void {
  bench.input(id, binaryFrame(packet));
}

/** What a crowd of clients does by itself between two updates: sends its request behind the 101, answers pings, beats. */
export class Crowd {
  readonly #bench: ServerBench;
  readonly #ids: readonly number[];
  readonly #seen = new Map<number, number>();
  readonly #accepted = new Set<number>();
  readonly #answersPings: boolean;

  constructor(bench: ServerBench, ids: readonly number[], answersPings: boolean) {
    this.#bench = bench;
    this.#ids = ids;
    this.#answersPings = answersPings;
    for (const id of ids) connect(bench, id);
  }

  /** Reacts to what has been written since the last call. */
  react(): void {
    for (const id of this.#ids) {
      const written = this.#bench.written(id);
      for (let i = this.#seen.get(id) ?? 0; i < written.length; i++) this.#reactTo(id, written[i]!.bytes);
      this.#seen.set(id, written.length);
    }
  }

  #reactTo(id: number, output: Uint8Array): void {
    if (output[0] === 0x48) send(this.#bench, id, requestOf(id));
    if (output[2] === 0x55) this.#accepted.add(id);
    if (this.#answersPings && output.at(-2) === 0x89) this.#bench.input(id, PONG);
  }

  /** Clients that have their 101, and those that have their Accept, in slot order. */
  get upgraded(): number[] {
    return this.#ids.filter((id) => this.#bench.written(id).length > 0);
  }

  get accepted(): number[] {
    return this.#ids.filter((id) => this.#accepted.has(id));
  }

  isAccepted(id: number): boolean {
    return this.#accepted.has(id);
  }
}

export function hasAccept(bench: ServerBench, id: number): boolean {
  return bench.packets(id).some((packet) => packet[0] === 0x55 && packet[4] === 2);
}

/** The 101s or other answers so far, of which sockets. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

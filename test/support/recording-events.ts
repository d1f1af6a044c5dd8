// A transport's owner that writes down what it is told, as short lines.
import type { TransportEvents, TransportFailure, TransportPhase } from "../../src/transport/transport.js";
import { hex } from "./bytes.js";

export class RecordingEvents implements TransportEvents {
  /** Such as `phase tcp`, `open`, `binary 01`, `close 1000`, `batch`, `failed TlsError`, `ended fin`. */
  readonly lines: string[] = [];
  failure: TransportFailure | undefined;
  detail = "";
  whenTold: ((line: string) => void) | undefined;
  #waiting: { readonly line: RegExp; readonly resolve: () => void }[] = [];

  /** Resolves once a line like `line` has been, or comes. */
  until(line: RegExp): Promise<void> {
    if (this.lines.some((known) => line.test(known))) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ line, resolve }));
  }

  onPhase(phase: TransportPhase): void {
    this.#note(`phase ${phase}`);
  }

  onOpen(): void {
    this.#note("open");
  }

  onBinary(payload: Uint8Array): void {
    this.#note(`binary ${hex(payload)}`.trim());
  }

  onText(): void {
    this.#note("text");
  }

  onPing(payload: Uint8Array): void {
    this.#note(`ping ${hex(payload)}`.trim());
  }

  onPong(payload: Uint8Array): void {
    this.#note(`pong ${hex(payload)}`.trim());
  }

  onClose(code: number): void {
    this.#note(`close ${code}`);
  }

  onViolation(code: number): void {
    this.#note(`violation ${code}`);
  }

  onBatchEnd(): void {
    this.#note("batch");
  }

  onFailed(failure: TransportFailure): void {
    this.failure = failure;
    this.#note(`failed ${failure.reason}${failure.status === undefined ? "" : `:${failure.status}`}`);
  }

  onEnded(how: "fin" | "reset" | "local", detail: string): void {
    this.detail = detail;
    this.#note(`ended ${how}`);
  }

  #note(line: string): void {
    this.lines.push(line);
    for (const { line: awaited, resolve } of this.#waiting) if (awaited.test(line)) resolve();
    this.whenTold?.(line);
  }
}

// Turns the rarer events of a transport into data. What becomes of them is the session's.
import type { HeldInput } from "./held-input.js";

export abstract class TransportInput {
  protected abstract input(input: HeldInput): void;
  abstract onBatchEnd(): void;

  onText(): void {
    this.input({ kind: "text" });
  }

  onClose(code: number): void {
    this.input({ kind: "close", code });
  }

  onViolation(code: number): void {
    this.input({ kind: "violation", code });
  }

  onEnded(how: "fin" | "reset" | "local", detail: string): void {
    this.input({ kind: "ended", how, detail });
    this.onBatchEnd();
  }
}

// A connection's owner that only writes down what it is told to do. Decides nothing unless a test says so.
import type { CloseCause, ConnectionEffects, ProtocolDrop } from "../../src/protocol/connection-effects.js";
import { hex } from "./bytes.js";

/** One effect in the order it came. `send` keeps the bytes as hex: a view would be overwritten. */
export type RecordedEffect =
  | { readonly effect: "send"; readonly hex: string; readonly control: boolean }
  | { readonly effect: "established"; readonly nowMs: number; readonly payloadHex: string | undefined }
  | { readonly effect: "message"; readonly pipelineId: number; readonly payloadHex: string }
  | { readonly effect: "closed"; readonly cause: CloseCause; readonly nowMs: number }
  | { readonly effect: "release" }
  | { readonly effect: "drop"; readonly why: ProtocolDrop };

export class RecordingSink implements ConnectionEffects {
  #effects: RecordedEffect[] = [];
  /** What `send` answers; false plays a layer below that is full. */
  accepting = true;
  /** Called at the moment of each effect, for applications that act from inside. */
  onEffect: ((effect: RecordedEffect) => void) | undefined;

  send(packet: Uint8Array, control: boolean): boolean {
    if (!this.accepting) return false;
    this.#note({ effect: "send", hex: hex(packet), control });
    return true;
  }

  established(nowMs: number, payload: Uint8Array | undefined): void {
    this.#note({ effect: "established", nowMs, payloadHex: payload && hex(payload) });
  }

  message(pipelineId: number, payload: Uint8Array): void {
    this.#note({ effect: "message", pipelineId, payloadHex: hex(payload) });
  }

  closed(cause: CloseCause, nowMs: number): void {
    this.#note({ effect: "closed", cause, nowMs });
  }

  releaseTransport(): void {
    this.#note({ effect: "release" });
  }

  drop(why: ProtocolDrop): void {
    this.#note({ effect: "drop", why });
  }

  /** Everything since the last call, and forgets it. */
  take(): RecordedEffect[] {
    const taken = this.#effects;
    this.#effects = [];
    return taken;
  }

  /** The same in short: `send 03…`, `established`, `message 0`, `closed local`, `release`, `drop empty`. */
  takeShort(): string[] {
    return this.take().map(short);
  }

  /** Hex of the packets sent since the last `take`, the rest of the record is forgotten too. */
  takeSent(): string[] {
    return this.take().flatMap((effect) => (effect.effect === "send" ? [effect.hex] : []));
  }

  #note(effect: RecordedEffect): void {
    this.#effects.push(effect);
    this.onEffect?.(effect);
  }
}

const NAME_OF_TYPE: Record<string, string> = {
  "01": "data",
  "02": "disconnect",
  "03": "heartbeat",
  "04": "mtuCheck",
  "05": "mtuAck",
  "5554500101": "request",
  "5554500102": "accept",
};

function short(effect: RecordedEffect): string {
  switch (effect.effect) {
    case "send":
      return `send ${NAME_OF_TYPE[effect.hex.slice(0, 10)] ?? NAME_OF_TYPE[effect.hex.slice(0, 2)] ?? effect.hex}`;
    case "message":
      return `message ${effect.pipelineId}`;
    case "closed":
      return `closed ${effect.cause}`;
    case "drop":
      return `drop ${effect.why}`;
    default:
      return effect.effect;
  }
}

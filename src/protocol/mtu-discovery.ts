// Both halves of path MTU discovery on one connection (protocol page 3.8): sends bursts and acks. The sizes are path-mtu.ts'.
import type { ConnectionEffects } from "./connection-effects.js";
import type { ConnectionRules } from "./connection-rules.js";
import type { KeepAlive } from "./keep-alive.js";
import type { UtpParameters } from "./parameters.js";
import { PathMtuProbe } from "./path-mtu.js";
import type { PacketKind } from "./wire.js";
import { encodeMtuAck, encodeMtuCheck, MTU_CHECK_HEADER_BYTES, mtuAckSize, mtuCheckLength } from "./wire.js";

/** Smaller connections do not probe. */
const SMALLEST_BYTES = 1024;

export class MtuDiscovery {
  readonly #token: Uint8Array;
  readonly #parameters: UtpParameters;
  readonly #rules: ConnectionRules;
  readonly #keepAlive: KeepAlive;
  #probe: PathMtuProbe | undefined;
  #isRunning = false;
  #hasProbedEarly = false;

  constructor(token: Uint8Array, parameters: UtpParameters, rules: ConnectionRules, keepAlive: KeepAlive) {
    this.#token = token;
    this.#parameters = parameters;
    this.#rules = rules;
    this.#keepAlive = keepAlive;
  }

  /** Largest packet that may be sent, layers included. */
  get pathBytes(): number {
    return this.#probe?.pathBytes ?? this.#parameters.maxMessageSize;
  }

  /** When the next burst or the end is due; Infinity: nothing runs. */
  get nextDeadlineMs(): number {
    return this.#isRunning && this.#probe ? this.#probe.nextDeadlineMs : Number.POSITIVE_INFINITY;
  }

  /** Sends the first burst; false where discovery is off. */
  start(nowMs: number, effects: ConnectionEffects): boolean {
    if (!this.#isEnabled) return false;
    this.#probe = this.#newProbe();
    this.#isRunning = true;
    this.#sendBurst(this.#probe, nowMs, effects);
    return true;
  }

  /**
   * A message before the Accept, at a client that imitates Unity's: an MtuCheck is answered, and where discovery is on the client
   * lives on, with a burst of its own for each such message (protocol page 3.3). False: discovery is off.
   */
  survivesEarly(kind: PacketKind, packet: Uint8Array, nowMs: number, effects: ConnectionEffects): boolean {
    if (kind === "mtuCheck") this.answer(packet, nowMs, effects);
    if (!this.#isEnabled) return false;
    // An ack of such a burst calls for none: four acks would make sixteen checks, and those sixteen acks.
    if (kind !== "mtuAck" || !this.#hasProbedEarly) this.#sendBurst(this.#newProbe(), nowMs, effects);
    this.#hasProbedEarly = true;
    return true;
  }

  /** The second burst, where it is due; true when discovery gives up. */
  isOverAt(nowMs: number, effects: ConnectionEffects): boolean {
    if (!this.#isRunning || !this.#probe) return false;
    const due = this.#probe.due(nowMs);
    if (due === "burst") this.#sendBurst(this.#probe, nowMs, effects);
    this.#isRunning = due !== "end";
    return due === "end";
  }

  /** Notes an MtuAck; true when it ends discovery. One that comes later changes nothing. */
  isOverBy(ack: Uint8Array, effects: ConnectionEffects): boolean {
    const sizeBytes = mtuAckSize(ack);
    if (sizeBytes === undefined) effects.drop("badMtuMessage");
    if (sizeBytes === undefined || !this.#isRunning || !this.#probe?.acknowledge(sizeBytes)) return false;
    this.#isRunning = false;
    return true;
  }

  /** Answers an MtuCheck, always: only its length field counts, the bytes behind it are not looked at. */
  answer(check: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    const lengthField = mtuCheckLength(check);
    if (lengthField === undefined) return effects.drop("badMtuMessage");
    const sizeBytes = lengthField + MTU_CHECK_HEADER_BYTES + this.#rules.paddingBytes;
    if (effects.send(encodeMtuAck(this.#token, sizeBytes), true)) this.#keepAlive.sentMs = nowMs;
  }

  get #isEnabled(): boolean {
    const { performPathMtuDiscovery, maxMessageSize } = this.#parameters;
    return performPathMtuDiscovery && maxMessageSize > SMALLEST_BYTES;
  }

  #newProbe(): PathMtuProbe {
    const { probeSet, paddingBytes } = this.#rules;
    return new PathMtuProbe(probeSet, this.#parameters.maxMessageSize, paddingBytes);
  }

  #sendBurst(probe: PathMtuProbe, nowMs: number, effects: ConnectionEffects): void {
    for (const lengthField of probe.burst(nowMs)) effects.send(encodeMtuCheck(this.#token, lengthField), true);
    this.#keepAlive.sentMs = nowMs;
  }
}

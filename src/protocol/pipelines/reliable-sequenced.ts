// The ReliableSequenced stage of one connection: joins sender, receiver and estimate, and writes their headers. Knows no clock:
// what is due is sent when the owner asks, at each update or at the end of each batch.
import { OutgoingPacket } from "./outgoing-packet.js";
import type { ReliableSettings } from "./pipeline-settings.js";
import type { Inlet, Stage, StageContext } from "./pipeline-stage.js";
import { ReliableHeader, type ReliableType } from "./reliable-header.js";
import { ReliableReceiver } from "./reliable-receiver.js";
import { ReliableSender } from "./reliable-sender.js";
import { RoundTripEstimate } from "./round-trip-estimate.js";

/** Acks and resends are built here: whoever is below has taken the bytes when `send` returns. */
const scratch = new OutgoingPacket();
const NOTHING = new Uint8Array(0);

/** @see protocol page, 6.4 */
export class ReliableSequenced implements Stage {
  above: Inlet;
  readonly #context: StageContext;
  readonly #onRoundTrip: (rttMs: number) => void;
  readonly #sender: ReliableSender;
  readonly #receiver: ReliableReceiver;
  readonly #estimate: RoundTripEstimate;
  readonly #incoming: ReliableHeader;
  readonly #outgoing: ReliableHeader;
  readonly #ackBody: Uint8Array;

  constructor(settings: ReliableSettings, context: StageContext, onRoundTrip: (rttMs: number) => void, above: Inlet) {
    const { window, ackDummyByte } = settings;
    this.#context = context;
    this.#onRoundTrip = onRoundTrip;
    this.above = above;
    this.#sender = new ReliableSender(window);
    this.#receiver = new ReliableReceiver(window, settings.initialMask);
    this.#estimate = new RoundTripEstimate(settings.minimumResendMs, settings.maximumResendMs);
    this.#incoming = new ReliableHeader(window);
    this.#outgoing = new ReliableHeader(window, this.#receiver.mask);
    this.#ackBody = ackDummyByte === "none" ? NOTHING : Uint8Array.of(ackDummyByte);
  }

  /** What must be exceeded since the last transmission of a packet before it is sent again, ms. */
  get resendMs(): number {
    return this.#estimate.resendMs;
  }

  /** True while the next `sendDue` sends an ack, whatever the time. */
  get isAckOwed(): boolean {
    return this.#receiver.isAckOwed;
  }

  /** When the first packet is to be sent again; Infinity: none waits. */
  get nextDeadlineMs(): number {
    return this.#sender.earliestSentMs + this.#estimate.resendMs + 1;
  }

  /** Whether `packets` more may be sent without an ack in between. */
  hasRoom(packets: number): boolean {
    return this.#sender.hasRoom(packets);
  }

  /** Always true: what the layer below does not take is kept, and sent again like a lost packet. */
  send(packet: OutgoingPacket, nowMs: number): boolean {
    const { id } = this.#sender.keep(packet, nowMs);
    this.#transmit(packet, "payload", id, nowMs);
    return true;
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    const { counters } = this.#context;
    const header = this.#incoming;
    if (!header.read(bytes)) {
      counters.dropped++;
      return;
    }
    if (header.type === "ack") return this.#acknowledge(header, nowMs);
    const { sequence, lengthBytes } = header;
    const arrival = this.#receiver.note(sequence, nowMs);
    if (arrival === "outOfWindow") {
      counters.outOfWindow++;
      return;
    }
    this.#acknowledge(header, nowMs);
    if (arrival === "duplicate") counters.duplicates++;
    else this.#receiver.deliver(sequence, bytes.subarray(lengthBytes), this.above, nowMs);
  }

  /** Sends the ack that is owed, then every packet that has waited too long, oldest first. An extra call is harmless. */
  sendDue(nowMs: number): void {
    if (this.#receiver.isAckOwed) this.#sendAck(nowMs);
    const { resendMs } = this.#estimate;
    if (nowMs <= this.#sender.earliestSentMs + resendMs) return;
    let due = this.#sender.nextDue(0, resendMs, nowMs);
    while (due !== undefined) {
      const { id } = due;
      this.#sender.noteResent(due, nowMs);
      this.#fill(due.view);
      if (this.#transmit(scratch, "payload", id, nowMs)) this.#context.counters.resent++;
      due = this.#sender.nextDue(id + 1, resendMs, nowMs);
    }
  }

  #acknowledge(header: ReliableHeader, nowMs: number): void {
    const rttMs = this.#sender.acknowledge(header, nowMs);
    if (rttMs === undefined) return;
    this.#estimate.add(rttMs);
    this.#onRoundTrip(rttMs);
  }

  #sendAck(nowMs: number): void {
    this.#fill(this.#ackBody);
    this.#transmit(scratch, "ack", 0, nowMs);
  }

  #fill(body: Uint8Array): void {
    scratch.fill(body, 0, body.length, this.#context.headroomBytes);
  }

  /** Puts the header in front and sends. Every packet carries the ack fields of the moment, so it is an ack too. */
  #transmit(packet: OutgoingPacket, type: ReliableType, id: number, nowMs: number): boolean {
    const header = this.#outgoing;
    const wasOwed = this.#receiver.isAckOwed;
    header.type = type;
    header.sequence = id & 0xffff;
    header.acked = this.#receiver.acked;
    header.processingTimeMs = this.#receiver.processingTimeMs(nowMs);
    const lengthBytes = header.writtenBytes(this.#sender.isAcknowledged);
    header.write(packet.bytes, packet.prepend(lengthBytes), lengthBytes);
    this.#receiver.noteAcked();
    if (this.#context.below.send(packet, nowMs)) return true;
    if (wasOwed) this.#receiver.oweAck();
    return false;
  }
}

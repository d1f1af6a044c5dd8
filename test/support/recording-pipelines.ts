// The owner of a connection's pipelines that only writes down what it is told, and short ways to make stacks for it. Decides nothing.
import {
  type PipelinesDescription,
  pipelineSettings,
  type StageDescription,
} from "../../src/protocol/pipelines/pipeline-settings.js";
import { PipelineStack } from "../../src/protocol/pipelines/pipeline-stack.js";
import type { PipelineSink } from "../../src/protocol/pipelines/pipeline-stage.js";
import { bytes, hex } from "./bytes.js";

/** Body of a Data message with the defaults over WebSocket: 1400 less 24. */
export const BODY_BYTES = 1376;

export class RecordingPipelines implements PipelineSink {
  maxBodyBytes = BODY_BYTES;
  /** What `sendData` answers. */
  accepting = true;
  readonly roundTripsMs: number[] = [];
  readonly unknown: number[] = [];
  /** Called with a copy of each body. */
  onSend: ((body: Uint8Array, nowMs: number, pipelineId: number) => void) | undefined;
  onMessage: ((payload: Uint8Array, nowMs: number, pipelineId: number) => void) | undefined;
  #sent: string[] = [];
  #messages: string[] = [];

  sendData(pipelineId: number, body: Uint8Array, nowMs: number): boolean {
    if (!this.accepting) return false;
    this.#sent.push(hex(body));
    this.onSend?.(body.slice(), nowMs, pipelineId);
    return true;
  }

  message(pipelineId: number, payload: Uint8Array, nowMs: number): void {
    this.#messages.push(hex(payload));
    this.onMessage?.(payload.slice(), nowMs, pipelineId);
  }

  roundTrip(_pipelineId: number, rttMs: number): void {
    this.roundTripsMs.push(rttMs);
  }

  unknownPipeline(pipelineId: number): void {
    this.unknown.push(pipelineId);
  }

  /** Hex of the bodies sent since the last call, and forgets them. */
  takeSent(): string[] {
    const taken = this.#sent;
    this.#sent = [];
    return taken;
  }

  /** Hex of the messages delivered since the last call, and forgets them. */
  takeMessages(): string[] {
    const taken = this.#messages;
    this.#messages = [];
    return taken;
  }
}

export interface RecordedStack {
  readonly stack: PipelineStack;
  readonly sink: RecordingPipelines;
  /** One body, as hex. */
  receive(body: string, nowMs?: number): void;
  /** A message, as hex; returns the bodies sent. */
  send(payload: string, nowMs?: number): string[];
}

/** One pipeline of these stages, with a sink of its own. */
export function stackOf(...stages: readonly StageDescription[]): RecordedStack {
  return stackIn([stages], 1);
}

/** One pipeline out of several. */
export function stackIn(description: PipelinesDescription, pipelineId: number): RecordedStack {
  const sink = new RecordingPipelines();
  const stack = new PipelineStack(pipelineId, pipelineSettings(description)[pipelineId - 1]!, sink);
  return {
    stack,
    sink,
    receive: (body, nowMs = 0) => stack.receive(bytes(body), nowMs),
    send: (payload, nowMs = 0) => {
      stack.send(bytes(payload), nowMs);
      return sink.takeSent();
    },
  };
}

/** The three stages with their defaults. */
export const FRAGMENTATION = { stage: "fragmentation" } as const;
export const UNRELIABLE = { stage: "unreliableSequenced" } as const;
export const RELIABLE = { stage: "reliableSequenced" } as const;

/** `length` bytes that tell where they stand. */
export function pattern(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i * 7 + (i >> 8)) & 0xff);
}

/** A payload packet of a reliable stage with a window up to 32, as a peer without anything received sends it. */
export function reliablePacket(sequence: number, payload = "aa", acked = "ffff", mask = "ffffffff"): string {
  return `0000 0000 ${u16(sequence)} ${acked} ${mask} ${payload}`;
}

/** A standalone ack for a window up to 32. */
export function reliableAck(acked: number, mask = "ffffffff", processingTimeMs = 0): string {
  return `0100 ${u16(processingTimeMs)} 0000 ${u16(acked)} ${mask} 00`;
}

/** Low 16 bits, little-endian, as hex. */
export function u16(value: number): string {
  return hex(Uint8Array.of(value & 0xff, (value >> 8) & 0xff));
}

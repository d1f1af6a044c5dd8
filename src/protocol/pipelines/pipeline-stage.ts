// What the stages of a pipeline share: how they are linked, what they count, what they tell their owner. No behaviour but counters at zero.
import type { OutgoingPacket } from "./outgoing-packet.js";

/** What one pipeline of one connection has seen. Messages are the application's, packets are bodies of Data messages. */
export interface PipelineCounters {
  /** Messages that `send` accepted. */
  sent: number;
  /** Messages handed to the application. */
  received: number;
  /** Packets sent again. */
  resent: number;
  /** Packets that had arrived before. */
  duplicates: number;
  /** Packets that arrived and were of no use: cut short, late, a fragment of a message that is not whole. Also empty messages that no packet can carry. */
  dropped: number;
  /** Packets whose sequence id no honest peer would send now: too new or too old. */
  outOfWindow: number;
  /** Messages put together from two fragments or more. */
  reassembled: number;
}

/** What the connections of one owner have seen together, by pipeline id; at 0 the messages that use none. */
export type SharedCounters = readonly PipelineCounters[];

/** The owner of a connection's pipelines. It keeps one sink for the connection's life; nothing is allocated per message. */
export interface PipelineSink {
  /** Largest body of a Data message right now: 1376 bytes with the defaults over WebSocket. */
  readonly maxBodyBytes: number;
  /** One Data message: `body` goes behind the pipeline id and is valid during the call only. False: not taken. */
  sendData(pipelineId: number, body: Uint8Array, nowMs: number): boolean;
  /** A message for the application: the view is valid during the call only. */
  message(pipelineId: number, payload: Uint8Array, nowMs: number): void;
  /** One sample of a reliable stage, at least 1 ms: the peer's processing time is taken off. */
  roundTrip(pipelineId: number, rttMs: number): void;
  /** A packet of a pipeline that was never created. It had no effect. */
  unknownPipeline(pipelineId: number): void;
}

/** Where packets go on their way out. */
export interface Outlet {
  /** The bytes are taken when this returns. False: not taken. */
  send(packet: OutgoingPacket, nowMs: number): boolean;
}

/** Where packets go on their way in. The view is valid during the call only; any bytes, never an exception. */
export interface Inlet {
  receive(bytes: Uint8Array, nowMs: number): void;
}

/** One stage of one pipeline of one connection. */
export interface Stage extends Outlet, Inlet {
  /** The stage before this one, or the application: known only once all stages are made. */
  above: Inlet;
}

/** What a stage is given: the next stage, the counters of its pipeline, and its room. */
export interface StageContext {
  readonly below: Outlet;
  readonly counters: PipelineCounters;
  /** Header capacity of this stage and all later ones, bytes. */
  readonly headroomBytes: number;
}

export function newCounters(): PipelineCounters {
  return { sent: 0, received: 0, resent: 0, duplicates: 0, dropped: 0, outOfWindow: 0, reassembled: 0 };
}

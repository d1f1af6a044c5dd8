// What may stand between the pipelines of a connection and its Data messages, such as a simulator of a bad network. Types only.

/** The way of a pipeline's packets, bodies of Data messages; views are valid during the call only. */
export interface PacketPath {
  /** On its way to the peer. False: not taken. */
  outgoing(pipelineId: number, body: Uint8Array, nowMs: number): boolean;
  /** As it came from the peer. */
  incoming(pipelineId: number, body: Uint8Array, nowMs: number): void;
}

/** Stands in that way, as a last stage of each pipeline would. Packets of pipelines that were never created do not come here. */
export interface PacketFilter extends PacketPath {
  /** Lets go what it holds and what is due: called before the pipelines send what is due. */
  release(nowMs: number): void;
  /** The connection is over: what is held goes nowhere. */
  end(): void;
}

/** Makes the filter of one connection; `onward` is where packets go from it. */
export type NewPacketFilter = (onward: PacketPath) => PacketFilter;

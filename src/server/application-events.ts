// What waits for the application between the update's protocol work and its own turn, in order: protocol page 14.1, steps 5 and 6.
import type { Peer } from "../protocol/acceptor.js";
import type { CloseCause } from "../protocol/connection.js";

/** The application's side of the queue. */
export interface ApplicationEvents {
  connected(peer: Peer, connectPayload: Uint8Array | undefined, nowMs: number): void;
  message(peer: Peer, pipelineId: number, payload: Uint8Array): void;
  disconnected(peer: Peer, cause: CloseCause): void;
}

type Event =
  | { readonly type: "connected"; readonly peer: Peer; readonly payload: Uint8Array | undefined }
  | { readonly type: "message"; readonly peer: Peer; readonly pipelineId: number; readonly payload: Uint8Array }
  | { readonly type: "disconnected"; readonly peer: Peer; readonly cause: CloseCause };

/** Keeps events, payloads copied, until they are delivered. */
export class EventQueue implements ApplicationEvents {
  #events: Event[] = [];

  connected(peer: Peer, payload: Uint8Array | undefined): void {
    this.#events.push({ type: "connected", peer, payload });
  }

  message(peer: Peer, pipelineId: number, payload: Uint8Array): void {
    this.#events.push({ type: "message", peer, pipelineId, payload: new Uint8Array(payload) });
  }

  disconnected(peer: Peer, cause: CloseCause): void {
    this.#events.push({ type: "disconnected", peer, cause });
  }

  /** Delivers what has come so far. */
  deliver(target: ApplicationEvents, nowMs: number): void {
    const events = this.#events;
    this.#events = [];
    for (const event of events) {
      if (event.type === "message") target.message(event.peer, event.pipelineId, event.payload);
      else if (event.type === "connected") target.connected(event.peer, event.payload, nowMs);
      else target.disconnected(event.peer, event.cause);
    }
  }
}

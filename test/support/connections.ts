// Connections brought into each state by the ordinary way, for tests that start from there.
import { Connection, type ConnectionOptions } from "../../src/protocol/connection.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../../src/protocol/parameters.js";
import type { Role, State } from "../../src/protocol/transitions.js";
import { encodeConnectAccept, encodeConnectRequest } from "../../src/protocol/wire.js";
import { TOKEN } from "./bytes.js";
import { RecordingSink } from "./recording-sink.js";

/** When `connectionIn` has done everything: time goes on from here. */
export const START_MS = 1000;

export type MoreOptions = Partial<Omit<ConnectionOptions, "parameters">> & { parameters?: Partial<UtpParameters> };

/** A connection and its recorder; `discovering` turns path MTU discovery on, as no other way leads there. */
export function newConnection(
  role: Role,
  more: MoreOptions = {},
  discover = false,
): { connection: Connection; sink: RecordingSink } {
  const parameters = { ...DEFAULT_PARAMETERS, performPathMtuDiscovery: discover, ...more.parameters };
  return { connection: new Connection({ role, token: TOKEN, ...more, parameters }), sink: new RecordingSink() };
}

/** Whether a role gets to a state at all: a server never awaits an Accept. */
export function isReachable(role: Role, state: State): boolean {
  return role === "client" || state !== "awaitingAccept";
}

/** A connection in `state` at `START_MS`, with an empty record. */
export function connectionIn(
  role: Role,
  state: State,
  more: MoreOptions = {},
): { connection: Connection; sink: RecordingSink } {
  const { connection, sink } = newConnection(role, more, state === "discovering");
  if (state === "closed") {
    connection.lost(START_MS, sink);
    if (connection.state !== "closed") {
      connection.handle("request", encodeConnectRequest(TOKEN), START_MS, sink);
      connection.lost(START_MS, sink);
    }
  } else if (role === "client") {
    if (state !== "idle") connection.open(START_MS, sink);
    if (state === "discovering" || state === "established") {
      connection.receive(encodeConnectAccept(TOKEN), START_MS, sink);
    }
  } else if (state !== "idle") {
    connection.handle("request", encodeConnectRequest(TOKEN), START_MS, sink);
  }
  if (connection.state !== state) throw new Error(`Cannot set up: ${role} must be ${state}, got ${connection.state}`);
  sink.take();
  return { connection, sink };
}

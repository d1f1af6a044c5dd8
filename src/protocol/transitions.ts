// The whole state machine of one UTP connection, both roles, as data. A pair that is not here is dropped and counted, as Unity does.

export type Role = "client" | "server";

/**
 * `idle`: no request yet. `awaitingAccept`: the lower layer is up, the request is out. `discovering`: accepted, probing the path MTU
 * (passed through at once where discovery is off). `established`: the application sees the connection. `closed`: the end.
 */
export type State = "idle" | "awaitingAccept" | "discovering" | "established" | "closed";

/** Messages of the peer, then what time and our own side bring. `early`: a message of an accepted connection before the Accept. */
export type Input =
  | "request"
  | "accept"
  | "data"
  | "heartbeat"
  | "mtuCheck"
  | "mtuAck"
  | "disconnect"
  | "early"
  | "open"
  | "discovered"
  | "exhausted"
  | "timeout"
  | "close"
  | "lost";

type Moves = Partial<Record<Input, State>>;

/** What an accepted connection does in either role: it stays where it is on every message but the ends. */
function accepted(state: State): Moves {
  return {
    data: state,
    heartbeat: state,
    mtuCheck: state,
    mtuAck: state,
    disconnect: "closed",
    timeout: "closed",
    close: "closed",
    lost: "closed",
  };
}

export const TRANSITIONS: Record<Role, Record<State, Moves>> = {
  client: {
    idle: { open: "awaitingAccept", close: "closed", lost: "closed" },
    awaitingAccept: {
      accept: "discovering",
      disconnect: "closed",
      early: "closed",
      exhausted: "closed",
      close: "closed",
      lost: "closed",
    },
    discovering: { ...accepted("discovering"), discovered: "established" },
    established: accepted("established"),
    closed: {},
  },
  server: {
    idle: { request: "discovering" },
    awaitingAccept: {},
    discovering: { ...accepted("discovering"), request: "discovering", discovered: "established" },
    established: { ...accepted("established"), request: "established" },
    closed: {},
  },
};

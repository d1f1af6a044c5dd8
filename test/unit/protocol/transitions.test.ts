// Every (role, state, input) pair: those of the table by rows of their own, all others dropped with the state unchanged.
import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/protocol/connection.js";
import { type Input, type Role, type State, TRANSITIONS } from "../../../src/protocol/transitions.js";
import { bytes } from "../../support/bytes.js";
import { connectionIn, isReachable, START_MS } from "../../support/connections.js";
import type { RecordingSink } from "../../support/recording-sink.js";

const ROLES: Role[] = ["client", "server"];
const STATES: State[] = ["idle", "awaitingAccept", "discovering", "established", "closed"];

/** What makes each input happen. Packets go through `receive`, as they would from a socket. */
const PACKETS: Partial<Record<Input, string>> = {
  request: "55 54 50 01 01 T",
  accept: "55 54 50 01 02 T",
  data: "01 T 00 AA",
  heartbeat: "03 T",
  mtuCheck: "04 T 01 00 00",
  mtuAck: "05 T 02 00 00 04",
  disconnect: "02 T",
  early: "03 T",
};
const OWN: Partial<Record<Input, (connection: Connection, sink: RecordingSink) => void>> = {
  open: (connection, sink) => connection.open(START_MS + 1, sink),
  close: (connection, sink) => connection.close(START_MS + 1, sink),
  lost: (connection, sink) => connection.lost(START_MS + 1, sink),
  exhausted: (connection, sink) => connection.update(START_MS + 1001, sink),
  timeout: (connection, sink) => connection.update(START_MS + 30_001, sink),
  discovered: (connection, sink) => {
    for (const ms of [301, 602]) connection.update(START_MS + ms, sink);
  },
};
const INPUTS = [...Object.keys(PACKETS), ...Object.keys(OWN)] as Input[];

interface Row {
  role: Role;
  from: State;
  input: Input;
  to: State;
  effects: string[];
}
const LEFT_EARLY = ["drop earlyMessage", "closed early"];

/** The rows of one accepted connection, the same for both roles and for both accepted states. */
function accepted(role: Role, from: State): Row[] {
  const row = (input: Input, to: State, effects: string[]): Row => ({ role, from, input, to, effects });
  return [
    row("data", from, ["message 0"]),
    row("heartbeat", from, []),
    row("mtuCheck", from, ["send mtuAck"]),
    row("mtuAck", from, []),
    row("disconnect", "closed", ["closed remote"]),
    row("timeout", "closed", ["send disconnect", "closed timeout"]),
    row("close", "closed", ["send disconnect", "closed local"]),
    row("lost", "closed", ["closed lost"]),
  ];
}

const PROBES = Array(4).fill("send mtuCheck");
const rows: Row[] = [
  { role: "client", from: "idle", input: "open", to: "awaitingAccept", effects: ["send request"] },
  { role: "client", from: "idle", input: "close", to: "closed", effects: ["closed local"] },
  { role: "client", from: "idle", input: "lost", to: "closed", effects: ["closed lost"] },
  { role: "client", from: "awaitingAccept", input: "accept", to: "established", effects: ["established"] },
  { role: "client", from: "awaitingAccept", input: "disconnect", to: "closed", effects: ["closed remote"] },
  { role: "client", from: "awaitingAccept", input: "early", to: "closed", effects: LEFT_EARLY },
  { role: "client", from: "awaitingAccept", input: "exhausted", to: "closed", effects: ["closed exhausted"] },
  { role: "client", from: "awaitingAccept", input: "close", to: "closed", effects: ["closed local"] },
  { role: "client", from: "awaitingAccept", input: "lost", to: "closed", effects: ["closed lost"] },
  ...accepted("client", "discovering"),
  { role: "client", from: "discovering", input: "discovered", to: "established", effects: [...PROBES, "established"] },
  ...accepted("client", "established"),
  { role: "server", from: "idle", input: "request", to: "established", effects: ["send accept", "established"] },
  ...accepted("server", "discovering"),
  { role: "server", from: "discovering", input: "request", to: "discovering", effects: ["send accept"] },
  { role: "server", from: "discovering", input: "discovered", to: "established", effects: [...PROBES, "established"] },
  ...accepted("server", "established"),
  { role: "server", from: "established", input: "request", to: "established", effects: ["send accept"] },
];

/** Brings one input to a connection in `from` that acts in updates, and tells what it did, the Close left out. */
function apply(role: Role, from: State, input: Input, early: "drop" | "disconnect"): { to: State; effects: string[] } {
  const rules = {
    paddingBytes: 14,
    earlyMessage: early,
    closeAfterOwnDisconnect: 2,
    closeAfterOtherEnd: 1,
    probeSet: "2.6.0",
  } as const;
  const parameters = { heartbeatTimeoutMs: 0 };
  const { connection, sink } = connectionIn(role, from, {
    rules,
    parameters,
    maxRequests: input === "exhausted" ? 1 : 60,
  });
  const packet = PACKETS[input];
  if (packet === undefined) OWN[input]?.(connection, sink);
  else connection.receive(bytes(packet), START_MS + 1, sink);
  return { to: connection.state, effects: sink.takeShort() };
}

describe("the moves of the table", () => {
  it.each(rows)("$role $from + $input -> $to", ({ role, from, input, to, effects }) => {
    expect(apply(role, from, input, "disconnect")).toEqual({ to, effects });
  });

  it("has a row for every pair of TRANSITIONS and no other", () => {
    const inTable = pairs().filter(({ role, from, input }) => TRANSITIONS[role][from][input] !== undefined);
    const name = ({ role, from, input }: { role: Role; from: State; input: Input }) => `${role} ${from} ${input}`;
    expect(rows.map(name).sort()).toEqual(inTable.map(name).sort());
  });
});

describe("the pairs that nobody wrote down", () => {
  // `early` is no packet of its own: outside awaitingAccept it is a heartbeat, which has its rows above.
  const absent = pairs().filter(
    ({ role, from, input }) =>
      isReachable(role, from) && TRANSITIONS[role][from][input] === undefined && input !== "early",
  );

  it.each(absent)("$role $from + $input: state unchanged, a packet is dropped and counted", ({ role, from, input }) => {
    const { to, effects } = apply(role, from, input, "drop");
    expect(to).toBe(from);
    const isPacket = PACKETS[input] !== undefined;
    const isEarly = from === "awaitingAccept" && input !== "request";
    const why = from === "closed" ? "afterClose" : isEarly ? "earlyMessage" : "unexpected";
    const onlyProbes = effects.filter((effect) => effect !== "send mtuCheck" && effect !== "send request");
    expect(onlyProbes).toEqual(isPacket ? [`drop ${why}`] : []);
  });

  it("covers at least the handshake packets of the wrong side and everything after the end", () => {
    expect(absent.length).toBeGreaterThan(30);
  });

  it.each(ROLES)("a server that awaits an Accept does not exist, %s: closed has no way out", (role) => {
    expect(TRANSITIONS.server.awaitingAccept).toEqual({});
    expect(TRANSITIONS[role].closed).toEqual({});
  });
});

function pairs(): { role: Role; from: State; input: Input }[] {
  return ROLES.flatMap((role) => STATES.flatMap((from) => INPUTS.map((input) => ({ role, from, input }))));
}

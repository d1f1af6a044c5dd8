// The end of a connection: who sends what, and after how many updates the Close 1000 leaves (protocol page 2.4, 3.5).
import { describe, expect, it } from "vitest";
import { type Connection, PATIENT_RULES, UNITY_RULES } from "../../../src/protocol/connection.js";
import type { Role } from "../../../src/protocol/transitions.js";
import { bytes } from "../../support/bytes.js";
import { connectionIn, newConnection, START_MS } from "../../support/connections.js";
import type { RecordingSink } from "../../support/recording-sink.js";

const ROLES: Role[] = ["client", "server"];
const UPDATE_MS = 17;
type Act = (connection: Connection, sink: RecordingSink, nowMs: number) => void;

const close: Act = (connection, sink, nowMs) => connection.close(nowMs, sink);
const receiveDisconnect: Act = (connection, sink, nowMs) => connection.receive(bytes("02 T"), nowMs, sink);

/** What each of five updates did; `act` happens in the first, between its start and its end. */
function updates(connection: Connection, sink: RecordingSink, act: Act, startMs = START_MS): string[][] {
  const seen: string[][] = [];
  for (let update = 0; update < 5; update++) {
    const nowMs = startMs + update * UPDATE_MS;
    connection.beginUpdate();
    if (update === 0) act(connection, sink, nowMs);
    connection.update(nowMs, sink);
    seen.push(sink.takeShort());
  }
  return seen;
}

describe.each(ROLES)("in updates, the %s", (role) => {
  const rules = UNITY_RULES;

  it("disconnects: 02 in update n, Close in n + 2", () => {
    const { connection, sink } = connectionIn(role, "established", { rules });
    expect(updates(connection, sink, close)).toEqual([["send disconnect", "closed local"], [], ["release"], [], []]);
  });

  it("disconnects while discovering: the same", () => {
    const { connection, sink } = connectionIn(role, "discovering", { rules });
    expect(updates(connection, sink, close)).toEqual([["send disconnect", "closed local"], [], ["release"], [], []]);
  });

  it("times out: 02 in update n, Close in n + 2", () => {
    const { connection, sink } = connectionIn(role, "established", { rules, parameters: { heartbeatTimeoutMs: 0 } });
    const seen = updates(connection, sink, () => undefined, START_MS + 30_001);
    expect(seen).toEqual([["send disconnect", "closed timeout"], [], ["release"], [], []]);
  });

  it("has received a Disconnect: no answer, Close one update after reading it", () => {
    const { connection, sink } = connectionIn(role, "established", { rules });
    expect(updates(connection, sink, receiveDisconnect)).toEqual([["closed remote"], ["release"], [], [], []]);
  });
});

describe("in updates, a client", () => {
  it("whose attempts are exhausted: no 02, Close one update after giving up", () => {
    const { connection, sink } = connectionIn("client", "awaitingAccept", { rules: UNITY_RULES, maxRequests: 1 });
    const seen = updates(connection, sink, () => undefined, START_MS + 1001);
    expect(seen).toEqual([["closed exhausted"], ["release"], [], [], []]);
  });
});

describe.each(ROLES)("at once (patient rules), the %s", (role) => {
  it.each([
    ["disconnects", close, ["send disconnect", "closed local", "release"]],
    ["has received a Disconnect", receiveDisconnect, ["closed remote", "release"]],
  ] as const)("%s: all of it in one update", (_name, act, effects) => {
    const { connection, sink } = connectionIn(role, "established", { rules: PATIENT_RULES });
    act(connection, sink, START_MS);
    connection.update(START_MS, sink);
    expect(sink.takeShort()).toEqual(effects);
    expect(connection.pendingUpdate).toBe(false);
  });
});

describe("after the end", () => {
  it("a second close, time and a lost socket do nothing more", () => {
    const { connection, sink } = connectionIn("client", "established");
    connection.close(START_MS, sink);
    connection.update(START_MS, sink);
    sink.take();
    connection.close(START_MS + 1, sink);
    connection.update(START_MS + 100_000, sink);
    connection.lost(START_MS + 100_001, sink);
    expect(sink.take()).toEqual([]);
    expect(connection.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("a lost socket owes no Close", () => {
    const { connection, sink } = connectionIn("server", "established", { rules: UNITY_RULES });
    connection.close(START_MS, sink);
    connection.lost(START_MS + 1, sink);
    expect(connection.pendingUpdate).toBe(false);
    sink.take();
    for (let update = 0; update < 4; update++) {
      connection.beginUpdate();
      connection.update(START_MS + 17 * update, sink);
    }
    expect(sink.take()).toEqual([]);
  });

  it("nothing can be sent, before the Accept neither", () => {
    const { connection, sink } = newConnection("client");
    expect(connection.sendData(0, bytes("AA"), 0, sink)).toBe(false);
    connection.open(0, sink);
    expect(connection.sendData(0, bytes("AA"), 1, sink)).toBe(false);
    connection.close(2, sink);
    expect(connection.sendData(0, bytes("AA"), 3, sink)).toBe(false);
    expect(sink.takeShort()).toEqual(["send request", "closed local"]);
  });
});

describe("data", () => {
  it("carries 1376 bytes with the defaults, one more is misuse", () => {
    const { connection, sink } = connectionIn("client", "established");
    expect(connection.maxPayloadBytes).toBe(1376);
    expect(connection.sendData(3, new Uint8Array(1376), START_MS, sink)).toBe(true);
    expect(sink.takeSent()[0]?.length).toBe(2 * 1386);
    expect(() => connection.sendData(3, new Uint8Array(1377), START_MS, sink)).toThrow(RangeError);
  });

  it("is no control packet, may be empty, and carries its pipeline id", () => {
    const { connection, sink } = connectionIn("server", "established");
    connection.sendData(255, new Uint8Array(), START_MS, sink);
    expect(sink.take()).toEqual([{ effect: "send", hex: "011122334455667788ff", control: false }]);
  });

  it("closing from inside a message or from `established` ends cleanly", () => {
    const { connection, sink } = connectionIn("client", "established");
    sink.onEffect = ({ effect }) => effect === "message" && connection.close(START_MS, sink);
    connection.receive(bytes("01 T 00 AA"), START_MS, sink);
    connection.receive(bytes("01 T 00 AA"), START_MS, sink);
    expect(sink.takeShort()).toEqual(["message 0", "send disconnect", "closed local", "drop afterClose"]);
  });

  it("no heartbeat follows a Disconnect that the application sent from `established`, however late the update", () => {
    const { connection, sink } = connectionIn("client", "discovering");
    connection.update(START_MS + 301, sink);
    sink.take();
    sink.onEffect = ({ effect }) => effect === "established" && connection.close(START_MS + 5000, sink);
    connection.update(START_MS + 5000, sink);
    expect(sink.takeShort()).toEqual(["established", "send disconnect", "closed local", "release"]);
  });
});

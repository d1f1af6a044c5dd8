// Heartbeats and inactivity of an accepted connection, both roles: what refreshes, what does not (protocol page 3.6).
import { describe, expect, it } from "vitest";
import type { Role } from "../../../src/protocol/transitions.js";
import { bytes } from "../../support/bytes.js";
import { connectionIn, newConnection, START_MS } from "../../support/connections.js";

const ROLES: Role[] = ["client", "server"];

describe.each(ROLES)("a heartbeat of the %s", (role) => {
  it("leaves after more than 500 ms without sending, then again and again", () => {
    const { connection, sink } = connectionIn(role, "established");
    const sentAtMs: number[] = [];
    for (let ms = 1; ms <= 1600; ms++) {
      connection.update(START_MS + ms, sink);
      if (sink.takeShort().includes("send heartbeat")) sentAtMs.push(ms);
    }
    expect(sentAtMs).toEqual([501, 1002, 1503]);
  });

  it("says when it is due, and an update before that is harmless", () => {
    const { connection, sink } = connectionIn(role, "established");
    expect(connection.nextDeadlineMs).toBe(START_MS + 501);
    connection.update(START_MS + 500, sink);
    expect(sink.take()).toEqual([]);
  });

  it("is put off by our data and by an answer to an MtuCheck, not by what arrives or by data not taken", () => {
    const { connection, sink } = connectionIn(role, "established");
    connection.sendData(0, bytes("AA"), START_MS + 100, sink);
    expect(connection.nextDeadlineMs).toBe(START_MS + 601);
    connection.receive(bytes("04 T 00 00"), START_MS + 200, sink);
    expect(connection.nextDeadlineMs).toBe(START_MS + 701);
    connection.receive(bytes("03 T"), START_MS + 300, sink);
    connection.receive(bytes("01 T 00 AA"), START_MS + 301, sink);
    sink.accepting = false;
    expect(connection.sendData(0, bytes("AA"), START_MS + 302, sink)).toBe(false);
    expect(connection.nextDeadlineMs).toBe(START_MS + 701);
  });

  it("that is not taken is tried again in the next update", () => {
    const { connection, sink } = connectionIn(role, "established");
    sink.accepting = false;
    connection.update(START_MS + 501, sink);
    sink.accepting = true;
    connection.update(START_MS + 502, sink);
    connection.update(START_MS + 503, sink);
    expect(sink.takeShort()).toEqual(["send heartbeat"]);
  });

  it("is never answered, and never sent with 0", () => {
    const { connection, sink } = connectionIn(role, "established", { parameters: { heartbeatTimeoutMs: 0 } });
    connection.receive(bytes("03 T"), START_MS + 1, sink);
    connection.update(START_MS + 29_000, sink);
    expect(sink.take()).toEqual([]);
    expect(connection.nextDeadlineMs).toBe(START_MS + 1 + 30_001);
  });
});

it("a client's first heartbeat counts from its request: what arrives is no send", () => {
  const { connection, sink } = newConnection("client");
  connection.open(0, sink);
  connection.receive(bytes("55 54 50 01 02 T"), 400, sink);
  sink.take();
  connection.update(500, sink);
  expect(sink.take()).toEqual([]);
  connection.update(501, sink);
  expect(sink.takeShort()).toEqual(["send heartbeat"]);
});

it("a server's duplicate Accept puts the heartbeat off and keeps the connection alive", () => {
  const { connection, sink } = connectionIn("server", "established");
  connection.receive(bytes("55 54 50 01 01 T"), START_MS + 300, sink);
  expect(sink.takeShort()).toEqual(["send accept"]);
  expect(connection.nextDeadlineMs).toBe(START_MS + 801);
});

describe.each(ROLES)("inactivity of the %s's peer", (role) => {
  const parameters = { heartbeatTimeoutMs: 0 };
  const rules = {
    paddingBytes: 14,
    earlyMessage: "drop",
    closeAfterOwnDisconnect: 0,
    closeAfterOtherEnd: 0,
    probeSet: "2.6.0",
  } as const;

  it("ends the connection after more than 30 000 ms with a Disconnect, then the Close", () => {
    const { connection, sink } = connectionIn(role, "established", { parameters, rules });
    connection.update(START_MS + 30_000, sink);
    expect(sink.take()).toEqual([]);
    expect(connection.nextDeadlineMs).toBe(START_MS + 30_001);
    connection.update(START_MS + 30_001, sink);
    expect(sink.takeShort()).toEqual(["send disconnect", "closed timeout", "release"]);
  });

  it.each([
    ["Data", "01 T 00 AA"],
    ["Data with an unknown pipeline", "01 T C8 AA"],
    ["Data without a body", "01 T"],
    ["Heartbeat", "03 T"],
    ["MtuCheck", "04 T 00 00"],
    ["MtuCheck cut short", "04 T"],
    ["MtuAck", "05 T 02 00 78 05"],
    ["MtuAck cut short", "05 T"],
  ])("is refreshed by %s", (_name, packet) => {
    const { connection, sink } = connectionIn(role, "established", { parameters, rules });
    connection.receive(bytes(packet), START_MS + 20_000, sink);
    connection.update(START_MS + 50_000, sink);
    expect(connection.state).toBe("established");
    connection.update(START_MS + 50_001, sink);
    expect(connection.state).toBe("closed");
  });

  it.each([
    ["an unknown type", "09 T"],
    ["a foreign token", "03 A1 A2 A3 A4 A5 A6 A7 A8"],
    ["a wrong version", "55 54 50 02 01 T"],
    ["an unknown handshake", "55 54 50 01 07 T"],
    ["an Accept", "55 54 50 01 02 T"],
    ["a short packet", "03 11"],
    ["an empty packet", ""],
  ])("is not refreshed by %s, which is counted", (_name, packet) => {
    const { connection, sink } = connectionIn(role, "established", { parameters, rules });
    connection.receive(bytes(packet), START_MS + 20_000, sink);
    expect(sink.takeShort()).toEqual([expect.stringMatching(/^drop /)]);
    connection.update(START_MS + 30_001, sink);
    expect(connection.state).toBe("closed");
  });

  it("does not end it with 0", () => {
    const never = { parameters: { heartbeatTimeoutMs: 0, disconnectTimeoutMs: 0 }, rules };
    const { connection, sink } = connectionIn(role, "established", never);
    connection.update(START_MS + 1e9, sink);
    expect(connection.state).toBe("established");
    expect(connection.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
  });
});

it("counts a Data message without a body and gives nothing to the application", () => {
  const { connection, sink } = connectionIn("server", "established");
  connection.receive(bytes("01 T"), START_MS, sink);
  connection.receive(bytes("01 T 05"), START_MS, sink);
  expect(sink.take()).toEqual([
    { effect: "drop", why: "emptyData" },
    { effect: "message", pipelineId: 5, payloadHex: "" },
  ]);
});

// The client before its Accept: requests, retries, payloads, early messages, refusals (protocol page 3.3).
import { describe, expect, it } from "vitest";
import { PATIENT_RULES, UNITY_RULES } from "../../../src/protocol/connection.js";
import { bytes, hex, TOKEN } from "../../support/bytes.js";
import { connectionIn, type MoreOptions, newConnection, START_MS } from "../../support/connections.js";

const REQUEST = hex(bytes("55 54 50 01 01 T"));

function opened(more: MoreOptions = {}) {
  const { connection, sink } = newConnection("client", more);
  connection.open(0, sink);
  const receive = (packet: string, nowMs = 1): void => connection.receive(bytes(packet), nowMs, sink);
  return { connection, sink, receive };
}

describe("requests", () => {
  it("sends the 13 bytes at once, as a control packet", () => {
    const { sink } = opened();
    expect(sink.take()).toEqual([{ effect: "send", hex: REQUEST, control: true }]);
  });

  it("carries a connect payload in every retry", () => {
    const { connection, sink } = opened({ payload: bytes("68 69") });
    connection.update(1001, sink);
    expect(sink.takeSent()).toEqual([`${REQUEST}02006869`, `${REQUEST}02006869`]);
  });

  it("retries after more than 1000 ms, not at 1000", () => {
    const { connection, sink } = opened();
    sink.take();
    expect(connection.nextDeadlineMs).toBe(1001);
    for (const nowMs of [0, 500, 999, 1000]) connection.update(nowMs, sink);
    expect(sink.take()).toEqual([]);
    connection.update(1001, sink);
    connection.update(2001, sink);
    expect(sink.takeSent()).toEqual([REQUEST]);
    connection.update(2002, sink);
    expect(sink.takeSent()).toEqual([REQUEST]);
    expect(connection.requests).toBe(3);
  });

  it.each([
    { maxRequests: 60, expected: 60 },
    { maxRequests: 59, expected: 59 },
    { maxRequests: 1, expected: 1 },
  ])("gives up after $maxRequests requests and one more wait, with a Close and no Disconnect", (row) => {
    const { connection, sink } = opened({ maxRequests: row.maxRequests });
    let nowMs = 0;
    while (connection.state === "awaitingAccept") connection.update(++nowMs, sink);
    expect(nowMs).toBe(1001 * row.expected);
    expect(sink.takeShort()).toEqual([...Array(row.expected).fill("send request"), "closed exhausted", "release"]);
    expect(connection.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("counts attempts by the parameters where nothing else is said", () => {
    const { connection, sink } = opened({ parameters: { connectTimeoutMs: 300, maxConnectAttempts: 4 } });
    for (let nowMs = 1; nowMs <= 1203; nowMs++) connection.update(nowMs, sink);
    expect(connection.state).toBe("awaitingAccept");
    connection.update(1204, sink);
    expect(connection.state).toBe("closed");
    expect(connection.requests).toBe(4);
  });

  it("a second open does nothing, closing before the Accept sends nothing", () => {
    const { connection, sink } = opened();
    connection.open(5, sink);
    expect(sink.takeShort()).toEqual(["send request"]);
    connection.close(6, sink);
    connection.update(6, sink);
    expect(sink.takeShort()).toEqual(["closed local", "release"]);
  });

  it("has no WebSocket to close before it was opened", () => {
    const { connection, sink } = newConnection("client");
    connection.close(0, sink);
    connection.update(0, sink);
    expect(sink.takeShort()).toEqual(["closed local"]);
  });
});

describe("what comes before the Accept and is nothing", () => {
  it.each([
    ["", "empty"],
    ["03 11 22", "tooShort"],
    ["03 A1 A2 A3 A4 A5 A6 A7 A8", "unknownToken"],
    ["55 54 50 01 02 A1 A2 A3 A4 A5 A6 A7 A8", "unknownToken"],
    ["55 54 50 02 02 T", "wrongVersion"],
    ["55 54 50 01 03 T", "unknownHandshake"],
    ["55 54 50 01 01 T", "unexpected"],
  ])("%s is dropped as %s, retries go on", (packet, why) => {
    for (const rules of [PATIENT_RULES, UNITY_RULES]) {
      const { connection, sink, receive } = opened({ rules });
      sink.take();
      receive(packet);
      expect(sink.takeShort()).toEqual([`drop ${why}`]);
      expect(connection.nextDeadlineMs).toBe(1001);
      connection.update(1001, sink);
      expect(sink.takeShort()).toEqual(["send request"]);
    }
  });
});

const EARLY = ["01 T 00 AA", "01 T", "03 T", "05 T 02 00 78 05", "09 T"];

describe("messages before the Accept", () => {
  it.each([...EARLY, "04 T 00 00"])("patient drops %s, counts it and takes the Accept behind it", (packet) => {
    const { sink, receive } = opened({ rules: PATIENT_RULES });
    sink.take();
    receive(packet);
    receive("55 54 50 01 02 T", 2);
    expect(sink.takeShort()).toEqual(["drop earlyMessage", "established"]);
  });

  it.each(EARLY)("native ends itself on %s: Disconnect an update later, Close two after that", (packet) => {
    const { connection, sink, receive } = opened({ rules: UNITY_RULES });
    const perUpdate = [sink.takeShort()];
    const update = (nowMs: number, input?: string): void => {
      connection.beginUpdate();
      if (input !== undefined) receive(input, nowMs);
      connection.update(nowMs, sink);
      perUpdate.push(sink.takeShort());
    };
    update(17, packet);
    expect(connection.pendingUpdate).toBe(true);
    for (const nowMs of [33, 50, 67, 83]) update(nowMs);
    expect(perUpdate).toEqual([
      ["send request"],
      ["drop earlyMessage", "closed early"],
      ["send disconnect"],
      [],
      ["release"],
      [],
    ]);
    expect(connection.pendingUpdate).toBe(false);
  });

  it("native answers an early MtuCheck first", () => {
    const { sink, receive } = opened({ rules: UNITY_RULES });
    sink.take();
    receive("04 T E7 03");
    expect(sink.takeShort()).toEqual(["drop earlyMessage", "send mtuAck", "closed early"]);
  });

  describe("with path MTU discovery on", () => {
    const parameters = { performPathMtuDiscovery: true };
    const BURST = Array(4).fill("send mtuCheck");

    it.each([...EARLY, "04 T E7 03"])("native lives on after %s, with a burst of MtuChecks", (packet) => {
      const { connection, sink, receive } = opened({ rules: UNITY_RULES, parameters });
      sink.take();
      receive(packet);
      const acks = packet.startsWith("04") ? ["send mtuAck"] : [];
      expect(sink.takeShort()).toEqual(["drop earlyMessage", ...acks, ...BURST]);
      expect(connection.state).toBe("awaitingAccept");
      receive("03 T", 2);
      expect(sink.takeShort()).toEqual(["drop earlyMessage", ...BURST]);
      receive("55 54 50 01 02 T", 3);
      expect(sink.takeShort()).toEqual(BURST);
      receive("05 T 02 00 78 05", 4);
      expect(sink.takeShort()).toEqual(["established"]);
    });

    it("its retries carry the connect payload no more", () => {
      const { connection, sink, receive } = opened({ rules: UNITY_RULES, parameters, payload: bytes("68 69") });
      const first = sink.takeSent();
      receive("03 T");
      sink.take();
      connection.update(1002, sink);
      expect([first[0]?.length, sink.takeSent()[0]?.length]).toEqual([2 * 17, 2 * 13]);
    });

    it("acks of an early burst call for no other, so that no storm comes of them", () => {
      const { sink, receive } = opened({ rules: UNITY_RULES, parameters });
      receive("03 T");
      sink.take();
      for (let i = 0; i < 4; i++) receive("05 T 02 00 00 04");
      expect(sink.takeShort()).toEqual(Array(4).fill("drop earlyMessage"));
    });

    it("is no discovery at 1024 bytes: native ends itself", () => {
      const { sink, receive } = opened({ rules: UNITY_RULES, parameters: { ...parameters, maxMessageSize: 1024 } });
      sink.take();
      receive("03 T");
      expect(sink.takeShort()).toEqual(["drop earlyMessage", "closed early"]);
    });
  });

  it("native takes no Accept behind an early message", () => {
    const { sink, receive } = opened({ rules: UNITY_RULES });
    receive("03 T");
    sink.take();
    receive("55 54 50 01 02 T");
    expect(sink.takeShort()).toEqual(["drop afterClose"]);
  });

  it.each([PATIENT_RULES, UNITY_RULES])(
    "an early Disconnect is a refusal for every kind, without an answer",
    (rules) => {
      const { connection, sink, receive } = opened({ rules });
      sink.take();
      receive("02 T");
      receive("55 54 50 01 02 T");
      connection.update(1, sink);
      connection.beginUpdate();
      connection.update(17, sink);
      expect(sink.takeShort().filter((effect) => !effect.startsWith("drop"))).toEqual(["closed remote", "release"]);
    },
  );
});

describe("the Accept", () => {
  it.each([
    ["", undefined],
    ["AA", undefined],
    ["02 00", undefined],
    ["03 00 61 62 63", "616263"],
  ])("with %s behind the token establishes, payload %s", (rest, payloadHex) => {
    const { connection, sink, receive } = opened();
    sink.take();
    receive(`55 54 50 01 02 T ${rest}`, 7);
    expect(sink.take()).toEqual([{ effect: "established", nowMs: 7, payloadHex }]);
    expect(connection.state).toBe("established");
  });

  it("with a wrong length is counted, its payload ignored, the connection made", () => {
    const { sink, receive } = opened();
    sink.take();
    receive("55 54 50 01 02 T 09 00 61 62 63", 7);
    expect(sink.take()).toEqual([
      { effect: "drop", why: "badPayloadLength" },
      { effect: "established", nowMs: 7, payloadHex: undefined },
    ]);
  });

  it("a second one is dropped and does not keep the connection alive", () => {
    const { connection, sink } = connectionIn("client", "established", { parameters: { heartbeatTimeoutMs: 0 } });
    connection.receive(bytes("55 54 50 01 02 T"), START_MS + 20_000, sink);
    expect(sink.takeShort()).toEqual(["drop unexpected"]);
    connection.update(START_MS + 30_001, sink);
    expect(sink.takeShort()).toEqual(["send disconnect", "closed timeout", "release"]);
  });
});

describe("misuse by our own code", () => {
  it.each([
    [{ parameters: {} }, 1361],
    [{ rules: { ...PATIENT_RULES, paddingBytes: 0 } }, 1375],
    [{ parameters: { maxMessageSize: 1472 } }, 1433],
    [{ parameters: { maxMessageSize: 20 } }, 0],
  ] satisfies [MoreOptions, number][])("%j: a connect payload may have %i bytes", (more, limit) => {
    const made = newConnection("client", { ...more, payload: new Uint8Array(limit) });
    expect(made.connection.maxHandshakePayloadBytes).toBe(limit);
    expect(() => newConnection("client", { ...more, payload: new Uint8Array(limit + 1) })).toThrow(RangeError);
  });

  it("refuses a token that is not 8 bytes", () => {
    expect(() => newConnection("client", { token: TOKEN.subarray(1) })).toThrow(RangeError);
  });
});

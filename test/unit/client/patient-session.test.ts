import { describe, expect, it } from "vitest";
import { bytes, FOREIGN_TOKEN } from "../../support/bytes.js";
import {
  ACCEPT,
  DATA,
  DISCONNECT,
  DISCONNECT_LINE,
  HEARTBEAT,
  HEARTBEAT_LINE,
  REQUEST_LINE,
  SessionBench,
  START_MS,
} from "../../support/session-bench.js";

describe("a patient client connects", () => {
  it("sends its request at the end of the batch that brought the 101, and only then", () => {
    const bench = new SessionBench("patient");
    bench.transport.reach();
    bench.advanceTo(5);
    expect(bench.transport.lines).toEqual([]);
    bench.transport.events.onOpen();
    bench.transport.events.onPing(bytes("07"));
    expect(bench.transport.lines).toEqual([]);
    bench.transport.events.onBatchEnd();
    expect(bench.timed).toEqual([`5 ${REQUEST_LINE}`, "5 pong 07"]);
  });

  it("appends its connect payload and hands out the accept payload", () => {
    const bench = SessionBench.requesting("patient", { connectPayload: bytes("68 69") });
    expect(bench.transport.lines).toEqual([`${REQUEST_LINE}02006869`]);
    bench.transport.receive(bytes("55 54 50 01 02 T 03 00 61 62 63"));
    expect(bench.listener.lines).toEqual(["connected 616263"]);
  });

  it("refuses a token or a connect payload that cannot be sent", () => {
    expect(() => new SessionBench("patient", { token: new Uint8Array(7) })).toThrow(/token must be 8 bytes, got 7/);
    const connectPayload = new Uint8Array(1362);
    expect(() => new SessionBench("patient", { connectPayload })).toThrow(/at most 1361 bytes, got 1362/);
  });

  it("repeats the request every 1001 ms with the same token, until the Accept", () => {
    const bench = SessionBench.requesting("patient");
    bench.advanceTo(3500);
    expect(bench.timed).toEqual([0, 1001, 2002, 3003].map((ms) => `${ms} ${REQUEST_LINE}`));
    bench.transport.receive(ACCEPT);
    bench.transport.sent.length = 0;
    bench.advanceTo(6000);
    expect(bench.transport.lines.filter((line) => line === REQUEST_LINE)).toEqual([]);
  });

  it("sends 60 requests at most, then closes at once without a Disconnect", () => {
    const bench = SessionBench.requesting("patient", { connectBudgetMs: 600_000 });
    bench.advanceTo(120_000);
    const { lines } = bench.transport;
    expect(lines.filter((line) => line === REQUEST_LINE)).toHaveLength(60);
    expect(lines).not.toContain(DISCONNECT_LINE);
    expect(bench.timed).toContain("60060 close 1000");
    expect(bench.listener.end).toMatchObject({
      reason: "UtpAcceptTimeout",
      unityReason: "MaxConnectionAttempts",
      wasConnected: false,
    });
  });

  it.each([
    { name: "no TCP", reach: 0, reason: "ConnectTimeout", ends: "destroy" },
    { name: "no 101", reach: 1, reason: "UpgradeTimeout", ends: "destroy" },
    { name: "no Accept", reach: 2, reason: "UtpAcceptTimeout", ends: "close 1000" },
  ])("waits its whole budget: $name", ({ reach, reason, ends }) => {
    const bench = new SessionBench("patient", { connectBudgetMs: 5000 });
    if (reach > 0) bench.transport.reach();
    if (reach > 1) bench.transport.opens();
    bench.advanceTo(4999);
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(5000);
    expect(bench.listener.end).toMatchObject({ reason, unityReason: "MaxConnectionAttempts", wasConnected: false });
    expect(bench.transport.lines.at(-1)).toBe(ends);
    // Nothing is looked at again before the wait for the peer's Close is over.
    if (reach > 1) expect(bench.session.dueMs).toBeGreaterThan(START_MS + 30_000);
  });

  it.each([
    ["ConnectionRefused", "ConnectionRefused", "MaxConnectionAttempts"],
    ["UpgradeRejected", "UpgradeRejected:404", "ProtocolError"],
    ["NotWebSocket", "NotWebSocket", "ProtocolError"],
    ["TlsError", "TlsError", "AuthenticationFailure"],
    ["HostNotFound", "HostNotFound", "HostNotFound"],
    ["ConnectionReset", "ConnectionReset", "ProtocolError"],
    ["ConnectionClosed", "ConnectionClosed", "ProtocolError"],
    ["LocalResourceLimit", "LocalResourceLimit", "MaxConnectionAttempts"],
  ] as const)("fails at once on %s", (failure, reason, unityReason) => {
    const bench = new SessionBench("patient");
    bench.advanceTo(3);
    bench.transport.fails(failure, failure === "UpgradeRejected" ? 404 : undefined);
    expect(bench.listener.end).toMatchObject({ reason, unityReason, wasConnected: false });
    expect(bench.listener.lines).toEqual([`end ${reason}`, "released"]);
    bench.advanceTo(100_000);
    expect(bench.transports).toHaveLength(1);
  });

  it.each([
    ["Data", DATA],
    ["Data of 9 bytes", bytes("01 T")],
    ["Heartbeat", HEARTBEAT],
    ["MtuAck", bytes("05 T 02 00 78 05")],
    ["MtuCheck", bytes("04 T 01 00 00")],
    ["an unknown type", bytes("09 T")],
  ])("drops %s before the Accept, counts what a Unity client would have done, and goes on", (_name, early) => {
    const bench = SessionBench.requesting("patient");
    bench.transport.receive(early, early);
    expect(bench.listener.lines).toEqual([
      "gaveUp native ProtocolViolation",
      "gaveUp webgl ProtocolViolation",
      "drop earlyMessage",
      "drop earlyMessage",
    ]);
    expect(bench.transport.lines).toEqual([REQUEST_LINE]);
    bench.transport.receive(ACCEPT);
    expect(bench.listener.lines.at(-1)).toBe("connected");
  });

  it("takes a Disconnect before the Accept as a refusal, and ignores an Accept behind it", () => {
    const bench = SessionBench.requesting("patient");
    bench.transport.receive(DISCONNECT, ACCEPT);
    expect(bench.listener.end).toMatchObject({
      reason: "ClosedByServer",
      unityReason: "ClosedByRemote",
      wasConnected: false,
    });
    expect(bench.listener.lines).toEqual(["end ClosedByServer", "drop afterClose"]);
    expect(bench.transport.lines).toEqual([REQUEST_LINE, "close 1000"]);
  });
});

describe("a connected patient client", () => {
  it("sends at once, and a heartbeat 501 ms after the last send", () => {
    const bench = SessionBench.connected("patient");
    bench.advanceTo(100);
    expect(bench.session.send(0, bytes("2A"))).toBe(true);
    bench.advanceTo(1200);
    expect(bench.timed).toEqual([
      "100 binary 011122334455667788002a",
      `601 ${HEARTBEAT_LINE}`,
      `1102 ${HEARTBEAT_LINE}`,
    ]);
  });

  it("never answers a heartbeat, and drops what is not for it", () => {
    const bench = SessionBench.connected("patient");
    bench.advanceTo(10);
    bench.transport.receive(HEARTBEAT, new Uint8Array(0), bytes("01"), bytes("09 T"), ACCEPT);
    bench.transport.receive(Uint8Array.from([1, ...FOREIGN_TOKEN, 0, 1]), bytes("55 54 50 02 02 T"), bytes("01 T"));
    expect(bench.transport.lines).toEqual([]);
    expect(bench.listener.lines).toEqual(
      ["empty", "tooShort", "unknownType", "unexpected", "unknownToken", "wrongVersion", "emptyData"].map(
        (why) => `drop ${why}`,
      ),
    );
  });

  it("answers each MtuCheck", () => {
    const bench = SessionBench.connected("patient");
    bench.transport.receive(bytes("04 T E7 03 00"));
    expect(bench.transport.lines).toEqual(["binary 05112233445566778802000004"]);
  });

  it("tells messages of one read with one batch number, and the next read with another", () => {
    const bench = SessionBench.connected("patient");
    bench.transport.receive(DATA, DATA);
    bench.transport.receive(DATA);
    const [first, second, third] = bench.listener.batches;
    expect(second).toBe(first);
    expect(third).toBe(first! + 1);
  });

  it("sends its answers to one read together", () => {
    const bench = SessionBench.connected("patient");
    bench.listener.whenMessage = (payload) => bench.session.send(0, payload);
    bench.transport.receive(DATA, { ping: bytes("01") }, DATA);
    expect(bench.transport.lines).toHaveLength(3);
    expect(new Set(bench.transport.sent.map(({ write }) => write)).size).toBe(1);
  });

  it("times out after 30,001 ms without a valid packet, pings or not", () => {
    const bench = SessionBench.connected("patient");
    for (let ms = 500; ms < 30_000; ms += 500) {
      bench.advanceTo(ms);
      bench.transport.receive({ ping: bytes("") }, bytes("09 T"));
    }
    bench.advanceTo(30_000);
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(30_001);
    expect(bench.listener.end).toMatchObject({ reason: "Silence", unityReason: "Timeout", wasConnected: true });
    expect(bench.timed.slice(-2)).toEqual([`30001 ${DISCONNECT_LINE}`, "30001 close 1000"]);
  });

  it("sends nothing before the Accept and nothing after the end", () => {
    const bench = SessionBench.requesting("patient");
    expect(bench.session.send(0, bytes("01"))).toBe(false);
    bench.transport.receive(ACCEPT, DISCONNECT);
    expect(bench.session.send(0, bytes("01"))).toBe(false);
    expect(bench.transport.lines).toEqual([REQUEST_LINE, "close 1000"]);
  });

  it("refuses a message that is too large", () => {
    const bench = SessionBench.connected("patient");
    expect(bench.session.maxMessageBytes(0)).toBe(1376);
    expect(bench.session.send(0, new Uint8Array(1376))).toBe(true);
    expect(() => bench.session.send(0, new Uint8Array(1377))).toThrow(/at most 1376 bytes, got 1377/);
  });

  it("notes when it came to each step", () => {
    const bench = new SessionBench("patient");
    bench.advanceTo(3);
    bench.transport.events.onPhase("tcp");
    bench.advanceTo(5);
    bench.transport.events.onPhase("tls");
    bench.transport.events.onPhase("upgradeSent");
    bench.advanceTo(20);
    bench.transport.opens();
    bench.advanceTo(31);
    bench.transport.receive(ACCEPT);
    expect(bench.session.timings).toEqual({
      startMs: START_MS,
      tcpMs: START_MS + 3,
      tlsMs: START_MS + 5,
      upgradeSentMs: START_MS + 5,
      openMs: START_MS + 20,
      requestMs: START_MS + 20,
      acceptMs: START_MS + 31,
    });
    expect(bench.listener.connectedMs).toBe(START_MS + 31);
  });
});

describe("a dropped patient client", () => {
  it("ends with the reason given, and hears of nothing any more", () => {
    const bench = SessionBench.connected("patient");
    bench.session.destroy("ScriptError");
    expect(bench.listener.lines).toEqual(["end ScriptError", "released"]);
    expect(bench.transport.lines).toEqual(["destroy"]);
    bench.transport.receive(DATA, { ping: bytes("") }, { close: 1000 });
    bench.transport.events.onEnded("local", "");
    bench.advanceTo(100_000);
    expect(bench.listener.lines).toEqual(["end ScriptError", "released", "drop staleAttempt"]);
    expect(bench.transport.lines).toEqual(["destroy"]);
  });

  it("may be dropped by its own application in the middle of a batch", () => {
    const bench = SessionBench.connected("patient");
    bench.listener.whenMessage = () => bench.session.destroy("ScriptError");
    bench.transport.receive(DATA, DATA, { close: 1000 });
    expect(bench.listener.lines.filter((line) => line.startsWith("message"))).toHaveLength(1);
    expect(bench.transport.lines).toEqual(["destroy"]);
  });

  it("is cancelled by a close before the Accept", () => {
    const early = new SessionBench("patient");
    early.session.close();
    expect(early.listener.lines).toEqual(["end Cancelled", "released"]);
    const late = SessionBench.requesting("patient");
    late.session.close();
    expect(late.listener.end).toMatchObject({ reason: "Cancelled", unityReason: "Default", wasConnected: false });
    expect(late.transport.lines).toEqual([REQUEST_LINE, "close 1000"]);
  });
});

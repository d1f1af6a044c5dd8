import { describe, expect, it } from "vitest";
import { bytes } from "../../support/bytes.js";
import {
  ACCEPT,
  DATA,
  DISCONNECT_LINE,
  HEARTBEAT,
  HEARTBEAT_LINE,
  REQUEST_LINE,
  SessionBench,
} from "../../support/session-bench.js";

describe("a native client connects", () => {
  it("names the numeric address in Host", () => {
    expect(new SessionBench("native").transport.target).toMatchObject({ hostHeader: "address", maxMessageBytes: 1386 });
  });

  it("tries TCP at 0, T, 2T, ... and gives up one update after the last attempt", () => {
    const bench = new SessionBench("native", { parameters: { connectTimeoutMs: 300, maxConnectAttempts: 4 } });
    for (const [index, ms] of [0, 300, 600, 900].entries()) {
      bench.advanceTo(ms + 1);
      expect(bench.transports).toHaveLength(index + 1);
      expect(bench.listener.end).toBeUndefined();
      bench.transport.fails("ConnectionRefused");
      bench.advanceTo(ms + 2);
    }
    bench.advanceTo(917);
    expect(bench.listener.end).toMatchObject({
      reason: "ConnectionRefused",
      unityReason: "MaxConnectionAttempts",
      wasConnected: false,
    });
    expect(bench.listener.lines).toEqual(["end ConnectionRefused", "released"]);
    bench.advanceTo(10_000);
    expect(bench.transports).toHaveLength(4);
  });

  it("leaves a pending TCP connect running and only counts it", () => {
    const bench = new SessionBench("native", { parameters: { connectTimeoutMs: 300, maxConnectAttempts: 4 } });
    bench.advanceTo(900);
    expect(bench.transports).toHaveLength(1);
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(917);
    expect(bench.listener.end?.reason).toBe("ConnectTimeout");
    expect(bench.transport.lines).toEqual(["destroy"]);
  });

  it("fails when the 101 takes more than the connect timeout, with no Close", () => {
    const inTime = new SessionBench("native");
    inTime.transport.reach();
    inTime.advanceTo(999);
    inTime.transport.opens();
    inTime.advanceTo(1100);
    expect(inTime.listener.end).toBeUndefined();
    const late = new SessionBench("native");
    late.transport.reach();
    late.advanceTo(1018);
    expect(late.listener.end).toMatchObject({ reason: "UpgradeTimeout", unityReason: "MaxConnectionAttempts" });
    expect(late.transport.lines).toEqual(["destroy"]);
  });

  it.each(["UpgradeRejected", "NotWebSocket", "TlsError", "ConnectionClosed"] as const)(
    "does not try again after %s behind TCP",
    (reason) => {
      const bench = new SessionBench("native");
      bench.transport.reach();
      bench.transport.fails(reason, 404);
      bench.advanceTo(5000);
      expect(bench.transports).toHaveLength(1);
      expect(bench.listener.lines.at(-1)).toBe("released");
    },
  );

  it.each(["LocalResourceLimit", "HostNotFound"] as const)("does not try again after %s", (reason) => {
    const bench = new SessionBench("native");
    bench.transport.fails(reason);
    expect(bench.listener.lines).toEqual([`end ${reason}`, "released"]);
  });

  it("sends its request in the update that reads the 101, and retries in updates", () => {
    const bench = new SessionBench("native");
    bench.transport.reach();
    bench.advanceTo(20);
    bench.transport.opens();
    bench.advanceTo(2100);
    expect(bench.timed.filter((line) => line.includes("binary"))).toEqual(
      [33, 1050, 2067].map((ms) => `${ms} ${REQUEST_LINE}`),
    );
  });

  it("sends one request less than its attempts: 59, then Close 1000 an update later, no Disconnect", () => {
    const bench = SessionBench.requesting("native");
    bench.advanceTo(61_000);
    const { lines } = bench.transport;
    expect(lines.filter((line) => line === REQUEST_LINE)).toHaveLength(59);
    expect(lines).not.toContain(DISCONNECT_LINE);
    expect(lines.filter((line) => line.startsWith("close"))).toEqual(["close 1000"]);
    const closeMs = bench.transport.sent.find(({ line }) => line === "close 1000")!.atMs;
    expect(Math.round(closeMs - bench.listener.endMs!)).toBe(17);
    expect(bench.listener.end?.reason).toBe("UtpAcceptTimeout");
  });

  it("counts the attempts that TCP has used up against its requests", () => {
    const bench = new SessionBench("native", { parameters: { connectTimeoutMs: 100, maxConnectAttempts: 6 } });
    bench.advanceTo(250);
    bench.transport.reach();
    bench.transport.opens();
    bench.advanceTo(2000);
    expect(bench.transport.lines.filter((line) => line === REQUEST_LINE)).toHaveLength(3);
  });
});

describe("a native client before the Accept", () => {
  it.each([
    ["Data", DATA, []],
    ["Data of 9 bytes", bytes("01 T"), []],
    ["Heartbeat", HEARTBEAT, []],
    ["MtuAck", bytes("05 T 02 00 78 05"), []],
    ["an unknown type", bytes("09 T"), []],
    ["MtuCheck", bytes("04 T E7 03 00"), ["117 binary 05112233445566778802000004"]],
  ])("disconnects itself without an event on %s", (_name, early, answers) => {
    const bench = SessionBench.requesting("native").advanceTo(100.5);
    bench.transport.sent.length = 0;
    bench.transport.receive(early, ACCEPT);
    bench.advanceTo(400);
    expect(bench.timed).toEqual([...answers, `133 ${DISCONNECT_LINE}`, "167 close 1000"]);
    expect(bench.listener.end).toMatchObject({
      reason: "ProtocolViolation",
      unityReason: "Default",
      wasConnected: false,
    });
    expect(bench.listener.lines).not.toContain("connected");
  });

  it.each([
    ["a short packet", bytes("01 02")],
    ["a foreign token", bytes("03 A1 A2 A3 A4 A5 A6 A7 A8")],
    ["another version", bytes("55 54 50 02 02 T")],
  ])("drops %s and keeps waiting", (_name, packet) => {
    const bench = SessionBench.requesting("native");
    bench.transport.receive(packet);
    bench.advanceTo(200);
    bench.transport.receive(ACCEPT);
    bench.advanceTo(250);
    expect(bench.listener.lines.at(-1)).toBe("connected");
  });
});

describe("a connected native client", () => {
  it("reads and answers in its updates, pongs behind binary messages", () => {
    const bench = SessionBench.connected("native").advanceTo(101);
    bench.listener.whenMessage = (payload) => bench.session.send(0, payload);
    bench.transport.receive({ ping: bytes("07") }, DATA);
    bench.transport.receive(DATA);
    expect(bench.listener.lines).toEqual([]);
    bench.advanceTo(117);
    const echo = "117 binary 011122334455667788002a";
    expect(bench.timed).toEqual([echo, echo, "117 pong 07"]);
    expect(new Set(bench.transport.sent.map(({ write }) => write)).size).toBe(1);
    // Two reads, one update: the application sees them at one moment.
    expect(new Set(bench.listener.batches).size).toBe(1);
  });

  it("holds what the application sends between updates for the next one", () => {
    const bench = SessionBench.connected("native").advanceTo(105);
    const payload = Buffer.of(0x2a);
    expect(bench.session.send(0, payload)).toBe(true);
    payload[0] = 0xff;
    expect(bench.transport.lines).toEqual([]);
    bench.advanceTo(117);
    expect(bench.timed).toEqual(["117 binary 011122334455667788002a"]);
    expect(() => bench.session.send(0, new Uint8Array(1377))).toThrow(/at most 1376 bytes, got 1377/);
  });

  it("counts a held message that the end has overtaken", () => {
    const bench = SessionBench.connected("native").advanceTo(105);
    bench.session.send(0, bytes("2A"));
    bench.transport.receive({ close: 1001 });
    bench.advanceTo(117);
    expect(bench.listener.lines).toEqual(["end WebSocketClose:1001", "drop afterClose"]);
  });

  it("sends heartbeats 501 to 517 ms apart", () => {
    const bench = SessionBench.connected("native", { parameters: { disconnectTimeoutMs: 0 } });
    bench.advanceTo(3000);
    const beats = bench.transport.sent.filter(({ line }) => line === HEARTBEAT_LINE).map(({ atMs }) => atMs);
    expect(beats.length).toBeGreaterThanOrEqual(5);
    for (const [index, atMs] of beats.slice(1).entries()) {
      expect(atMs - beats[index]!).toBeGreaterThanOrEqual(501);
      expect(atMs - beats[index]!).toBeLessThanOrEqual(517.1);
    }
  });

  it("compares whole milliseconds, as Unity does", () => {
    // From update 20 at 2000.8 ms to update 25 at 2501.0 are 500.2 ms, but 2501 - 2000 is more than 500.
    const bench = new SessionBench("native", { updateHz: 1000 / 100.04 }).advanceTo(1500);
    bench.transport.reach();
    bench.advanceTo(1950);
    bench.transport.opens();
    bench.advanceTo(2050);
    bench.transport.receive(ACCEPT);
    bench.advanceTo(2450);
    bench.transport.receive(HEARTBEAT);
    bench.advanceTo(2600);
    expect(bench.timed).toEqual([`2001 ${REQUEST_LINE}`, `2501 ${HEARTBEAT_LINE}`]);
  });

  it("times out in the first update after 30,000 ms", () => {
    const bench = SessionBench.connected("native");
    bench.advanceTo(29_999);
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(30_100);
    expect(bench.listener.end).toMatchObject({ reason: "Silence", unityReason: "Timeout" });
    const [disconnect, close] = bench.transport.sent.slice(-2);
    expect([disconnect!.line, close!.line]).toEqual([DISCONNECT_LINE, "close 1000"]);
    expect(Math.round(close!.atMs - disconnect!.atMs)).toBe(33);
  });

  it("does not wake up while nothing is due", () => {
    const bench = SessionBench.connected("native", { parameters: { heartbeatTimeoutMs: 0 } });
    bench.transport.receive(DATA);
    bench.advanceTo(100);
    expect(bench.session.dueMs).toBeGreaterThan(30_000);
  });
});

import { describe, expect, it } from "vitest";
import { bytes } from "../../support/bytes.js";
import { ACCEPT, DATA, DISCONNECT_LINE, HEARTBEAT, REQUEST_LINE, SessionBench } from "../../support/session-bench.js";

describe("a browser client connects", () => {
  it("has one budget until the socket is open: connect timeout times attempts", () => {
    const bench = new SessionBench("webgl");
    bench.transport.reach();
    bench.advanceTo(59_999);
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(60_001);
    expect(bench.listener.end).toMatchObject({ reason: "UpgradeTimeout", unityReason: "MaxConnectionAttempts" });
    expect(bench.transports).toHaveLength(1);
  });

  it.each(["ConnectionRefused", "UpgradeRejected", "NotWebSocket", "TlsError"] as const)(
    "fails at once on %s, and sees no reason",
    (reason) => {
      const bench = new SessionBench("webgl");
      bench.transport.fails(reason, 404);
      expect(bench.listener.end).toMatchObject({ unityReason: "MaxConnectionAttempts", wasConnected: false });
      expect(bench.listener.isReleased).toBe(true);
    },
  );

  it("waits for a late 101, then sends one request less for each second that has passed", () => {
    const bench = new SessionBench("webgl", { parameters: { maxConnectAttempts: 6 } });
    bench.transport.reach();
    bench.advanceTo(2500);
    bench.transport.opens();
    bench.advanceTo(20_000);
    expect(bench.transport.lines.filter((line) => line === REQUEST_LINE)).toHaveLength(3);
    expect(bench.listener.end?.reason).toBe("UtpAcceptTimeout");
    expect(bench.transport.lines).toContain("close");
  });

  it("disconnects itself on an early message, as the native one does", () => {
    const bench = SessionBench.requesting("webgl").advanceTo(100.5);
    bench.transport.sent.length = 0;
    bench.transport.receive(HEARTBEAT);
    bench.advanceTo(400);
    expect(bench.timed).toEqual([`133 ${DISCONNECT_LINE}`, "167 close"]);
  });
});

describe("a connected browser client", () => {
  it("lets messages of any size come, for it drops the large ones itself", () => {
    expect(new SessionBench("webgl").transport.target!.maxMessageBytes).toBeGreaterThan(1_000_000);
  });

  it.each([
    ["oversized", new Uint8Array(1401)],
    ["empty", new Uint8Array(0)],
  ])("drops an %s message, and reads on in the next update only", (why, odd) => {
    const bench = SessionBench.connected("webgl").advanceTo(101);
    bench.transport.receive(DATA, odd, DATA);
    bench.advanceTo(117);
    expect(bench.listener.lines).toEqual(["message 0 2a", `drop ${why}`]);
    bench.advanceTo(134);
    expect(bench.listener.lines).toEqual(["message 0 2a", `drop ${why}`, "message 0 2a"]);
  });

  it("takes a message of 1400 bytes, which a native one would refuse", () => {
    const bench = SessionBench.connected("webgl");
    const large = new Uint8Array(1400);
    large.set(bytes("01 T 00"));
    bench.transport.receive(large);
    bench.advanceTo(100);
    expect(bench.listener.lines[0]).toMatch(/^message 0 (00){1390}$/);
  });

  it("counts a text message and goes on", () => {
    const bench = SessionBench.connected("webgl");
    bench.transport.receive("text", DATA);
    bench.advanceTo(100);
    expect(bench.listener.lines).toEqual(["drop textMessage", "message 0 2a"]);
  });

  it("has its pings answered by the browser at once, and sends none", () => {
    const bench = SessionBench.connected("webgl").advanceTo(100.5);
    bench.transport.receive({ ping: bytes("07") });
    expect(bench.timed).toEqual(["101 pong 07"]);
    bench.advanceTo(5000);
    expect(bench.transport.lines.filter((line) => line.startsWith("ping"))).toEqual([]);
  });

  it("loses what it has not read when the socket closes, and counts it", () => {
    const bench = SessionBench.connected("webgl").advanceTo(101);
    bench.transport.receive(DATA, DATA, { close: 1000 });
    bench.advanceTo(400);
    expect(bench.listener.lines).toEqual(["drop afterClose", "drop afterClose", "end WebSocketClose:1000"]);
  });

  it("leaves control frames alone where they are the browser's", () => {
    const bench = SessionBench.connected("webgl", { ownsControlFrames: false, pingIntervalMs: 100 });
    bench.transport.receive(ACCEPT);
    bench.advanceTo(3000);
    expect(bench.transport.lines.filter((line) => line.startsWith("p"))).toEqual([]);
  });
});

// The rows of the protocol page's section 15 that speak of closing, for each kind of client.
import { describe, expect, it } from "vitest";
import { bytes } from "../../support/bytes.js";
import { ACCEPT, DATA, DISCONNECT, DISCONNECT_LINE, HEARTBEAT, SessionBench } from "../../support/session-bench.js";

/** What is sent from `atMs` on; heartbeats and pings have tests of their own. */
function closingOf(bench: SessionBench): string[] {
  return bench.timed.filter((line) => !/ (ping|binary 03)/.test(line));
}

describe("a client leaves", () => {
  it("patient: Disconnect and Close 1000 in one write, at once", () => {
    const bench = SessionBench.connected("patient").advanceTo(100);
    bench.session.close();
    expect(closingOf(bench)).toEqual([`100 ${DISCONNECT_LINE}`, "100 close 1000"]);
    expect(new Set(bench.transport.sent.map(({ write }) => write)).size).toBe(1);
    expect(bench.listener.end).toMatchObject({ reason: "ClosedByClient", unityReason: "Default", wasConnected: true });
  });

  it.each([
    ["native", "close 1000"],
    ["webgl", "close"],
  ] as const)("%s: Disconnect in the next update, %s two updates later", (kind, close) => {
    const bench = SessionBench.connected(kind).advanceTo(101);
    bench.session.close();
    expect(bench.listener.end).toBeUndefined();
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual([`117 ${DISCONNECT_LINE}`, `150 ${close}`]);
    expect(bench.listener.lines).toEqual(["end ClosedByClient"]);
  });

  it.each(["native", "webgl"] as const)("%s: what was sent before leaves before the Disconnect", (kind) => {
    const bench = SessionBench.connected(kind).advanceTo(101);
    bench.session.send(0, bytes("2A"));
    bench.session.close();
    expect(bench.session.send(0, bytes("2B"))).toBe(false);
    bench.advanceTo(118);
    expect(closingOf(bench)).toEqual(["117 binary 011122334455667788002a", `117 ${DISCONNECT_LINE}`]);
  });

  it.each(["patient", "native", "webgl"] as const)("%s: gets no more messages after it asked for the end", (kind) => {
    const bench = SessionBench.connected(kind).advanceTo(101);
    bench.session.close();
    bench.transport.receive(DATA);
    bench.advanceTo(400);
    expect(bench.listener.lines.filter((line) => line.startsWith("message"))).toEqual([]);
    expect(bench.listener.lines).toContain("drop afterClose");
  });
});

describe("the server has sent a Disconnect", () => {
  it.each([
    ["patient", "100 close 1000"],
    ["native", "133 close 1000"],
    ["webgl", "133 close"],
  ] as const)("%s: %s, no Disconnect", (kind, close) => {
    const bench = SessionBench.connected(kind).advanceTo(100);
    bench.advanceTo(100.5);
    bench.transport.receive(DISCONNECT);
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual([kind === "patient" ? "101 close 1000" : close]);
    expect(bench.listener.end).toMatchObject({ reason: "ClosedByServer", unityReason: "ClosedByRemote" });
  });
});

describe("the server has sent a Close", () => {
  it.each([
    { kind: "patient", sent: ["101 close 4000", "101 end"] },
    { kind: "native", sent: ["117 close 4000", "150 end"] },
    { kind: "webgl", sent: ["101 close 4000", "101 end"] },
  ] as const)("$kind: $sent", ({ kind, sent }) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive({ close: 4000 });
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual(sent);
    expect(bench.listener.end).toMatchObject({
      reason: "WebSocketClose:4000",
      unityReason: kind === "webgl" ? "ClosedByRemote" : "ProtocolError",
    });
  });

  it.each([
    { kind: "patient", answer: "close 1000" },
    { kind: "native", answer: "close 1000" },
    { kind: "webgl", answer: "close" },
  ] as const)("$kind answers one without a code with $answer", ({ kind, answer }) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive({ close: 1005 });
    bench.advanceTo(400);
    expect(bench.transport.lines.filter((line) => line.startsWith("close"))).toEqual([answer]);
    expect(bench.listener.end?.reason).toBe("WebSocketClose:1005");
  });

  it.each(["patient", "native"] as const)("%s: data in front of it in the same read is delivered", (kind) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive(DATA, { close: 1001 });
    bench.advanceTo(400);
    expect(bench.listener.lines).toEqual(["message 0 2a", "end WebSocketClose:1001"]);
  });

  it.each(["patient", "native"] as const)("%s: a Disconnect in front of it is the reason", (kind) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive(DISCONNECT, { close: 1000 });
    bench.advanceTo(400);
    expect(bench.listener.lines).toEqual(["end ClosedByServer"]);
    expect(bench.transport.lines.filter((line) => line.startsWith("close"))).toEqual(["close 1000"]);
  });

  it("in the read that brought the 101: no request is sent", () => {
    const bench = new SessionBench("patient");
    bench.transport.reach();
    bench.transport.opens({ close: 1013 });
    expect(bench.transport.lines).toEqual(["close 1013", "end"]);
    expect(bench.session.timings.requestMs).toBeUndefined();
    expect(bench.listener.end).toMatchObject({ reason: "WebSocketClose:1013", wasConnected: false });
  });
});

describe("the server breaks the rules", () => {
  it.each([
    { kind: "patient", sent: ["101 close 1009", "101 end"] },
    { kind: "native", sent: ["117 close 1009", "150 end"] },
    { kind: "webgl", sent: ["101 close 1009", "101 end"] },
  ] as const)("$kind: $sent", ({ kind, sent }) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive({ violation: 1009 });
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual(sent);
    expect(bench.listener.end?.reason).toBe("ProtocolViolation");
  });

  it.each([
    { kind: "patient", sent: ["101 close 1003", "101 end"] },
    { kind: "native", sent: ["117 close 1003", "150 end"] },
  ] as const)("$kind, by a text message: $sent", ({ kind, sent }) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive("text");
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual(sent);
    expect(bench.listener.lines).toEqual(["drop textMessage", "end ProtocolViolation"]);
  });
});

describe("after our Close", () => {
  it.each([
    { kind: "patient", endMs: 200 },
    { kind: "native", endMs: 233 },
  ] as const)("$kind: the peer's Close ends the wait", ({ kind, endMs }) => {
    const bench = SessionBench.connected(kind);
    bench.session.close();
    bench.advanceTo(199.5);
    bench.transport.receive({ close: 1000 });
    bench.advanceTo(400);
    expect(closingOf(bench).filter((line) => line.endsWith("end"))).toEqual([`${endMs} end`]);
    expect(bench.listener.isReleased).toBe(false);
    bench.transport.events.onEnded("local", "");
    bench.advanceTo(500);
    expect(bench.listener.lines).toEqual(["end ClosedByClient", "released"]);
  });

  it("data is dropped and counted, pings are not answered, a second Close is not sent", () => {
    const bench = SessionBench.connected("native");
    bench.session.close();
    bench.advanceTo(100);
    bench.transport.sent.length = 0;
    bench.transport.receive(HEARTBEAT, { ping: bytes("01") }, { violation: 1002 });
    bench.advanceTo(400);
    expect(bench.transport.lines).toEqual(["end"]);
    expect(bench.listener.lines).toEqual(["end ClosedByClient", "drop afterClose"]);
  });

  it.each(["patient", "native", "webgl"] as const)("%s waits for the peer's for the disconnect timeout", (kind) => {
    const bench = SessionBench.connected(kind, { parameters: { disconnectTimeoutMs: 3000 } });
    bench.session.close();
    bench.advanceTo(2900);
    expect(bench.listener.isReleased).toBe(false);
    bench.advanceTo(3200);
    expect(bench.transport.lines.at(-1)).toBe("destroy");
    expect(bench.listener.lines).toEqual(["end ClosedByClient", "released"]);
  });

  it("a disconnect timeout of 0 waits for nothing", () => {
    const bench = SessionBench.connected("native", { parameters: { disconnectTimeoutMs: 0 } }).advanceTo(101);
    bench.session.close();
    bench.advanceTo(400);
    expect(closingOf(bench)).toEqual([`117 ${DISCONNECT_LINE}`, "150 close 1000", "183 end"]);
  });

  it("a peer that never ends TCP is left after a second", () => {
    const bench = SessionBench.connected("patient").advanceTo(100);
    bench.transport.receive({ close: 1000 });
    bench.advanceTo(1099);
    expect(bench.listener.isReleased).toBe(false);
    bench.advanceTo(1100);
    expect(closingOf(bench)).toEqual(["100 close 1000", "100 end", "1100 destroy"]);
    expect(bench.listener.isReleased).toBe(true);
  });
});

describe("the socket goes without a Close", () => {
  it.each([
    ["patient", "fin", "ConnectionClosed"],
    ["patient", "reset", "ConnectionReset"],
    ["native", "fin", "ConnectionClosed"],
    ["native", "reset", "ConnectionReset"],
    ["webgl", "fin", "ConnectionClosed"],
    ["webgl", "reset", "ConnectionReset"],
  ] as const)("%s, %s: %s", (kind, how, reason) => {
    const bench = SessionBench.connected(kind).advanceTo(100.5);
    bench.transport.receive(DATA);
    bench.transport.events.onEnded(how, "as the test says");
    bench.advanceTo(400);
    const unityReason = kind === "webgl" ? "ClosedByRemote" : "ProtocolError";
    expect(bench.listener.end).toMatchObject({ reason, unityReason, wasConnected: true, detail: "as the test says" });
    // A browser client loses what it has not read.
    expect(bench.listener.lines[0]).toBe(kind === "webgl" ? "drop afterClose" : "message 0 2a");
    expect(bench.listener.lines.slice(1)).toEqual([`end ${reason}`, "released"]);
  });

  it("before the Accept: a failed attempt", () => {
    const bench = SessionBench.requesting("patient");
    bench.transport.events.onEnded("fin", "");
    bench.transport.receive(ACCEPT);
    expect(bench.listener.end).toMatchObject({ reason: "ConnectionClosed", wasConnected: false });
  });
});

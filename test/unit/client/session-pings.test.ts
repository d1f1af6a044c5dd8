import { describe, expect, it } from "vitest";
import { bytes } from "../../support/bytes.js";
import { HEARTBEAT, SessionBench } from "../../support/session-bench.js";

function pingsOf(bench: SessionBench): { atMs: number; payload: string }[] {
  return bench.transport.sent
    .filter(({ line }) => line.startsWith("ping"))
    .map(({ atMs, line }) => ({ atMs, payload: line.slice("ping ".length) }));
}

describe("Unity's own ping (C-015)", () => {
  it("is sent by a native client after more than 500 ms without a frame, also before the Accept, and once while unanswered", () => {
    const bench = SessionBench.requesting("native");
    bench.advanceTo(10_000);
    const [ping, ...others] = pingsOf(bench);
    expect(others).toEqual([]);
    expect(ping!.payload).toBe("");
    expect(ping!.atMs - 1000).toBeGreaterThan(500);
    expect(ping!.atMs - 1000).toBeLessThan(535);
  });

  it("is sent again once a pong has come and 500 ms have passed without a frame", () => {
    const bench = SessionBench.requesting("native");
    bench.advanceTo(600);
    bench.transport.receive({ pong: bytes("") });
    bench.advanceTo(1100);
    expect(pingsOf(bench)).toHaveLength(1);
    bench.advanceTo(1150);
    expect(pingsOf(bench)).toHaveLength(2);
  });

  it("is not sent while frames come at least every 500 ms", () => {
    const bench = SessionBench.connected("native");
    for (let ms = 100; ms < 5000; ms += 400) {
      bench.advanceTo(ms);
      bench.transport.receive(HEARTBEAT);
    }
    expect(pingsOf(bench)).toEqual([]);
  });

  it.each(["patient", "webgl"] as const)("is never sent by %s", (kind) => {
    const bench = SessionBench.connected(kind);
    bench.advanceTo(20_000);
    expect(pingsOf(bench)).toEqual([]);
  });

  it("is off with heartbeats off", () => {
    const bench = SessionBench.connected("native", { parameters: { heartbeatTimeoutMs: 0 } });
    bench.advanceTo(20_000);
    expect(bench.transport.lines).toEqual([]);
  });
});

describe("the measuring ping", () => {
  it("is sent every interval, the first after a share of it that the token chooses", () => {
    const token = bytes("7F 02 03 04 05 06 07 08");
    const bench = SessionBench.requesting("patient", { pingIntervalMs: 1000, token });
    for (let ms = 10; ms <= 2600; ms += 10) {
      bench.advanceTo(ms);
      const last = pingsOf(bench).at(-1);
      if (last !== undefined) bench.transport.receive({ pong: bytes(last.payload) });
    }
    expect(pingsOf(bench).map(({ atMs }) => atMs - 1000)).toEqual([500, 1500, 2500]);
    expect(new Set(pingsOf(bench).map(({ payload }) => payload)).size).toBe(3);
    expect(bench.listener.pongRttMs).toHaveLength(3);
  });

  it("measures to the moment of the pong, in a native client too", () => {
    for (const kind of ["patient", "native", "webgl"] as const) {
      const bench = SessionBench.requesting(kind, { pingIntervalMs: 256, parameters: { heartbeatTimeoutMs: 0 } });
      bench.advanceTo(100);
      const [ping] = pingsOf(bench);
      bench.clock.advanceTo(ping!.atMs + 123.5);
      bench.transport.receive({ pong: bytes(ping!.payload) });
      expect(bench.listener.pongRttMs).toEqual([123.5]);
    }
  });

  it("waits while one is unanswered, so that a stall is measured whole", () => {
    const bench = SessionBench.connected("patient", { pingIntervalMs: 256 });
    bench.advanceTo(3000);
    const [ping, ...others] = pingsOf(bench);
    expect(others).toEqual([]);
    bench.transport.receive({ pong: bytes(ping!.payload) });
    expect(bench.listener.pongRttMs[0]).toBeCloseTo(4000 - ping!.atMs);
  });

  it("is not told of once the session has ended", () => {
    const bench = SessionBench.connected("patient", { pingIntervalMs: 256 }).advanceTo(50);
    bench.session.close();
    bench.transport.receive({ pong: bytes(pingsOf(bench)[0]!.payload) });
    expect(bench.listener.pongRttMs).toEqual([]);
  });

  it("ignores a pong that answers nothing", () => {
    const bench = SessionBench.connected("patient", { pingIntervalMs: 256 });
    bench.advanceTo(50);
    const { payload } = pingsOf(bench)[0]!;
    const other = bytes(payload).map((byte, i) => (i === 7 ? byte + 1 : byte));
    bench.transport.receive({ pong: bytes("") }, { pong: other }, { pong: bytes(`${payload}00`) });
    expect(bench.listener.pongRttMs).toEqual([]);
    bench.transport.receive({ pong: bytes(payload) }, { pong: bytes(payload) });
    expect(bench.listener.pongRttMs).toHaveLength(1);
  });
});

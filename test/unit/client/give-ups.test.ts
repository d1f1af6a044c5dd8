// What a patient client says that Unity's own two clients would not have waited for.
import { describe, expect, it } from "vitest";
import { ACCEPT, HEARTBEAT, SessionBench } from "../../support/session-bench.js";

/** Moments of one attempt, ms after the connect call; undefined: never. */
interface Attempt {
  readonly tcpMs?: number;
  readonly openMs?: number;
  readonly acceptMs?: number;
  /** The session is dropped then. */
  readonly dropMs?: number;
}

function giveUpsOf({ tcpMs, openMs, acceptMs, dropMs }: Attempt): string[] {
  const bench = new SessionBench("patient", { connectBudgetMs: 200_000, parameters: { maxConnectAttempts: 10 } });
  if (tcpMs !== undefined) {
    bench.advanceTo(tcpMs);
    bench.transport.reach();
  }
  if (openMs !== undefined) {
    bench.advanceTo(openMs);
    bench.transport.opens();
  }
  if (acceptMs !== undefined) {
    bench.advanceTo(acceptMs);
    bench.transport.receive(ACCEPT);
  }
  if (dropMs !== undefined) {
    bench.advanceTo(dropMs);
    bench.session.destroy("Cancelled");
  }
  return bench.listener.lines.filter((line) => line.startsWith("gaveUp")).map((line) => line.slice("gaveUp ".length));
}

describe("a patient client notes what others would have given up on", () => {
  it.each<{ name: string; attempt: Attempt; gaveUp: string[] }>([
    { name: "all in time", attempt: { tcpMs: 5, openMs: 1005, acceptMs: 2000 }, gaveUp: [] },
    {
      name: "a 101 after 1001 ms",
      attempt: { tcpMs: 5, openMs: 1006, acceptMs: 1007 },
      gaveUp: ["native UpgradeTimeout"],
    },
    { name: "no 101, dropped late", attempt: { tcpMs: 5, dropMs: 5000 }, gaveUp: ["native UpgradeTimeout"] },
    { name: "no 101, dropped early", attempt: { tcpMs: 5, dropMs: 1005 }, gaveUp: [] },
    { name: "TCP after all attempts but one", attempt: { tcpMs: 9000, openMs: 9001, acceptMs: 9002 }, gaveUp: [] },
    {
      name: "TCP after that",
      attempt: { tcpMs: 9001, openMs: 9002, acceptMs: 9003 },
      gaveUp: ["native ConnectTimeout"],
    },
    {
      name: "a 101 after a browser's whole budget",
      attempt: { tcpMs: 5, openMs: 10_000, acceptMs: 10_001 },
      gaveUp: ["native UpgradeTimeout", "webgl UpgradeTimeout"],
    },
    {
      name: "no TCP in a browser's whole budget",
      attempt: { dropMs: 10_000 },
      gaveUp: ["native ConnectTimeout", "webgl ConnectTimeout"],
    },
    {
      name: "the last request that a native client sends",
      attempt: { tcpMs: 0, openMs: 0, acceptMs: 9008 },
      gaveUp: [],
    },
    {
      name: "one request more",
      attempt: { tcpMs: 0, openMs: 0, acceptMs: 9010 },
      gaveUp: ["native UtpAcceptTimeout", "webgl UtpAcceptTimeout"],
    },
  ])("$name", ({ attempt, gaveUp }) => {
    expect(giveUpsOf(attempt)).toEqual(gaveUp);
  });

  it("each kind once, for the first cause", () => {
    const bench = new SessionBench("patient");
    bench.transport.reach();
    bench.advanceTo(1500);
    bench.transport.opens();
    bench.transport.receive(HEARTBEAT, HEARTBEAT);
    bench.transport.receive(ACCEPT);
    bench.transport.receive(HEARTBEAT);
    expect(bench.listener.lines.filter((line) => line.startsWith("gaveUp"))).toEqual([
      "gaveUp native UpgradeTimeout",
      "gaveUp webgl ProtocolViolation",
    ]);
  });

  it.each(["native", "webgl"] as const)("%s itself notes nothing", (kind) => {
    const bench = SessionBench.requesting(kind);
    bench.transport.receive(HEARTBEAT);
    bench.advanceTo(5000);
    expect(bench.listener.lines.filter((line) => line.startsWith("gaveUp"))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { SessionEnd, SessionTimings } from "../../../src/client/session-types.js";
import type { Reason } from "../../../src/protocol/disconnect-reason.js";
import { LifeStory } from "../../../src/virtual-user/life-story.js";

const ORIGIN_MS = 5000;

function timings(startMs: number, changes: Partial<SessionTimings> = {}): SessionTimings {
  const none = { tcpMs: undefined, tlsMs: undefined, upgradeSentMs: undefined, openMs: undefined };
  return { startMs, ...none, requestMs: undefined, acceptMs: undefined, ...changes };
}

function end(reason: Reason): SessionEnd {
  return { reason, unityReason: "Default", wasConnected: false, detail: `seen: ${reason}` };
}

describe("LifeStory", () => {
  it("keeps the first failure step by step, whatever comes after it", () => {
    const story = new LifeStory();
    story.attempted(timings(5100), 5100);
    story.ended(end("ClosedByClient"), 5200);
    const second = timings(5300, { tcpMs: 5301, openMs: 5310 });
    story.attempted(second, 5300);
    story.ended(end("UtpAcceptTimeout"), 6300);
    second.acceptMs = 9999;
    story.attempted(timings(7000), 7000);
    story.ended(end("Silence"), 8000);
    const outcome = story.outcome(3, ORIGIN_MS, undefined);
    expect(outcome).toMatchObject({ number: 3, startedMs: 100, endedMs: 3000, endReason: "Silence" });
    expect(outcome?.firstFailure).toEqual({
      attempt: 2,
      startedMs: 300,
      tcpMs: 301,
      tlsMs: undefined,
      upgradeMs: 310,
      requestMs: undefined,
      acceptMs: undefined,
      endedMs: 1300,
      reason: "UtpAcceptTimeout",
      detail: "seen: UtpAcceptTimeout",
    });
  });

  it.each<Reason>(["ClosedByClient", "Cancelled"])("has no failure where the end was wanted: %s", (reason) => {
    const story = new LifeStory();
    story.attempted(timings(5100), 5100);
    story.ended(end(reason), 5200);
    expect(story.outcome(0, ORIGIN_MS, undefined)).not.toHaveProperty("firstFailure");
  });

  it("tells of an attempt that never got a socket", () => {
    const story = new LifeStory();
    story.attempted(undefined, 5100);
    story.ended(end("ScriptError"), 5100);
    expect(story.outcome(0, ORIGIN_MS, undefined)?.firstFailure).toMatchObject({
      startedMs: 100,
      tcpMs: undefined,
      attempt: 1,
    });
  });
});

import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isLive, Progress } from "../../../src/report/progress.js";
import { liveLine, type ProgressState, plainLine } from "../../../src/report/progress-line.js";
import { intervalOf, PROFILE, snapshotOf } from "../result/sample-run.js";

class Screen extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const second = (index: number, phase: "ramp" | "hold" | "stopping" = "hold") => {
  const sums = {
    messages_received: 1990,
    disconnects: 3,
    "disconnects{reason:ClosedByClient}": 1,
    connect_failed_attempts: 1,
  };
  return intervalOf(index, snapshotOf(sums, { rtt: [5, 5, 40] }, 98), phase);
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Progress without a terminal", () => {
  it("writes a plain line at once, at a new phase and every 5 s, and no control character", () => {
    const screen = new Screen(false);
    const progress = new Progress({ profile: PROFILE, stream: screen, isLive: false });
    for (let index = 0; index < 12; index++) progress.onInterval(second(index, index === 0 ? "ramp" : "hold"));
    progress.stop();
    const lines = screen.text.trim().split("\n");
    expect(lines.map((line) => line.split(":")[0])).toEqual(["1 s ramp", "2 s hold", "7 s hold", "12 s hold"]);
    expect(lines[0]).toBe("1 s ramp: 98 of 100 connected, 1,990 msg/s, rtt p50 5.00 ms p99 40.0 ms, 2 lost, 1 failed");
    expect(lines[3]).toMatch(/24 lost, 12 failed$/);
    expect(screen.text).not.toMatch(/[^\n\P{Cc}]/u);
  });
});

describe("Progress on a terminal", () => {
  it("draws one line over itself, narrower than the terminal, and takes it away", () => {
    const screen = new Screen(true);
    const progress = new Progress({ profile: PROFILE, stream: screen, isLive: true });
    expect(screen.text).toContain("starting ");
    for (let index = 0; index < 3; index++) {
      progress.onInterval(second(index));
      vi.advanceTimersByTime(1000);
    }
    expect(screen.text).toContain("hold     [==---]  30% 98/100 up, 1,990 msg/s, rtt 5.00/40.0 ms, 6 lost 3 failed");
    expect(screen.text).not.toContain("\n");
    progress.stop();
    progress.stop();
    progress.onInterval(second(3));
    expect(screen.text.endsWith("\u001b[1G\u001b[2K"), JSON.stringify(screen.text.slice(-30))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    // Wrapping and the cursor's look are the terminal's own business.
    expect(screen.text).not.toContain("\u001b[?");
  });

  it("writes a log line above the live line", () => {
    const screen = new Screen(true);
    const progress = new Progress({ profile: PROFILE, stream: screen, isLive: true });
    progress.log("the server ended");
    const [, behind = ""] = screen.text.split("\u001b[2Kthe server ended\n");
    expect(behind).toMatch(/^.7.*starting/s);
    progress.stop();
    progress.log("done");
    expect(screen.text.endsWith("done\n")).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("liveLine()", () => {
  const huge: ProgressState = {
    phase: "stopping",
    elapsedMs: 1e9,
    connected: 100_000,
    planned: 100_000,
    receivedPerSecond: 9_999_999,
    rttP50Ms: 123_456,
    rttP99Ms: 3_600_000,
    lost: 100_000,
    failed: 100_000,
  };
  it.each([0, 1, 20, 40, 79, 80, 119])("fits into %d columns", (columns) => {
    for (const progress of [0, 0.5, 1, 7])
      expect(liveLine(huge, progress, columns).length).toBeLessThanOrEqual(columns);
  });

  it("drops the bar before the numbers", () => {
    expect(liveLine(huge, 1, 200)).toMatch(/\[={16}\] 100% /);
    expect(liveLine(huge, 1, 94)).not.toMatch(/\[/);
    expect(liveLine({ ...huge, rttP50Ms: null, rttP99Ms: null }, 1, 200)).toContain("rtt -/- ms");
    expect(plainLine({ ...huge, rttP50Ms: null })).toContain("rtt p50 - ms");
  });
});

describe("isLive()", () => {
  const tty = { isTTY: true };
  it.each([
    [{}, tty, tty, true],
    [{ NO_COLOR: "" }, tty, tty, true],
    [{ NO_COLOR: "1" }, tty, tty, false],
    [{ CI: "true" }, tty, tty, false],
    [{ TERM: "dumb" }, tty, tty, false],
    [{}, {}, tty, false],
    [{}, tty, {}, false],
  ])("%j", (env, stdout, stderr, expected) => {
    expect(isLive(env, stdout, stderr)).toBe(expected);
  });
});

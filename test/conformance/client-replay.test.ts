// Captures of Unity's native client, replayed: the server's bytes and the scenario's steps go in at their times, and what our `native`
// client emits is compared in order, UTP messages byte for byte. Free is the number and place of heartbeats and pings, and of reliable
// packets the byte behind an ack, which has no defined value, and the processing time up to TIME_SLACK_UPDATES, as it is the client's own
// time between updates. Where a simulator stood behind Unity's client, what it lost and mixed up within an update is free too.
import { describe, expect, it } from "vitest";
import { bytes } from "../support/bytes.js";
import { MemorySocket } from "../support/memory-socket.js";
import { RecordingListener } from "../support/recording-listener.js";
import { virtualScheduler } from "../support/virtual-clock.js";
import { periodMs, SIMULATED } from "./client-captures.js";
import { framesIn, updatesOf } from "./client-lines.js";
import { newSession, ORIGIN_MS, replay, textOf } from "./client-replay.js";
import { ABSENT, type Capture, clientSideCaptures, goldenFolder, loadCapture } from "./golden.js";

const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

/** How far our client may be from Unity's in time, ms: phases differ, and it ran on a busy machine. */
const SLACK_MS = 40;
/** The same of a processing time: an update more or less, as their phases differ, and one that came late. */
const TIME_SLACK_UPDATES = 2;

describe.skipIf(isAbsent)("Unity's native client, replayed", () => {
  const { replayed } = clientSideCaptures();
  it.each(replayed.filter((name) => name !== "client_refused" && !SIMULATED.includes(name)))("%s", (name) => {
    const capture = loadCapture(name);
    const run = replay(capture);
    expect(run.request.replace(/Key: \S+/, "Key: K")).toBe(textOf(capture, "c2s").replace(/Key: \S+/, "Key: K"));
    expect(run.frames.map(({ line }) => line)).toEqual(framesIn(capture).map(({ line }) => line));
    for (const [index, { atMs, processingTimeMs = 0 }] of framesIn(capture).entries()) {
      const ours = run.frames[index]!;
      expect(Math.abs(ours.atMs - atMs)).toBeLessThanOrEqual(SLACK_MS);
      const differenceMs = Math.abs((ours.processingTimeMs ?? 0) - processingTimeMs);
      expect(differenceMs).toBeLessThanOrEqual(TIME_SLACK_UPDATES * periodMs(name));
    }
    expect(run.events).toEqual(apiEvents(capture));
    const endMs = capture.events.find((event) => event.kind === "tcp" && event.dir === "c2s")!.t_ms;
    expect(Math.abs(run.finMs! - endMs)).toBeLessThanOrEqual(SLACK_MS);
  });

  it.each(replayed.filter((name) => SIMULATED.includes(name)))("%s, of which a simulator lost a part", (name) => {
    const capture = loadCapture(name);
    const run = replay(capture);
    const ours = updatesOf(run.frames);
    let lost = 0;
    for (const lines of updatesOf(framesIn(capture))) {
      let update = ours.shift();
      // The simulator may have lost all that an update sent.
      for (; update !== undefined && !lines.every((line) => update!.includes(line)); update = ours.shift()) {
        lost += update.length;
      }
      expect(update, `an update of ours that holds ${lines.length} lines such as ${lines[0]}`).toBeDefined();
      lost += update!.length - lines.length;
    }
    expect(ours).toEqual([]);
    expect(lost).toBeGreaterThan(0);
    expect(lost / run.frames.length).toBeLessThan(0.2);
    expect(run.events).toEqual(apiEvents(capture));
  });

  it("client_refused, which holds no bytes but the time of the end", () => {
    const [, ms, reason] = /^(\d+) ms: Disconnect (\w+)$/.exec(loadCapture("client_refused").clientEvents[0]!)!;
    const { clock, queue } = virtualScheduler(ORIGIN_MS);
    const listener = new RecordingListener();
    let attempts = 0;
    const session = newSession("client_refused", queue, listener, bytes("T"), () => {
      attempts++;
      const socket = new MemorySocket(clock);
      clock.at(clock.nowMs(), () => socket.fail("ECONNREFUSED"));
      return socket;
    });
    session.connect({ url: "ws://127.0.0.1:7777/", maxMessageBytes: 1386 });
    clock.advanceBy(2000);
    expect(attempts).toBe(4);
    expect(listener.end).toMatchObject({ reason: "ConnectionRefused", unityReason: reason, wasConnected: false });
    expect(Math.abs(listener.endMs! - ORIGIN_MS - Number(ms))).toBeLessThanOrEqual(SLACK_MS);
  });
});

/** What Unity's API reported; the scenarios' own counts of sends stand among it. */
function apiEvents(capture: Capture): string[] {
  return capture.clientEvents.filter((event) => !event.startsWith("sent "));
}

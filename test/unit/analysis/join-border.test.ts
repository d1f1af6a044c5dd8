import { describe, expect, it } from "vitest";
import { joinBorderOf } from "../../../src/analysis/join-border.js";
import type { ClientOutcome } from "../../../src/metrics/client-outcome.js";
import { clients, queued, served, unanswered, without101 } from "./sample-clients.js";

const withoutAccept = (number: number): ClientOutcome => without101(number, { upgradeMs: number + 12 });

describe("joinBorderOf() finds the border", () => {
  it.each([
    [
      "300 quiet clients on a queue of 512",
      [...clients(256, (n) => served(n, { sent: 0, answered: 0 })), ...clients(44, without101, 256)],
      { servedBefore: 256, behind: 44, withoutUpgrade: 44, withoutAccept: 0, withoutAnswer: 0 },
    ],
    [
      "70 busy clients on a queue of 128",
      [...clients(38, served), ...clients(25, unanswered, 38), withoutAccept(63), ...clients(6, without101, 64)],
      { servedBefore: 38, behind: 32, withoutUpgrade: 6, withoutAccept: 1, withoutAnswer: 25 },
    ],
    [
      "a border that is not quite sharp",
      [...clients(100, served), unanswered(100), served(101), ...clients(60, unanswered, 102)],
      { servedBefore: 100, behind: 61 },
    ],
    [
      "clients told in another order",
      [...clients(44, without101, 256), ...clients(256, served)].reverse(),
      { servedBefore: 256, behind: 44 },
    ],
  ])("%s", (_what, outcomes, border) => {
    expect(joinBorderOf(outcomes)).toMatchObject(border);
  });
});

describe("joinBorderOf() finds none where", () => {
  const refused = (number: number): ClientOutcome => without101(number, { endReason: "ClosedByServer" });
  const late = (number: number): ClientOutcome => without101(number, { endedMs: 10_000, startedMs: 10 });
  it.each<[string, ClientOutcome[]]>([
    ["all are served", clients(100, served)],
    ["none is", clients(100, without101)],
    ["the server does not echo", clients(100, unanswered)],
    ["the late ones were refused", [...clients(64, served), ...clients(36, refused, 64)]],
    ["every second one is unanswered", clients(100, (n) => (n % 2 === 0 ? served(n) : unanswered(n)))],
    ["the early ones are the unanswered", [...clients(50, unanswered), ...clients(50, served, 50)]],
    ["only two are behind it", [...clients(98, served), ...clients(2, without101, 98)]],
    ["the run ended while one a tick still came in", [...queued(590, 60), ...clients(400, late, 590)]],
    [
      "the run ended before the last ones had their Accept",
      [...clients(60, served), ...clients(5, (n) => without101(n, { upgradeMs: 9500 + n }), 60)],
    ],
    ["nobody was there", []],
  ])("%s", (_what, outcomes) => {
    expect(joinBorderOf(outcomes)).toBeUndefined();
  });
});

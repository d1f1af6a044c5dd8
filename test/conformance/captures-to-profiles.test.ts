// Each capture in which a WebSocket client got in becomes a profile that the real parser takes; the others are refused, with the reason.
import { describe, expect, it } from "vitest";
import { resolveRun } from "../../src/cli/resolve-run.js";
import type { Step } from "../../src/profile/scenario.js";
import { type PipelinesDescription, pipelineSettings } from "../../src/protocol/pipelines/pipeline-settings.js";
import { captureRecordings } from "../../src/record/capture.js";
import { profileText } from "../../src/record/profile-text.js";
import { machineWith } from "../unit/cli/machine.js";
import { ABSENT, captureNames, captureText, goldenFolder, loadCapture } from "./golden.js";

const FRAGMENTATION = { stage: "fragmentation", payloadCapacityBytes: 6148 } as const;
const reliable = (window: number) => ({ stage: "reliableSequenced", window, maximumResendMs: 500 }) as const;
/** What both ends of the captures create, and the two that differ. */
const pipelinesWith = (window: number): PipelinesDescription => [
  [FRAGMENTATION],
  [FRAGMENTATION, { stage: "unreliableSequenced" }],
  [reliable(window)],
  [FRAGMENTATION, reliable(window)],
];
const WINDOWS: Readonly<Record<string, number>> = { ngo_default_window: 32, reliable_window_256: 256 };
/** What the game said on pipelines: messages by their lengths. */
const SAID: Readonly<Record<string, readonly number[]>> = {
  ngo_pipelines_echo: [20, 20, 5000, 20, 20, 5000, 20, 20, 1000, 20, 20, 5000],
  reliable_100_burst: Array<number>(100).fill(16),
  reliable_40_echo: Array<number>(40).fill(16),
};
/** A Connection Accept. */
const ACCEPT_HEX = /^5554500102/;

const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

/** A client got in: an accept came as a frame, and so behind the 101. */
function getsIn(name: string): boolean {
  const { events } = loadCapture(name);
  return events.some((event) => event.kind === "frame" && event.dir === "s2c" && ACCEPT_HEX.test(event.hex));
}

const names = captureNames();
const pipelinesOf = (name: string): PipelinesDescription => pipelinesWith(WINDOWS[name] ?? 64);

describe.skipIf(isAbsent)("captures as profiles", () => {
  const played = names.filter(getsIn);
  const others = names.filter((name) => !getsIn(name));

  it("are most of them", () => {
    console.log(
      `captures: ${played.length} of ${names.length} become profiles; no client got in in ${others.join(", ")}`,
    );
    expect(played.length).toBeGreaterThan(30);
  });

  it.each(played)("%s can be run", (name) => {
    const pipelines = pipelinesOf(name);
    const recordings = captureRecordings(captureText(name), name, pipelines);
    const text = profileText(recordings, { words: "a test", target: "embedded", pipelines, fileName: "load.yaml" });
    const { profile } = resolveRun(
      { argument: "load.yaml", flags: {}, environment: {} },
      machineWith({ "load.yaml": text }),
    ).run;
    expect(pipelineSettings(profile.pipelines!)).toEqual(pipelineSettings(pipelines));
    const sent = profile.scenarios!.flatMap(({ steps }) => steps.flatMap(hexOf));
    if (SAID[name] !== undefined) expect(sent.map((hex) => hex.length / 2)).toEqual(SAID[name]);
  });

  it.each(others)("%s is refused: no client got in", (name) => {
    expect(() => captureRecordings(captureText(name), name, "ngo")).toThrow("a WebSocket client that got in");
  });

  it("have nothing on their pipelines that is not read", () => {
    const known = played.filter((name) => name !== "bad_pipeline_id");
    const unread = known.flatMap((name) =>
      captureRecordings(captureText(name), name, pipelinesOf(name)).map(({ unread: counts }) => {
        return { name, unusable: counts.unusable, outOfWindow: counts.outOfWindow, unknown: counts.unknownPipeline };
      }),
    );
    expect(unread.filter(({ unusable, outOfWindow, unknown }) => unusable + outOfWindow + unknown > 0)).toEqual([]);
  });
});

function hexOf(step: Step): string[] {
  if (step.do !== "send" || step.payload.kind !== "fields") return [];
  const [field] = step.payload.fields;
  return field?.type === "bytes" ? [field.hex] : [];
}

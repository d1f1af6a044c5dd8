// A recording becomes a profile: read back by the real parser and compiler, it sends the same bytes on the same pipelines at the same times.
import { describe, expect, it } from "vitest";
import type { Scenario, Step } from "../../../src/profile/scenario.js";
import type { PipelinesDescription } from "../../../src/protocol/pipelines/pipeline-settings.js";
import { profileText } from "../../../src/record/profile-text.js";
import { noneUnread, type RecordedMessage, type Recording } from "../../../src/record/recording.js";
import { bytes } from "../../support/bytes.js";
import { profileOf } from "../cli/scenario-profile.js";

const said = (
  atMs: number,
  pipelineId: number,
  text: string,
  from: "client" | "server" = "client",
): RecordedMessage => ({
  from,
  atMs,
  pipelineId,
  payload: bytes(text),
});

const recordingOf = (parts: Partial<Recording> = {}): Recording => ({
  client: "127.0.0.1:50000",
  path: "/",
  headerNames: [],
  acceptedMs: 20,
  connectPayload: undefined,
  messages: [],
  end: { by: "client", how: "UTP Disconnect", atMs: 2500 },
  largestPacketBytes: 100,
  unread: noneUnread(),
  ...parts,
});

const origin = (pipelines: PipelinesDescription = "ngo", target = "ws://127.0.0.1:7777") => {
  return { words: "0.1.0 in a test", target, pipelines, fileName: "session.yaml" };
};

const textOf = (recordings: Recording[], ...rest: Parameters<typeof origin>): string =>
  profileText(recordings, origin(...rest));

function played(recording: Recording): Scenario {
  return profileOf(textOf([recording])).scenarios![0]!;
}

/** What would be filled in, if it stood there as it is. */
const VARIABLE = ["$", "{HOME}"].join("");

const at = (sinceConnectedMs: number): Step => ({ do: "at", sinceConnectedMs });
const sent = (pipelineId: number, hex: string): Step => {
  return { do: "send", pipelineId, payload: { kind: "fields", fields: [{ type: "bytes", hex }] } };
};

describe("a recording read back", () => {
  it("sends the same bytes on the same pipelines at the same times, and leaves when the game did", () => {
    const messages = [said(0.4, 0, "00"), said(33.6, 3, "0102"), said(1234, 1, "e001"), said(1234, 2, "")];
    const { steps } = played(recordingOf({ messages }));
    expect(steps).toEqual([
      ...[at(0), sent(0, "00"), at(34), sent(3, "0102"), at(1234), sent(1, "e001"), at(1234), sent(2, "")],
      ...[at(2500), { do: "disconnect" }],
    ]);
  });

  it("has the connect payload, target, pipelines and time of the play", () => {
    const connectPayload = bytes("6c 6f 67 69 6e");
    const profile = profileOf(textOf([recordingOf({ connectPayload, path: `/arena?key=${VARIABLE}` })]));
    expect(profile).toMatchObject({ target: `ws://127.0.0.1:7777/arena?key=${VARIABLE}`, pipelines: "ngo" });
    expect(profile.scenarios![0]!.connectPayload).toEqual({
      kind: "fields",
      fields: [{ type: "bytes", hex: "6c6f67696e" }],
    });
    expect(profile.stages.at(-1)).toMatchObject({ durationMs: 8000 });
  });

  it.each([
    ["the server's end", { by: "server", how: "WebSocket Close 1000", atMs: 50 } as const],
    ["nobody's", { by: "nobody", how: "", atMs: 50 } as const],
  ])("stays after %s", (_name, end) => {
    expect(played(recordingOf({ end, messages: [said(1, 0, "01")] })).steps).toEqual([at(1), sent(0, "01")]);
    expect(played(recordingOf({ end })).steps).toEqual([{ do: "wait", time: { kind: "fixed", ms: 0 } }]);
  });

  it("waits for no answer of the server: they are comments", () => {
    const answers = [10, 20, 30, 40].map((atMs) => said(atMs, 3, "aa bb", "server"));
    const recording = recordingOf({ messages: [...answers, said(50, 0, "01"), ...answers.slice(0, 1)] });
    const text = textOf([recording]);
    expect(text).toContain("# 0.01 s: server on reliable, 2 bytes: aabb");
    expect(text).toContain("# and 2 more from the server to 0.04 s, 4 bytes");
    expect(played(recording).steps).toEqual([at(50), sent(0, "01"), at(2500), { do: "disconnect" }]);
  });

  it("has a scenario for each client that got in, and tells of the others", () => {
    const text = textOf([recordingOf(), recordingOf({ acceptedMs: undefined }), recordingOf({ client: "b" })]);
    const profile = profileOf(text);
    expect(profile.scenarios?.map(({ name }) => name)).toEqual(["client-1", "client-2"]);
    expect(text).toContain("# Left out: 1 that connected and never got in.");
    expect(profile.stages.at(-1)).toMatchObject({ target: 2 });
  });

  it("tells what was not decoded, and which headers are not played back", () => {
    const unread = { ...noneUnread(), textMessages: 3, bytes: 40 };
    const text = textOf([recordingOf({ unread, headerNames: ["Cookie", "Origin"] })]);
    expect(text).toContain("# Not decoded: bytes that are no WebSocket 40, text messages 3.\n");
    expect(text).toContain("Cookie, Origin\n");
  });

  it("cannot be broken by what a client sent as a path or header", () => {
    const path = '/a"b\\c#d\u00e9';
    const recording = recordingOf({
      path,
      headerNames: ["X\nclients: 5"],
      end: { by: "server", how: "x\ny", atMs: 1 },
    });
    expect(profileOf(textOf([recording])).target).toBe("ws://127.0.0.1:7777/a%22b%5Cc%23d%C3%A9");
  });

  it.each([
    ["ws://127.0.0.1:1", 1386, undefined],
    ["ws://127.0.0.1:1", 1387, 1401],
    ["ws://127.0.0.1:1", 3000, 1472],
    ["wss://127.0.0.1:1", 1319, 1401],
  ])("allows on %s a packet of %i bytes", (target, largestPacketBytes, maxMessageSize = 1400) => {
    const profile = profileOf(textOf([recordingOf({ largestPacketBytes })], "ngo", target));
    expect(profile.parameters.maxMessageSize).toBe(maxMessageSize);
  });

  it("has the pipelines as they were given", () => {
    const pipelines = [[{ stage: "reliableSequenced", window: 64 }]] as const;
    const profile = profileOf(textOf([recordingOf({ messages: [said(1, 1, "05")] })], pipelines));
    expect(profile.pipelines).toMatchObject([[{ stage: "reliableSequenced", window: 64 }]]);
    expect(profile.scenarios![0]!.steps[1]).toEqual(sent(1, "05"));
  });
});

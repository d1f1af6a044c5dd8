// Captures become recordings; what is none is refused, with the event that is wrong.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { captureRecordings } from "../../../src/record/capture.js";
import { hex } from "../../support/bytes.js";
import { ascii, UPGRADE } from "../../support/wire-bytes.js";
import { unreadOf } from "./overheard-game.js";

const TOKEN_HEX = "1122334455667788";
const http = (dir: string, text: string) => ({ t_ms: 0, conn: 0, dir, kind: "http", hex: hex(ascii(text)) });
const frame = (atMs: number, dir: string, bytesHex: string, parts: object = {}) => {
  return { t_ms: atMs, conn: 0, dir, kind: "frame", fin: true, opcode: 2, hex: bytesHex, ...parts };
};
const JOINED = [
  http("c2s", UPGRADE),
  http("s2c", "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
  frame(5, "c2s", `5554500101${TOKEN_HEX}0100ab`),
  frame(10, "s2c", `5554500102${TOKEN_HEX}`),
];
const read = (events: unknown) => captureRecordings(JSON.stringify({ what: "a test", events }), "x.json", "ngo");

describe("a capture", () => {
  it("becomes a recording of each connection", () => {
    const recordings = read([
      ...JOINED,
      { t_ms: 12, kind: "note", text: "said" },
      frame(30, "c2s", `01${TOKEN_HEX}00`, { fin: false }),
      frame(31, "c2s", "0102", { opcode: 0 }),
      ...JOINED.map((event) => ({ ...event, conn: 1 })),
      frame(40, "s2c", `01${TOKEN_HEX}00ff`),
      { t_ms: 90, conn: 0, dir: "s2c", kind: "tcp", event: "reset" },
    ]);
    expect(recordings.map(({ client, acceptedMs }) => [client, acceptedMs])).toEqual([
      ["connection 0", 10],
      ["connection 1", 10],
    ]);
    const { messages, connectPayload, end } = recordings[0]!;
    expect(hex(connectPayload!)).toBe("ab");
    expect(messages.map(({ from, atMs, payload }) => [from, atMs, hex(payload)])).toEqual([
      ["client", 21, "0102"],
      ["server", 30, "ff"],
    ]);
    expect(end).toEqual({ by: "server", how: "reset", atMs: 80 });
    expect(unreadOf(recordings[0]!)).toEqual({});
  });

  const noCaptures: [text: string, why: string][] = [
    ["hello", "must be JSON"],
    ["[]", "a capture with a list of events"],
    [JSON.stringify({ events: 5 }), "a capture with a list of events"],
    [JSON.stringify({ events: [5] }), "a capture of which event 0 is whole, got 5"],
    [JSON.stringify({ events: [...JOINED, { ...frame(1, "c2s", "0"), hex: "0" }] }), "event 4 is whole"],
    [JSON.stringify({ events: [{ ...JOINED[2], dir: "up" }] }), "event 0 is whole"],
    [JSON.stringify({ events: [{ ...JOINED[2], t_ms: "1" }] }), "event 0 is whole"],
    [JSON.stringify({ events: [{ ...JOINED[2], opcode: undefined }] }), "event 0 is whole"],
    [JSON.stringify({ events: [{ kind: "tcp", t_ms: 0, conn: 0, dir: "c2s" }] }), "event 0 is whole"],
    [JSON.stringify({ events: JOINED.slice(0, 3) }), "a WebSocket client that got in, got none"],
    [JSON.stringify({ events: [{ kind: "datagram", t_ms: 0, dir: "c2s", hex: "" }] }), "that got in, got none"],
  ];
  it.each(noCaptures)("is not %s", (text, why) => {
    expect(() => captureRecordings(text, "x.json", "ngo")).toThrow(UsageError);
    expect(() => captureRecordings(text, "x.json", "ngo")).toThrow(why);
  });
});

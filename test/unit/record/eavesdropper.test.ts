// What is kept of a game that passes by: each message once, whole, in order and at its time, and the rest counted.
import { describe, expect, it } from "vitest";
import { PipelineSet } from "../../../src/protocol/pipelines/pipeline-set.js";
import { encodeConnectAccept, encodeConnectRequest, encodeControl } from "../../../src/protocol/wire.js";
import { Eavesdropper } from "../../../src/record/eavesdropper.js";
import { bytes, FOREIGN_TOKEN, hex, TOKEN } from "../../support/bytes.js";
import { serverFrame, switchingProtocols } from "../../support/client-frames.js";
import { ascii, binaryFrame, clientFrame, join, UPGRADE } from "../../support/wire-bytes.js";
import { OverheardGame, unreadOf } from "./overheard-game.js";

const LONG = Uint8Array.from({ length: 3000 }, (_, at) => (at * 7) & 0xff);

describe("messages", () => {
  it.each(["client", "server"] as const)("of the %s are put together from fragments", (side) => {
    const game = OverheardGame.playing();
    game.say(side, 1, LONG);
    game.nowMs = 150;
    expect(game.pending[side].length).toBe(3);
    game.pass(side);
    expect(game.messages(side)).toEqual([`1@50:${hex(LONG)}`]);
    expect(game.messages(side === "client" ? "server" : "client")).toEqual([]);
    expect(unreadOf(game.recording)).toEqual({});
  });

  it.each(["client", "server"] as const)("of the %s are kept once, however often they are sent", (side) => {
    const game = OverheardGame.playing();
    game.say(side, 3, Uint8Array.of(1));
    game.say(side, 3, Uint8Array.of(2));
    game.pass(side);
    game.resend(side, 1000);
    expect(game.pending[side].length).toBe(2);
    game.pass(side);
    expect(game.messages(side)).toEqual(["3@0:01", "3@0:02"]);
    expect(unreadOf(game.recording)).toEqual({});
  });

  it("are in order on a reliable pipeline, whatever order they came in", () => {
    const game = OverheardGame.playing();
    for (const byte of [1, 2, 3]) game.say("client", 3, Uint8Array.of(byte));
    game.pass("client", ([one, two, three]) => [three!, two!, three!, one!]);
    expect(game.messages("client")).toEqual(["3@0:01", "3@0:02", "3@0:03"]);
  });

  it("that come late on a sequenced pipeline are counted, as the server drops them", () => {
    const game = OverheardGame.playing([["unreliableSequenced"].map((stage) => ({ stage: stage as never }))]);
    for (const byte of [1, 2]) game.say("client", 1, Uint8Array.of(byte));
    game.pass("client", ([one, two]) => [two!, one!]);
    expect(game.messages("client")).toEqual(["1@0:02"]);
    expect(unreadOf(game.recording)).toEqual({ unusable: 1 });
  });

  it("without a pipeline are kept as they are", () => {
    const game = OverheardGame.playing("none");
    game.nowMs = 101.25;
    game.say("client", 0, Uint8Array.of(9, 8));
    game.pass("client");
    expect(game.messages("client")).toEqual(["0@1.25:0908"]);
  });

  it("of a pipeline that nobody named are counted", () => {
    const game = OverheardGame.playing("ngo", "none");
    game.say("client", 3, Uint8Array.of(1));
    game.pass("client");
    expect(game.messages("client")).toEqual([]);
    expect(unreadOf(game.recording)).toEqual({ unknownPipeline: 1 });
  });

  it("larger than can be played back are counted", () => {
    const game = OverheardGame.playing();
    game.say("client", 0, new Uint8Array(1449));
    game.pass("client");
    expect(unreadOf(game.recording)).toEqual({ tooLarge: 1 });
  });

  it("after a day are counted: a step has no such time", () => {
    const game = OverheardGame.playing();
    game.nowMs += 86_400_000;
    game.say("client", 0, Uint8Array.of(1));
    game.pass("client");
    expect(unreadOf(game.recording)).toEqual({ notKept: 1 });
  });
});

describe("the handshake", () => {
  it("gives the connect payload, and the zero of all times", () => {
    const { recording } = OverheardGame.playing();
    expect(recording).toMatchObject({ acceptedMs: 100, connectPayload: Uint8Array.of(7) });
  });

  it("has happened once however often it is repeated", () => {
    const game = OverheardGame.playing();
    game.nowMs = 500;
    game.packet("client", encodeConnectRequest(TOKEN));
    game.packet("server", encodeConnectAccept(TOKEN));
    expect(game.recording).toMatchObject({ acceptedMs: 100, connectPayload: Uint8Array.of(7) });
    expect(unreadOf(game.recording)).toEqual({});
  });

  it.each([
    ["data before it", (game: OverheardGame) => game.packet("client", bytes("01 T 00 05")), { otherToken: 1 }],
    [
      "an accept of nobody's",
      (game: OverheardGame) => game.packet("server", encodeConnectAccept(TOKEN)),
      { otherToken: 1 },
    ],
  ])("counts %s", (_name, act, expected) => {
    const game = new OverheardGame();
    act(game);
    expect(game.recording.acceptedMs).toBeUndefined();
    expect(unreadOf(game.recording)).toEqual(expected);
  });
});

describe("what is no message is counted", () => {
  const cases: [string, (game: OverheardGame) => void, object][] = [
    ["another token", (game) => game.packet("client", encodeControl("heartbeat", FOREIGN_TOKEN)), { otherToken: 1 }],
    ["no UTP", (game) => game.packet("server", bytes("ff ff")), { notUtp: 1 }],
    ["an unknown type", (game) => game.packet("server", bytes("09 T")), { notUtp: 1 }],
    ["a request of the server", (game) => game.packet("server", encodeConnectRequest(TOKEN)), { unexpected: 1 }],
    ["an accept of the client", (game) => game.packet("client", encodeConnectAccept(TOKEN)), { unexpected: 1 }],
    ["data cut short", (game) => game.packet("client", bytes("01 T")), { unexpected: 1 }],
    ["a reliable packet cut short", (game) => game.packet("client", bytes("01 T 03 00 00")), { unusable: 1 }],
    ["a fragment without its first", (game) => game.packet("client", bytes("01 T 01 05 40 aa")), { unusable: 1 }],
    ["a text", (game) => frame(game, 1), { textMessages: 1 }],
    ["a frame of an unknown kind", (game) => frame(game, 5), { frames: 1 }],
    ["a compressed frame", (game) => frame(game, 2, { isExtended: true }), { frames: 1 }],
    ["a frame too long to keep", (game) => frame(game, 2, { payload: undefined }), { frames: 1 }],
    ["nothing, for pings and heartbeats are the connection's own", (game) => frame(game, 9), {}],
  ];
  it.each(cases)("%s", (_name, act, expected) => {
    const game = OverheardGame.playing();
    act(game);
    expect(game.recording.messages).toEqual([]);
    expect(unreadOf(game.recording)).toEqual(expected);
  });

  it("data after the disconnect", () => {
    const game = OverheardGame.playing();
    game.packet("client", encodeControl("disconnect", TOKEN));
    game.packet("client", bytes("01 T 00 05"));
    expect(unreadOf(game.recording)).toEqual({ unexpected: 1 });
  });
});

function frame(game: OverheardGame, opcode: number, parts: object = {}): void {
  game.heard.frame(
    "client",
    { opcode, isFinal: true, isExtended: false, payload: Uint8Array.of(1), ...parts },
    game.nowMs,
  );
}

describe("who ended it", () => {
  it.each([
    ["client", "UTP Disconnect", (game: OverheardGame) => game.packet("client", encodeControl("disconnect", TOKEN))],
    ["server", "UTP Disconnect", (game: OverheardGame) => game.packet("server", encodeControl("disconnect", TOKEN))],
    ["client", "WebSocket Close 1000", (game: OverheardGame) => frame(game, 8, { payload: bytes("03 e8") })],
    ["client", "WebSocket Close", (game: OverheardGame) => frame(game, 8, { payload: bytes("") })],
    ["server", "reset", (game: OverheardGame) => game.heard.ended("server", "reset", game.nowMs)],
    ["nobody", "", (_game: OverheardGame) => undefined],
  ])("%s: %s", (by, how, act) => {
    const game = OverheardGame.playing();
    game.nowMs = 350;
    act(game);
    game.heard.ended(by === "client" ? "server" : "client", "FIN", 400);
    const { end } = game.recording;
    if (by === "nobody") expect(end).toEqual({ by: "client", how: "FIN", atMs: 300 });
    else expect(end).toEqual({ by, how, atMs: 250 });
  });

  it("nobody, as long as it goes on", () => {
    const game = OverheardGame.playing();
    game.nowMs = 160;
    game.packet("server", encodeControl("heartbeat", TOKEN));
    expect(game.recording.end).toEqual({ by: "nobody", how: "", atMs: 60 });
  });
});

describe("the bytes of two sockets", () => {
  const request = UPGRADE.replace("GET / ", "GET /arena?x=1 ").replace("\r\n\r\n", "\r\nCookie: a=b\r\n\r\n");
  const fromClient = join(
    ascii(request),
    binaryFrame(encodeConnectRequest(TOKEN)),
    clientFrame({ opcode: 2, fin: false, payload: bytes("01 T 00") }),
    clientFrame({ opcode: 9, payload: bytes("01") }),
    clientFrame({ opcode: 0, payload: bytes("0a 0b") }),
  );
  const fromServer = join(switchingProtocols(UPGRADE), serverFrame(2, encodeConnectAccept(TOKEN)), serverFrame(9));

  it.each([1, 2, 7, 64, 5000])("are read however they are cut: %i at a time", (chunkBytes) => {
    const heard = new Eavesdropper("game", new PipelineSet("none"));
    const tell = (from: "client" | "server", stream: Uint8Array, start: number, end: number): void => {
      for (let at = start; at < end; at += chunkBytes)
        heard.bytes(from, stream.slice(at, Math.min(at + chunkBytes, end)), 5);
    };
    const requestEnd = fromClient.length - 31;
    tell("client", fromClient, 0, requestEnd);
    tell("server", fromServer, 0, fromServer.length);
    tell("client", fromClient, requestEnd, fromClient.length);
    const recording = heard.recording();
    expect(recording).toMatchObject({ path: "/arena?x=1", headerNames: ["Cookie"], acceptedMs: 5 });
    expect(recording.messages.map(({ payload }) => hex(payload))).toEqual(["0a0b"]);
    expect(unreadOf(recording)).toEqual({});
  });

  it.each([
    ["an answer that is no 101", "HTTP/1.1 404 Not Found\r\n\r\n", "answer HTTP/1.1 404 Not Found"],
    ["an answer that is no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "answer SSH-2.0-OpenSSH"],
  ])("%s ends the reading, and is counted", (_name, answer, how) => {
    const heard = new Eavesdropper("game", new PipelineSet("none"));
    heard.bytes("client", ascii(UPGRADE), 0);
    heard.bytes("server", ascii(answer), 1);
    heard.bytes("client", ascii("more"), 2);
    expect(heard.recording().end).toMatchObject({ by: "server", how });
    expect(unreadOf(heard.recording())).toEqual({ bytes: answer.length + 4 });
  });

  it("that never become HTTP are counted", () => {
    const heard = new Eavesdropper("game", new PipelineSet("none"));
    for (let sent = 0; sent < 70_000; sent += 1000) heard.bytes("client", new Uint8Array(1000), 0);
    expect(unreadOf(heard.recording())).toEqual({ bytes: 70_000 });
  });
});

// The server's end of a WebSocket: upgrade timer, ping policy and every row of the closing table, in updates and at once.
import { describe, expect, it } from "vitest";
import { FrameWriter } from "../../../../src/protocol/websocket/frame-writer.js";
import { ServerSocket } from "../../../../src/protocol/websocket/server-socket.js";
import type { ServerSocketEvents } from "../../../../src/protocol/websocket/server-socket-setup.js";
import { hex } from "../../../support/bytes.js";
import {
  ascii,
  binaryFrame,
  clientFrame,
  join,
  serverParts,
  UPGRADE,
  UPGRADE_ACCEPT,
} from "../../../support/wire-bytes.js";

const UPDATE_MS = 16;
const CLOSE = (code: number): Uint8Array => clientFrame({ opcode: 8, payload: Uint8Array.of(code >> 8, code & 0xff) });

/** One socket with an update every 16 ms; what it says goes into `log`, its output with the time into `sent`. */
class Bench implements ServerSocketEvents {
  readonly socket: ServerSocket;
  readonly log: string[] = [];
  readonly sent: string[] = [];
  nowMs = 0;

  constructor(lingerUpdates = 2, disconnectTimeoutMs = 30_000) {
    const times = { connectTimeoutMs: 1000, heartbeatTimeoutMs: 500, disconnectTimeoutMs };
    const sizes = { path: "/", maxMessageBytes: 1386, lingerUpdates, corruptsKept: true };
    this.socket = new ServerSocket({ ...times, ...sizes, acceptValue: () => UPGRADE_ACCEPT }, new FrameWriter(), this);
  }

  takePlace(): boolean {
    return true;
  }
  message(packet: Uint8Array): void {
    this.log.push(`message ${hex(packet)}`);
  }
  lost(why: string, code: number | undefined): void {
    this.log.push(`lost ${why} ${code}`);
  }
  upgradeRefused(status: number): void {
    this.log.push(`refused ${status}`);
  }
  outputReady(): void {}
  end(): void {
    this.log.push(`end ${this.nowMs}`);
  }

  receive(...pieces: readonly Uint8Array[]): this {
    for (const piece of pieces) this.socket.receive(piece.slice(), this.nowMs);
    this.flush();
    return this;
  }

  open(): this {
    this.receive(ascii(UPGRADE));
    this.sent.length = 0;
    return this;
  }

  flush(): void {
    const output = this.socket.takeOutput(true);
    if (output === undefined) return;
    for (const part of serverParts(output)) {
      this.sent.push(part.kind === "http" ? part.text.slice(9, 12) : `${part.opcode} ${hex(part.payload)}`.trim());
    }
    this.socket.settle();
  }

  /** Runs updates until `toMs`. */
  advanceTo(toMs: number): this {
    while (this.nowMs + UPDATE_MS <= toMs) {
      this.nowMs += UPDATE_MS;
      this.socket.beginUpdate();
      this.socket.update(this.nowMs);
      this.socket.settle();
      this.flush();
    }
    return this;
  }
}

describe("the upgrade", () => {
  it.each([
    ["400", UPGRADE.replace("Host", "Most"), ["refused 400", "end 32"], ["400"]],
    ["404", UPGRADE.replace("GET /", "GET /x"), ["refused 404", "end 32"], ["404"]],
    ["no answer", UPGRADE.replace(/Host:.*/, `Host: ${"h".repeat(510)}`), ["end 32"], []],
    ["101", UPGRADE, [], ["101"]],
  ])("ends in %s, and TCP two updates later unless it is the 101", (_name, request, log, sent) => {
    const bench = new Bench().receive(ascii(request)).advanceTo(200);
    expect(bench.log).toEqual(log);
    expect(bench.sent).toEqual(sent);
  });

  it("may come in pieces", () => {
    expect(new Bench().receive(...[...ascii(UPGRADE)].map((byte) => Uint8Array.of(byte))).sent).toEqual(["101"]);
  });

  it("has 1000 ms from its first byte, which further bytes do not extend", () => {
    const bench = new Bench().advanceTo(320);
    bench.receive(ascii("GET / "));
    bench.advanceTo(1000).receive(ascii("HTTP"));
    bench.advanceTo(5000);
    // 320 + 1000 is passed at 1328, TCP ends two updates later.
    expect(bench.log).toEqual(["end 1360"]);
    expect(bench.sent).toEqual([]);
  });

  it("of a socket that sends nothing is awaited for ever", () => {
    const bench = new Bench().advanceTo(100_000);
    expect(bench.log).toEqual([]);
    expect(bench.socket.isSilent).toBe(true);
  });

  it("with frames behind it answers them before its 101", () => {
    const bench = new Bench();
    bench.message = () => bench.socket.send(Uint8Array.of(9));
    bench.receive(
      join(ascii(UPGRADE), binaryFrame(Uint8Array.of(1)), clientFrame({ opcode: 9, payload: new Uint8Array(0) })),
    );
    expect(bench.sent).toEqual(["2 09", "101", "10"]);
  });
});

describe("pings", () => {
  it("leave after more than 500 ms without a frame, one until the pong has come", () => {
    const bench = new Bench().open().advanceTo(5000);
    expect(bench.sent).toEqual(["9"]);
    bench.receive(clientFrame({ opcode: 10, payload: new Uint8Array(0) })).advanceTo(bench.nowMs + 500);
    expect(bench.sent).toEqual(["9"]);
    bench.advanceTo(bench.nowMs + UPDATE_MS);
    expect(bench.sent).toEqual(["9", "9"]);
  });

  it.each([
    ["a message", binaryFrame(Uint8Array.of(1))],
    ["a ping", clientFrame({ opcode: 9, payload: new Uint8Array(0) })],
    ["a pong nobody asked for", clientFrame({ opcode: 10, payload: new Uint8Array(0) })],
    ["an empty message", binaryFrame(new Uint8Array(0))],
  ])("are put off by %s", (_name, frame) => {
    const bench = new Bench().open();
    for (let i = 0; i < 10; i++) bench.advanceTo(bench.nowMs + 480).receive(frame);
    expect(bench.sent.filter((part) => part.startsWith("9"))).toEqual([]);
  });

  it("are not put off by half a frame", () => {
    const bench = new Bench().open().advanceTo(480);
    bench.receive(Uint8Array.of(0x82)).advanceTo(512);
    expect(bench.sent).toEqual(["9"]);
  });

  it("of the peer are answered with what they carry", () => {
    const ping = clientFrame({ opcode: 9, payload: Uint8Array.of(1, 2, 3) });
    expect(new Bench().open().receive(ping).sent).toEqual(["10 010203"]);
  });

  it("whose pongs exceed 2944 bytes close with 1011", () => {
    const big = clientFrame({ opcode: 9, payload: new Uint8Array(1386) });
    const bench = new Bench().open().receive(join(big, big, big));
    expect(bench.sent.map((part) => part.slice(0, 7))).toEqual(["10 0000", "10 0000", "8 03f3"]);
    expect(bench.log).toEqual(["lost violation 1011"]);
    expect(new Bench().open().receive(big, big, big).sent).toHaveLength(3);
  });
});

describe("closing", () => {
  it.each([
    [1000, "8 03e8"],
    [1001, "8 03e9"],
    [4999, "8 1387"],
    [0, "8 0000"],
  ])("a peer's Close %i is echoed, and TCP ends two updates later", (code, reply) => {
    const bench = new Bench().open().receive(CLOSE(code)).advanceTo(200);
    expect(bench.sent).toEqual([reply]);
    expect(bench.log).toEqual([`lost peerClose ${code}`, "end 32"]);
  });

  it("a Close without a status is answered with 1000", () => {
    expect(new Bench().open().receive(clientFrame({ opcode: 8, payload: new Uint8Array(0) })).sent).toEqual(["8 03e8"]);
  });

  it("what came before a Close in one piece is delivered, what comes behind it is not", () => {
    const bench = new Bench()
      .open()
      .receive(join(binaryFrame(Uint8Array.of(1)), CLOSE(1000), binaryFrame(Uint8Array.of(2))));
    expect(bench.log).toEqual(["message 01", "lost peerClose 1000"]);
  });

  it.each([
    [1002, clientFrame({ opcode: 2, payload: new Uint8Array(1), mask: null })],
    [1003, clientFrame({ opcode: 1, payload: new Uint8Array(1) })],
    [1009, binaryFrame(new Uint8Array(1387))],
  ])("a violation is told with %i, and no reply is awaited", (code, frame) => {
    const bench = new Bench().open().receive(frame).advanceTo(200);
    expect(bench.sent).toEqual([`8 ${code.toString(16).padStart(4, "0")}`]);
    expect(bench.log).toEqual([`lost violation ${code}`, "end 32"]);
  });

  it("our Close waits for the peer's, then TCP ends two updates later", () => {
    const bench = new Bench().open();
    bench.socket.close(0);
    bench.flush();
    bench.advanceTo(10_000).receive(CLOSE(1000)).advanceTo(20_000);
    expect(bench.sent).toEqual(["8 03e8"]);
    expect(bench.log).toEqual(["end 10032"]);
  });

  it("gives up after the disconnect timeout", () => {
    const bench = new Bench(2, 2000).open();
    bench.socket.close(0);
    bench.advanceTo(10_000);
    // 2000 is passed at 2016.
    expect(bench.log).toEqual(["end 2048"]);
  });

  it("does not wait at all where that timeout is 0", () => {
    const bench = new Bench(2, 0).open();
    bench.socket.close(0);
    expect(bench.advanceTo(200).log).toEqual(["end 32"]);
  });

  it("meanwhile drops data, answers no ping, sends none, and ends on a violation without a second Close", () => {
    const bench = new Bench().open();
    bench.socket.close(0);
    bench.flush();
    bench
      .receive(binaryFrame(Uint8Array.of(1)), clientFrame({ opcode: 9, payload: new Uint8Array(0) }))
      .advanceTo(3200);
    expect(bench.socket.send(Uint8Array.of(1))).toBe(false);
    bench.receive(clientFrame({ opcode: 1, payload: new Uint8Array(1) })).advanceTo(4000);
    expect(bench.sent).toEqual(["8 03e8"]);
    expect(bench.log).toEqual(["end 3232"]);
  });

  it("a FIN ends it at once", () => {
    const bench = new Bench().open();
    bench.socket.tcpEnded();
    bench.socket.tcpEnded();
    expect(bench.log).toEqual(["lost tcpEnd undefined", "end 0"]);
    expect(bench.sent).toEqual([]);
  });

  it("a FIN before the 101 is nobody's loss", () => {
    const bench = new Bench();
    bench.socket.tcpEnded();
    expect(bench.log).toEqual(["end 0"]);
  });
});

describe("without updates", () => {
  it("TCP ends with the last word", () => {
    expect(new Bench(0).open().receive(CLOSE(1000)).log).toEqual(["lost peerClose 1000", "end 0"]);
    expect(new Bench(0).receive(ascii("PUT / HTTP/1.1\r\n\r\n")).log).toEqual(["refused 400", "end 0"]);
  });
});

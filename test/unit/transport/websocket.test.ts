import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TransportTarget, WireMeter } from "../../../src/transport/transport.js";
import { WebSocketTransport } from "../../../src/transport/websocket.js";
import { bytes, hex } from "../../support/bytes.js";
import { framesOf, requestOf, serverFrame, switchingProtocols } from "../../support/client-frames.js";
import { MemorySocket } from "../../support/memory-socket.js";
import { propertyParameters } from "../../support/property.js";
import { RecordingEvents } from "../../support/recording-events.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { ascii, join } from "../../support/wire-bytes.js";

const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

class Bench {
  readonly clock = new VirtualClock();
  readonly socket = new MemorySocket(this.clock);
  readonly events = new RecordingEvents();
  readonly meter: WireMeter = { wireBytesSent: 0, wireBytesReceived: 0 };
  readonly transport = new WebSocketTransport({ connectSocket: () => this.socket.duplex });

  constructor(target: Partial<TransportTarget> = {}) {
    const whole = { url: "ws://unity.example:7777/game", maxMessageBytes: 1386, meter: this.meter, ...target };
    this.transport.open(whole, this.events);
  }

  get request(): string {
    return requestOf(this.socket.writes[0]!.bytes);
  }

  /** What was sent behind the upgrade. */
  get frames(): string[] {
    return this.socket.writes
      .slice(1)
      .flatMap(({ bytes: written }) => framesOf(written))
      .map(({ fin, opcode, isMasked, payload }) => `${fin}/${isMasked} ${opcode} ${hex(payload)}`.trim());
  }

  connected(): this {
    this.socket.connect();
    return this;
  }

  opened(...together: readonly Uint8Array[]): this {
    this.connected().socket.receive(join(switchingProtocols(this.request), ...together));
    return this;
  }

  /** What is told from now on. */
  fresh(): this {
    this.events.lines.length = 0;
    return this;
  }
}

describe("the upgrade", () => {
  it("leaves once TCP is up: Unity's five headers in its order, Host from the URL", () => {
    const bench = new Bench();
    expect(bench.socket.writes).toEqual([]);
    bench.connected();
    expect(bench.request.replace(/Key: [\w+/]{22}==/, "Key: K")).toBe(
      "GET /game HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: K\r\nHost: unity.example:7777\r\n\r\n",
    );
    expect(bench.events.lines).toEqual(["phase tcp", "phase upgradeSent"]);
  });

  it.each([
    ["the socket's address", {}, "127.0.0.1:7777"],
    ["the address given", { address: "10.1.2.3" }, "10.1.2.3:7777"],
    ["IPv6 padded", { address: "fe80::1:2" }, "[fe80:0000:0000:0000:0000:0000:0001:0002]:7777"],
  ])("names %s in Host as Unity's native client does, if asked", (_name, target, host) => {
    const { request } = new Bench({ hostHeader: "address", ...target }).connected();
    expect(request).toContain(`\r\nHost: ${host}\r\n\r\n`);
  });

  it("adds headers behind Unity's own; a Host replaces ours", () => {
    const headers = [
      ["X-Room", "7"],
      ["host", "other"],
    ] as const;
    const { request } = new Bench({ headers }).connected();
    expect(request.endsWith("\r\nHost: other\r\nX-Room: 7\r\n\r\n")).toBe(true);
  });

  it("waits for TLS with wss", () => {
    const bench = new Bench({ url: "wss://unity.example/" }).connected();
    expect(bench.socket.writes).toEqual([]);
    bench.socket.emit("secureConnect");
    expect(bench.events.lines).toEqual(["phase tcp", "phase tls", "phase upgradeSent"]);
    expect(bench.request).toContain("\r\nHost: unity.example\r\n");
  });

  it("opens, and tells what came in the same read", () => {
    const bench = new Bench().opened(serverFrame(BINARY, bytes("01 02")), serverFrame(PING, bytes("03")));
    expect(bench.events.lines.slice(2)).toEqual(["open", "binary 0102", "ping 03", "batch"]);
    expect(bench.meter.wireBytesReceived).toBe(4 + 3);
  });

  it("opens byte by byte", () => {
    const bench = new Bench().connected();
    for (const byte of join(switchingProtocols(bench.request), serverFrame(BINARY, bytes("AB")))) {
      bench.socket.receive(Uint8Array.of(byte));
    }
    expect(bench.events.lines.filter((line) => line !== "batch").slice(2)).toEqual(["open", "binary ab"]);
  });

  it.each([
    ["HTTP/1.1 404 Not Found\r\n\r\n", "failed UpgradeRejected:404", /status 404/],
    ["HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\n", "failed UpgradeRejected:400", /status 400/],
    ["HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "failed UpgradeRejected:302", /302/],
    ["SSH-2.0-OpenSSH_9.2\r\n", "failed NotWebSocket", /not HTTP: "SSH-2/],
    ["\x15\x03\x01\x00\x02\x02\x50", "failed NotWebSocket", /wss:\/\//],
    [
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "failed NotWebSocket",
      /Accept/,
    ],
  ])("fails on %j", (answer, line, detail) => {
    const bench = new Bench().connected().fresh();
    bench.socket.receive(ascii(answer));
    expect(bench.events.lines).toEqual([line]);
    expect(bench.events.failure!.detail).toMatch(detail);
    expect(bench.socket.destroyed).toBe(true);
    bench.clock.advanceBy(1000);
    expect(bench.events.lines).toEqual([line]);
  });

  it("fails on a server that speaks first", () => {
    const bench = new Bench({ url: "wss://unity.example/" }).connected().fresh();
    bench.socket.receive(ascii("220 mail\r\n"));
    expect(bench.events.lines).toEqual(["failed NotWebSocket"]);
  });

  it.each([
    ["a FIN", (socket: MemorySocket) => socket.peerEnd(), "failed ConnectionClosed", /without an answer/],
    ["a reset", (socket: MemorySocket) => socket.fail("ECONNRESET"), "failed ConnectionReset", /reset/],
  ])("fails on %s instead of a 101", (_name, act, line, detail) => {
    const bench = new Bench().connected().fresh();
    act(bench.socket);
    bench.clock.advanceBy(1);
    expect(bench.events.lines).toEqual([line]);
    expect(bench.events.failure!.detail).toMatch(detail);
  });

  it("says when the answer broke off", () => {
    const bench = new Bench().connected().fresh();
    bench.socket.receive(ascii("HTTP/1.1 101 Swi"));
    bench.socket.peerEnd();
    bench.clock.advanceBy(1);
    expect(bench.events.failure!.detail).toMatch(/in the middle of its answer/);
  });

  it("is heard of no more once it was given up", () => {
    const bench = new Bench().connected().fresh();
    bench.transport.destroy();
    bench.socket.receive(switchingProtocols(bench.request));
    bench.clock.advanceBy(1);
    expect(bench.events.lines).toEqual([]);
  });

  it("may be given up in the phase that is being told", () => {
    const bench = new Bench();
    bench.events.whenTold = () => bench.transport.destroy();
    bench.connected();
    expect(bench.events.lines).toEqual(["phase tcp"]);
    expect(bench.socket.writes).toEqual([]);
  });
});

describe("frames", () => {
  it("are masked, whole, with the shortest length; all bytes are counted", () => {
    const bench = new Bench().opened();
    const large = new Uint8Array(1386).fill(7);
    bench.transport.sendBinary(bytes("01 02 03"));
    bench.transport.sendBinary(large);
    bench.transport.sendPing(new Uint8Array(0));
    bench.transport.sendPong(bytes("09"));
    bench.transport.sendClose(1000);
    expect(bench.frames).toEqual([
      "true/true 2 010203",
      `true/true 2 ${hex(large)}`,
      "true/true 9",
      "true/true 10 09",
      "true/true 8 03e8",
    ]);
    expect(bench.meter.wireBytesSent).toBe(9 + 8 + 1386 + 6 + 7 + 8);
  });

  it("take the caller's bytes before they return", () => {
    const bench = new Bench().opened();
    const message = bytes("01 02 03");
    bench.transport.cork();
    bench.transport.sendBinary(message);
    message.fill(0xff);
    bench.transport.uncork();
    expect(bench.frames).toEqual(["true/true 2 010203"]);
  });

  it("leave together between cork and uncork", () => {
    const bench = new Bench().opened();
    bench.transport.cork();
    bench.transport.sendBinary(bytes("01"));
    bench.transport.sendClose(undefined);
    expect(bench.socket.writes).toHaveLength(1);
    bench.transport.uncork();
    expect(bench.socket.writes).toHaveLength(2);
    expect(bench.frames).toEqual(["true/true 2 01", "true/true 8"]);
  });

  it("are not sent before the 101, after a Close, or after the end", () => {
    const bench = new Bench().connected();
    bench.transport.sendBinary(bytes("01"));
    bench.socket.receive(switchingProtocols(bench.request));
    bench.transport.sendClose(1000);
    bench.transport.sendClose(1001);
    bench.transport.sendBinary(bytes("02"));
    bench.transport.end();
    bench.transport.sendPong(bytes("03"));
    expect(bench.frames).toEqual(["true/true 8 03e8"]);
  });

  const stream = join(
    serverFrame(BINARY, bytes("01 02 03")),
    serverFrame(PING, bytes("AA")),
    serverFrame(BINARY, new Uint8Array(300).fill(5)),
    serverFrame(BINARY, bytes("0A"), false),
    serverFrame(PONG),
    serverFrame(0, bytes("0B")),
    serverFrame(1, ascii("hello")),
    serverFrame(CLOSE, bytes("03 E9 62 79 65")),
  );
  const told = ["binary 010203", "ping aa", `binary ${"05".repeat(300)}`, "pong", "binary 0a0b", "text", "close 1001"];

  it("are told in order, whole, with one batch a read", () => {
    const bench = new Bench().opened().fresh();
    bench.socket.receive(stream);
    expect(bench.events.lines).toEqual([...told, "batch"]);
    expect(bench.meter.wireBytesReceived).toBe(stream.length);
  });

  it("are told the same however they are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 80 }), (sizes) => {
        const bench = new Bench().opened().fresh();
        let at = 0;
        for (const size of sizes) {
          bench.socket.receive(stream.slice(at, at + size));
          at += size;
        }
        bench.socket.receive(stream.slice(at));
        expect(bench.events.lines.filter((line) => line !== "batch")).toEqual(told);
        expect(bench.meter.wireBytesReceived).toBe(stream.length);
      }),
      propertyParameters("frames cut anyhow", 100),
    );
  });
});

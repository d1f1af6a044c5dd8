import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { BrowserWebSocketTransport } from "../../../src/transport/browser-websocket.js";
import { bytes, hex } from "../../support/bytes.js";
import { RecordingEvents } from "../../support/recording-events.js";

/** A page's WebSocket, played by the test. */
class FakeWebSocket {
  static readonly OPEN = 1;
  static last: FakeWebSocket;
  binaryType = "blob";
  bufferedAmount = 17;
  readyState = 0;
  readonly sent: string[] = [];
  onopen: () => void = () => {};
  onmessage: (event: { data: unknown }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};

  constructor(readonly url: string) {
    if (url.includes("forbidden")) throw new Error("SecurityError");
    FakeWebSocket.last = this;
  }

  send(message: Uint8Array): void {
    this.sent.push(hex(message));
  }

  close(code?: number): void {
    this.sent.push(code === undefined ? "close" : `close ${code}`);
    this.readyState = 2;
  }

  opens(): void {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen();
  }
}

beforeEach(() => vi.stubGlobal("WebSocket", FakeWebSocket));
afterEach(() => vi.unstubAllGlobals());

const TARGET = { url: "ws://127.0.0.1:7777/", maxMessageBytes: 100 };

function opened() {
  const events = new RecordingEvents();
  const transport = new BrowserWebSocketTransport();
  const meter = { wireBytesSent: 0, wireBytesReceived: 0 };
  transport.open({ ...TARGET, meter }, events);
  const socket = FakeWebSocket.last;
  socket.opens();
  events.lines.length = 0;
  return { events, transport, socket, meter };
}

describe("BrowserWebSocketTransport", () => {
  it("opens for array buffers, each message a batch of its own", () => {
    const events = new RecordingEvents();
    const transport = new BrowserWebSocketTransport();
    transport.open(TARGET, events);
    expect(FakeWebSocket.last).toMatchObject({ url: TARGET.url, binaryType: "arraybuffer" });
    transport.sendBinary(bytes("01"));
    expect(FakeWebSocket.last.sent).toEqual([]);
    FakeWebSocket.last.opens();
    FakeWebSocket.last.onmessage({ data: bytes("01 02").buffer });
    FakeWebSocket.last.onmessage({ data: "text" });
    expect(events.lines).toEqual(["open", "batch", "binary 0102", "batch", "text", "batch"]);
    expect(transport.ownsControlFrames).toBe(false);
    expect(transport.bufferedBytes).toBe(17);
  });

  it("sends exactly the bytes it is given, and counts their frames", () => {
    const { transport, socket, meter } = opened();
    const large = new Uint8Array(200);
    transport.sendBinary(large.subarray(0, 3));
    transport.sendBinary(large);
    expect(socket.sent).toEqual(["000000", hex(large)]);
    expect(meter.wireBytesSent).toBe(3 + 6 + 200 + 8);
    socket.onmessage({ data: new ArrayBuffer(5) });
    expect(meter.wireBytesReceived).toBe(5 + 2);
  });

  it("refuses a message over the limit and hears no more", () => {
    const { events, socket } = opened();
    socket.onmessage({ data: new ArrayBuffer(101) });
    socket.onmessage({ data: new ArrayBuffer(1) });
    expect(events.lines).toEqual(["violation 1009", "batch"]);
  });

  it.each([
    [1000, "close 1000"],
    [1002, "close"],
    [undefined, "close"],
  ])("closes with %s as a page may: %s", (code, line) => {
    const { transport, socket } = opened();
    transport.sendClose(code);
    expect(socket.sent).toEqual([line]);
  });

  it.each([
    ["the server's Close", 4000, [], ["close 4000", "batch", "ended fin"]],
    ["a break", 1006, [], ["ended reset"]],
    ["the answer to our Close", 1000, ["sendClose"], ["close 1000", "batch", "ended local"]],
    ["our end", 1005, ["end"], ["close 1005", "batch", "ended local"]],
    ["a dropped one", 1005, ["destroy"], ["ended local"]],
  ] as const)("tells the end by %s", (_name, code, calls, lines) => {
    const { events, transport, socket } = opened();
    for (const call of calls) transport[call](1000);
    socket.onclose({ code });
    expect(events.lines).toEqual(lines);
  });

  it("fails without a reason of its own, unless it was given up", () => {
    const events = new RecordingEvents();
    new BrowserWebSocketTransport().open(TARGET, events);
    FakeWebSocket.last.onclose({ code: 1006 });
    expect(events.lines).toEqual(["failed ConnectionRefused"]);
    expect(events.failure!.detail).toMatch(/does not say why/);
    const silent = new RecordingEvents();
    const transport = new BrowserWebSocketTransport();
    transport.open(TARGET, silent);
    transport.destroy();
    FakeWebSocket.last.onclose({ code: 1006 });
    expect(silent.lines).toEqual([]);
  });

  it.each([
    ["headers", { headers: [["a", "b"]] as const }],
    ["an authority", { ca: "PEM" }],
    ["a URL that the page may not open", { url: "ws://forbidden/" }],
    ["no WebSocket URL", { url: "http://127.0.0.1/" }],
  ])("refuses %s", (_name, target) => {
    expect(() => new BrowserWebSocketTransport().open({ ...TARGET, ...target }, new RecordingEvents())).toThrow(
      UsageError,
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WebSocketTransport } from "../../../src/transport/websocket.js";
import { bytes } from "../../support/bytes.js";
import { requestOf, serverFrame, switchingProtocols } from "../../support/client-frames.js";
import { MemorySocket } from "../../support/memory-socket.js";
import { propertyParameters } from "../../support/property.js";
import { RecordingEvents } from "../../support/recording-events.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { join } from "../../support/wire-bytes.js";

function opened() {
  const clock = new VirtualClock();
  const socket = new MemorySocket(clock);
  const events = new RecordingEvents();
  const transport = new WebSocketTransport({ connectSocket: () => socket.duplex });
  transport.open({ url: "ws://127.0.0.1:7777/", maxMessageBytes: 1386 }, events);
  socket.connect();
  socket.receive(switchingProtocols(requestOf(socket.writes[0]!.bytes)));
  events.lines.length = 0;
  return { clock, socket, events, transport };
}

describe("a server that breaks the rules", () => {
  it.each([
    ["a masked frame", bytes("82 81 01 02 03 04 05"), 1002],
    ["a reserved bit", bytes("C2 01 05"), 1002],
    ["an unknown opcode", bytes("83 00"), 1002],
    ["a continuation of nothing", bytes("80 01 05"), 1002],
    ["a new message in the middle of one", join(serverFrame(2, bytes("01"), false), serverFrame(2, bytes("02"))), 1002],
    ["a cut ping", bytes("09 00"), 1002],
    ["a long ping", join(bytes("89 7E 00 7E"), new Uint8Array(126)), 1002],
    ["a Close of one byte", bytes("88 01 03"), 1002],
    ["a Close code that may not be sent", bytes("88 02 03 ED"), 1002],
    ["a message over the limit, before its payload", bytes("82 7E 05 6B"), 1009],
    ["fragments over the limit", join(serverFrame(2, new Uint8Array(1386), false), bytes("80 01")), 1009],
    ["64-bit lengths beyond reason", bytes("82 7F FF FF FF FF FF FF FF FF"), 1009],
    ["a Close reason that is no UTF-8", bytes("88 03 03 E8 FF"), 1007],
  ])("%s: %s", (_name, wrong, code) => {
    const { socket, events } = opened();
    socket.receive(join(serverFrame(2, bytes("2A")), wrong, serverFrame(2, bytes("2B"))));
    expect(events.lines).toEqual(["binary 2a", `violation ${code}`, "batch"]);
    socket.receive(serverFrame(2, bytes("2C")));
    expect(events.lines).toHaveLength(3);
  });

  it("may send exactly the limit", () => {
    const { socket, events } = opened();
    socket.receive(serverFrame(2, new Uint8Array(1386)));
    expect(events.lines[0]).toMatch(/^binary (00){1386}$/);
  });

  it("is told its code, and gets our FIN", () => {
    const { clock, socket, events, transport } = opened();
    socket.receive(bytes("83 00"));
    transport.sendClose(1002);
    transport.end();
    expect(socket.writes.at(-1)!.bytes.length).toBe(8);
    expect(socket.finMs).toBe(clock.nowMs());
    socket.peerEnd();
    clock.advanceBy(1);
    expect(events.lines.at(-1)).toBe("ended local");
  });
});

describe("the end of an open transport", () => {
  it("by the peer's FIN is told at once, once, behind the last batch", () => {
    const { clock, socket, events } = opened();
    socket.receive(serverFrame(8));
    socket.peerEnd();
    clock.advanceBy(1);
    expect(events.lines).toEqual(["close 1005", "batch", "ended fin"]);
  });

  it("by a reset says what the system said", () => {
    const { clock, socket, events } = opened();
    socket.fail("ECONNRESET");
    clock.advanceBy(1);
    expect(events.lines).toEqual(["ended reset"]);
    expect(events.detail).toBe("the server reset the connection (ECONNRESET)");
  });

  it("by our FIN waits for the peer's, and goes on telling until then", () => {
    const { clock, socket, events, transport } = opened();
    transport.end();
    clock.advanceBy(10);
    socket.receive(serverFrame(2, bytes("2A")));
    expect(events.lines).toEqual(["binary 2a", "batch"]);
    socket.peerEnd();
    clock.advanceBy(1);
    expect(events.lines.at(-1)).toBe("ended local");
  });

  it("by destroy tells nothing more but the end", () => {
    const { clock, socket, events, transport } = opened();
    events.whenTold = () => transport.destroy();
    socket.receive(join(serverFrame(2, bytes("01")), serverFrame(2, bytes("02")), serverFrame(8)));
    clock.advanceBy(1);
    expect(events.lines.filter((line) => line !== "batch")).toEqual(["binary 01", "ended local"]);
  });
});

describe("whatever a server sends", () => {
  it("never throws, and ends at most once", () => {
    const frame = fc
      .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 40 }))
      .map(([first, second, rest]) => Uint8Array.of(first, second, ...rest));
    const whole = fc
      .tuple(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.uint8Array({ maxLength: 200 }), fc.boolean())
      .map(([opcode, payload, fin]) => serverFrame(opcode, payload, fin));
    fc.assert(
      fc.property(fc.array(fc.oneof(frame, whole, fc.uint8Array({ maxLength: 20 }))), fc.boolean(), (reads, fin) => {
        const { clock, socket, events } = opened();
        for (const read of reads) socket.receive(read);
        if (fin) socket.peerEnd();
        else socket.fail("ECONNRESET");
        clock.advanceBy(1);
        expect(events.lines.filter((line) => line.startsWith("ended"))).toHaveLength(1);
        expect(events.lines.filter((line) => /^(violation|close)/.test(line)).length).toBeLessThanOrEqual(1);
      }),
      propertyParameters("any frames", 300),
    );
  });

  it("never throws before the 101 either, and fails at most once", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array(),
            fc.constantFrom("HTTP/1.1 ", "\r\n\r\n", "101 ").map((text) => Buffer.from(text)),
          ),
        ),
        (reads) => {
          const clock = new VirtualClock();
          const socket = new MemorySocket(clock);
          const events = new RecordingEvents();
          const transport = new WebSocketTransport({ connectSocket: () => socket.duplex });
          transport.open({ url: "ws://127.0.0.1:7777/", maxMessageBytes: 1386 }, events);
          socket.connect();
          for (const read of reads) socket.receive(read);
          socket.peerEnd();
          clock.advanceBy(1);
          expect(events.lines.filter((line) => line.startsWith("failed"))).toHaveLength(1);
          expect(events.lines).not.toContain("open");
        },
      ),
      propertyParameters("any answer to the upgrade", 300),
    );
  });
});

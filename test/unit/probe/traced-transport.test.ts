// The transport in between: everything passes, every frame is told, and the answer's head ends where the frames begin.
import { describe, expect, it } from "vitest";
import type { ProbeFrame } from "../../../src/probe/observation.js";
import type { SocketTap } from "../../../src/probe/tapped-socket.js";
import { TracedTransport } from "../../../src/probe/traced-transport.js";
import type { Transport, TransportEvents } from "../../../src/transport/transport.js";

const HEAD = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const nothing = (): void => {};

function traced() {
  const told: string[] = [];
  const passed: string[] = [];
  const pass = (name: string) => (argument: unknown) => void passed.push(`${name} ${argument}`);
  const names = ["sendBinary", "sendPing", "sendPong", "sendClose", "end", "destroy", "cork", "uncork"] as const;
  const inner = Object.fromEntries(names.map((name) => [name, pass(name)])) as unknown as Transport;
  let tap: SocketTap | undefined;
  const transport = new TracedTransport(
    (given) => {
      tap = given;
      return { ...inner, open: nothing, bufferedBytes: 7, ownsControlFrames: true };
    },
    (direction: ProbeFrame["direction"], kind: ProbeFrame["kind"], payload: Uint8Array) => {
      told.push(`${direction} ${kind} ${payload.length}`);
    },
  );
  const handler = { get: (_: object, name: string) => pass(name) };
  transport.open({ url: "ws://a/", maxMessageBytes: 1386 }, new Proxy({}, handler) as TransportEvents);
  return { transport, tap: tap!, told, passed };
}

describe("TracedTransport", () => {
  it.each([1, 7, 1000])(
    "tells an answer that comes in pieces of %i bytes up to its end, and not the frames behind it",
    (size) => {
      const { transport, tap, told } = traced();
      const all = bytes(`${HEAD}frames`);
      for (let start = 0; start < all.length; start += size) tap.socketReceived(all.subarray(start, start + size));
      expect(transport.answerHead).toBe(HEAD);
      const total = told.reduce((sum, line) => sum + Number(line.split(" ")[2]), 0);
      expect(total).toBe(HEAD.length);
    },
  );

  it("keeps at most 2 KB of an answer without an end", () => {
    const { transport, tap } = traced();
    for (let i = 0; i < 10; i++) tap.socketReceived(bytes("x".repeat(1000)));
    expect(transport.answerHead.length).toBe(2048);
  });

  it("takes the socket's bytes for HTTP only until the WebSocket is open", () => {
    const { transport, tap, told } = traced();
    tap.socketSent(bytes("GET"));
    transport.onOpen();
    tap.socketSent(bytes("frame"));
    tap.socketReceived(bytes("frame"));
    expect(told).toEqual(["sent http 3"]);
  });

  it("passes everything on and tells the frames among it", () => {
    const { transport, told, passed } = traced();
    transport.sendBinary(bytes("ab"));
    transport.sendPing(bytes(""));
    transport.sendPong(bytes("p"));
    transport.sendClose(1000);
    transport.sendClose(undefined);
    transport.onBinary(bytes("abc"));
    transport.onText();
    transport.onPing(bytes(""));
    transport.onPong(bytes(""));
    transport.onClose(1005);
    transport.onClose(1001);
    transport.onViolation(1002);
    transport.onBatchEnd();
    transport.end();
    transport.destroy();
    expect(told.map((line) => line.replace("received", "<").replace("sent", ">"))).toEqual(
      ["> binary 2", "> ping 0", "> pong 1", "> close 2", "> close 0"].concat([
        ...["< binary 3", "< text 0", "< ping 0", "< pong 0", "< close 0", "< close 2"],
      ]),
    );
    expect(passed.map((line) => line.split(" ")[0])).toEqual(
      ["sendBinary", "sendPing", "sendPong", "sendClose", "sendClose", "onBinary", "onText", "onPing", "onPong"].concat(
        [...["onClose", "onClose", "onViolation", "onBatchEnd", "end", "destroy"]],
      ),
    );
    expect(transport.bufferedBytes).toBe(7);
  });
});

// A stack as a whole: sizes of the protocol page's table 1.3, order of headers, counters, what is refused and what costs nothing.
import { describe, expect, it } from "vitest";
import type { StageDescription } from "../../../../src/protocol/pipelines/pipeline-settings.js";
import { hex } from "../../../support/bytes.js";
import {
  FRAGMENTATION,
  pattern,
  RELIABLE,
  reliablePacket,
  stackOf,
  UNRELIABLE,
} from "../../../support/recording-pipelines.js";

/** What the layers reserve of 1400 bytes: WebSocket, native WSS, UDP, DTLS. */
const PADDINGS = [24, 92, 10, 39] as const;
const NGO_RELIABLE = { ...RELIABLE, window: 64 };

describe("sizes", () => {
  it.each([
    ["no pipeline", [], [1376, 1308, 1390, 1361]],
    ["UnreliableSequenced", [UNRELIABLE], [1374, 1306, 1388, 1359]],
    ["Reliable, window 32", [RELIABLE], [1364, 1296, 1378, 1349]],
    ["Reliable, window 33", [{ ...RELIABLE, window: 33 }], [1360, 1292, 1374, 1345]],
    ["Reliable, window 64", [NGO_RELIABLE], [1360, 1292, 1374, 1345]],
    ["Reliable, window 128", [{ ...RELIABLE, window: 128 }], [1352, 1284, 1366, 1337]],
    ["one fragment, [Frag]", [FRAGMENTATION], [1374, 1306, 1388, 1359]],
    ["one fragment, [Frag, UnrelSeq]", [FRAGMENTATION, UNRELIABLE], [1372, 1304, 1386, 1357]],
    ["one fragment, [Frag, Reliable 32]", [FRAGMENTATION, RELIABLE], [1362, 1294, 1376, 1347]],
    ["one fragment, [Frag, Reliable 64]", [FRAGMENTATION, NGO_RELIABLE], [1358, 1290, 1372, 1343]],
  ] as [string, StageDescription[], number[]][])("%s", (_name, stages, largest) => {
    const isFragmented = stages[0]?.stage === "fragmentation";
    const found = PADDINGS.map((paddingBytes, i) => {
      const { stack, sink } = stackOf(...stages);
      sink.maxBodyBytes = 1400 - paddingBytes;
      const fits = largest[i]!;
      expect(stack.send(pattern(fits), 0)).toBe("accepted");
      expect(sink.takeSent().map((body) => body.length / 2)).toEqual([sink.maxBodyBytes]);
      if (!isFragmented) expect(() => stack.send(pattern(fits + 1), 0)).toThrow(RangeError);
      else stack.send(pattern(fits + 1), 0);
      expect(sink.takeSent().length).toBe(isFragmented ? 2 : 0);
      return isFragmented ? fits : stack.maxMessageBytes;
    });
    expect(found).toEqual(largest);
  });

  it("follow the path that the connection knows", () => {
    const { stack, sink } = stackOf(RELIABLE);
    sink.maxBodyBytes = 1276;
    expect(stack.maxMessageBytes).toBe(1264);
    sink.maxBodyBytes = 5;
    expect(stack.maxMessageBytes).toBeLessThan(0);
    expect(() => stack.send(pattern(0), 0)).toThrow(RangeError);
  });

  it("have no upper end of the code's own", () => {
    const { stack, sink } = stackOf(UNRELIABLE);
    sink.maxBodyBytes = 9000;
    stack.send(pattern(8998), 0);
    expect(sink.takeSent()).toEqual([`0000${hex(pattern(8998))}`]);
  });
});

describe("headers", () => {
  it.each([
    [[], "aa"],
    [[UNRELIABLE], "0000aa"],
    [[FRAGMENTATION, UNRELIABLE], "000000c0aa"],
    [[UNRELIABLE, FRAGMENTATION], "00c00000aa"],
    [[UNRELIABLE, RELIABLE], "000000000000ffffffffffff0000aa"],
    [[RELIABLE, UNRELIABLE], "0000000000000000ffffffffffffaa"],
    [[FRAGMENTATION, UNRELIABLE, RELIABLE], "000000000000ffffffffffff000000c0aa"],
  ] as [StageDescription[], string][])("of %j: the last stage's first", (stages, body) => {
    const { send, receive, sink } = stackOf(...stages);
    expect(send("AA")).toEqual([body]);
    receive(body);
    expect(sink.takeMessages()).toEqual(["aa"]);
  });

  it("of an ack: its own stage's and those after it", () => {
    const { stack, sink, receive } = stackOf(FRAGMENTATION, RELIABLE, UNRELIABLE);
    receive(`0000 ${reliablePacket(0, "00c0aa")}`);
    stack.sendDue(0);
    expect(sink.takeSent()).toEqual(["0000010000000000 0000ffffffff00".replace(" ", "")]);
    expect(sink.takeMessages()).toEqual(["aa"]);
  });
});

describe("a pipeline without stages", () => {
  it("hands everything through", () => {
    const { stack, sink, send, receive } = stackOf();
    expect(send("AABB")).toEqual(["aabb"]);
    receive("CC");
    stack.sendDue(1000);
    expect([sink.takeMessages(), sink.takeSent(), stack.pendingUpdate]).toEqual([["cc"], [], false]);
    expect([stack.nextDeadlineMs, stack.resendMs]).toEqual([Number.POSITIVE_INFINITY, undefined]);
  });

  it("sends no empty message, and counts it", () => {
    const { stack, send } = stackOf();
    expect(send("")).toEqual([]);
    expect(stack.counters).toMatchObject({ sent: 0, dropped: 1 });
  });
});

describe("what the layer below does not take", () => {
  it.each([[[]], [[UNRELIABLE]], [[FRAGMENTATION]], [[FRAGMENTATION, UNRELIABLE]]] as [StageDescription[]][])(
    "on %j is queueFull and not counted as sent",
    (stages) => {
      const { stack, sink } = stackOf(...stages);
      sink.accepting = false;
      expect([stack.send(pattern(2), 0), stack.counters.sent]).toEqual(["queueFull", 0]);
    },
  );
});

it("counters tell messages and packets apart", () => {
  const a = stackOf(FRAGMENTATION, RELIABLE);
  const b = stackOf(FRAGMENTATION, RELIABLE);
  a.stack.send(pattern(3000), 0);
  a.stack.send(pattern(10), 0);
  const [first, ...others] = a.sink.takeSent();
  for (const body of [first!, ...others, first!]) b.receive(body);
  a.stack.sendDue(65);
  expect(a.stack.counters).toEqual({
    sent: 2,
    received: 0,
    resent: 4,
    duplicates: 0,
    dropped: 0,
    outOfWindow: 0,
    reassembled: 0,
  });
  expect(b.stack.counters).toMatchObject({ received: 2, duplicates: 1, reassembled: 1 });
});

it("a message sent from inside a message's arrival disturbs neither", () => {
  const { stack, sink, receive } = stackOf(FRAGMENTATION, RELIABLE);
  sink.onMessage = (payload, nowMs) => stack.send(payload, nowMs);
  const peer = stackOf(FRAGMENTATION, RELIABLE);
  peer.stack.send(pattern(3000), 0);
  for (const body of peer.sink.takeSent()) receive(body);
  for (const body of sink.takeSent()) peer.receive(body);
  expect([sink.takeMessages(), peer.sink.takeMessages()]).toEqual([[hex(pattern(3000))], [hex(pattern(3000))]]);
});

// What the server does for its application: echo, broadcast, kick, refusal, early data, and the difference between acting at once
// and acting in updates.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, hex } from "../../support/bytes.js";
import { propertyParameters } from "../../support/property.js";
import { ServerBench } from "../../support/server-bench.js";
import { connect, dataOf, heartbeatOf, joined, range, requestOf, send, tokenOf } from "../../support/server-clients.js";
import { ascii, binaryFrame, clientFrame, join, UPGRADE } from "../../support/wire-bytes.js";

const AT_ONCE = { tickHz: 0, echo: true };
const kinds = (bench: ServerBench, id: number): string[] =>
  bench.parts(id).map((part) => (part.kind === "http" ? "http" : `${part.opcode} ${hex(part.payload.subarray(0, 1))}`));

/** A client of a server that acts at once. */
function joinedAtOnce(bench: ServerBench, id: number): void {
  connect(bench, id);
  send(bench, id, requestOf(id));
}

describe("at once", () => {
  it("upgrade, Accept, echo and Close each leave within the input that asks for them, in one write", () => {
    const bench = new ServerBench(AT_ONCE);
    joinedAtOnce(bench, 0);
    send(bench, 0, dataOf(0, bytes("01 02")));
    send(bench, 0, join(bytes("02"), tokenOf(0)));
    expect(bench.updates).toBe(0);
    expect(bench.written(0)).toHaveLength(4);
    expect(kinds(bench, 0)).toEqual(["http", "2 55", "2 01", "8 03"]);
    expect(hex(bench.packets(0)[1]!)).toBe(hex(dataOf(0, bytes("01 02"))));
    expect(bench.disconnects()).toEqual(["ClosedByRemote"]);
  });

  it("all that one input asks for leaves in one write", () => {
    const bench = new ServerBench(AT_ONCE);
    joinedAtOnce(bench, 0);
    bench.input(0, join(...range(50).map((i) => binaryFrame(dataOf(0, Uint8Array.of(i))))));
    expect(bench.written(0)).toHaveLength(3);
    expect(
      bench
        .packets(0)
        .slice(1)
        .map((packet) => packet[10]),
    ).toEqual(range(50));
  });

  it("whole, byte by byte and joined input give the same", () => {
    const stream = join(
      ascii(UPGRADE),
      binaryFrame(requestOf(0)),
      clientFrame({ opcode: 2, fin: false, payload: dataOf(0, bytes("01")) }),
      clientFrame({ opcode: 0, payload: bytes("02 03") }),
      binaryFrame(heartbeatOf(0)),
      clientFrame({ opcode: 8, payload: bytes("03 E8") }),
    );
    const outputOf = (pieceBytes: number): string[] => {
      const bench = new ServerBench(AT_ONCE);
      bench.arrive(0);
      for (let at = 0; at < stream.length; at += pieceBytes) bench.input(0, stream.slice(at, at + pieceBytes));
      return [...kinds(bench, 0).sort(), ...bench.disconnects(), String(bench.core.stats().messagesIn)];
    };
    const whole = outputOf(stream.length);
    expect(whole).toEqual(["2 01", "2 55", "8 03", "http", "ProtocolError", "1"]);
    for (const pieceBytes of [1, 2, 7, 100]) expect(outputOf(pieceBytes)).toEqual(whole);
  });

  it("answers 02 of its own with Close behind it, and forgets the client when it is gone", () => {
    const bench = new ServerBench(AT_ONCE);
    joinedAtOnce(bench, 0);
    bench.core.disconnectPeer([...bench.core.peers.values()][0]!, bench.nowMs);
    bench.core.flush();
    expect(kinds(bench, 0)).toEqual(["http", "2 55", "2 02", "8 03"]);
    expect(bench.core.isSettling).toBe(true);
    bench.input(0, clientFrame({ opcode: 8, payload: bytes("03 E8") }));
    expect(bench.closedMs.has(0)).toBe(true);
    expect(bench.core.isSettling).toBe(false);
    expect(bench.core.stats()).toMatchObject({ sockets: 0, connections: 0, disconnects: { Default: 1 } });
  });

  it("looks after heartbeats and timeouts by the clock", () => {
    const bench = new ServerBench({ ...AT_ONCE, parameters: { disconnectTimeoutMs: 2000 } });
    joinedAtOnce(bench, 0);
    bench.advanceTo(2100);
    expect(kinds(bench, 0)).toEqual(["http", "2 55", "2 03", "9 ", "2 03", "2 03", "2 02", "8 03"]);
    expect(bench.disconnects()).toEqual(["Timeout"]);
  });

  it("pauses a client that does not read, drops and counts what is for it, and resumes", () => {
    const bench = new ServerBench({ tickHz: 0, broadcast: { payloadBytes: 1000, hz: 1000 } });
    joinedAtOnce(bench, 0);
    bench.deaf.add(0);
    bench.advanceTo(2000);
    expect(bench.paused.has(0)).toBe(true);
    expect(bench.unsentBytes(0)).toBeLessThan(1.1 * 2 ** 20);
    const { messagesOut, slowReaderDrops } = bench.core.stats();
    expect(messagesOut + slowReaderDrops).toBeGreaterThan(1900);
    expect(slowReaderDrops).toBeGreaterThan(800);
    bench.hear(0);
    bench.tick(2);
    expect(bench.paused.has(0)).toBe(false);
  });
});

describe("in updates", () => {
  it("nothing leaves before the tick; answers of the application leave in the same one", () => {
    const bench = new ServerBench({ echo: true });
    joined(bench, 0);
    send(bench, 0, dataOf(0, bytes("07")));
    expect(bench.packets(0)).toHaveLength(1);
    bench.tick();
    expect(bench.packets(0)).toHaveLength(2);
  });

  it("a Disconnect of the application leaves one update later, the Close two behind it", () => {
    const bench = new ServerBench({});
    joined(bench, 0);
    bench.core.disconnectPeer([...bench.core.peers.values()][0]!, bench.nowMs);
    const seen = range(4).map(() => {
      bench.tick();
      return kinds(bench, 0).at(-1);
    });
    expect(seen).toEqual(["2 02", "2 02", "8 03", "8 03"]);
  });

  it("pauses a socket that has more than 2944 bytes waiting, and resumes it", () => {
    const bench = new ServerBench({});
    joined(bench, 0);
    bench.input(0, join(...range(3).map(() => binaryFrame(dataOf(0, new Uint8Array(1000))))));
    expect(bench.paused.has(0)).toBe(true);
    bench.tick();
    expect(bench.paused.has(0)).toBe(false);
    expect(bench.core.stats().messagesIn).toBe(3);
  });

  it("closes a socket silently whose kept frames fill its buffer", () => {
    const bench = new ServerBench({ queuePackets: 8 });
    joined(bench, 0);
    for (let i = 0; i < 3; i++) {
      bench.input(0, join(...range(60).map(() => binaryFrame(dataOf(0, new Uint8Array(10))))));
      bench.tick();
    }
    bench.tick(3);
    expect(bench.closedMs.has(0)).toBe(true);
    expect(kinds(bench, 0)).toEqual(["http", "2 55"]);
    expect(bench.disconnects()).toEqual(["ProtocolError"]);
    expect(bench.core.stats()).toMatchObject({ overflows: 1 });
    expect(bench.core.stats().keptFrames).toBeGreaterThan(0);
  });
});

describe("the application", () => {
  it.each([
    ["with Disconnect behind the Accept", "disconnect", ["http", "2 55", "2 02", "8 03"]],
    ["with a Close alone", "close", ["http", "2 55", "8 03"]],
  ] as const)("refuses %s", (_name, refuseWith, said) => {
    for (const tickHz of [0, 60]) {
      const bench = new ServerBench({ tickHz, maxConnections: 1, refuseWith });
      for (const id of [0, 1]) {
        joined(bench, id);
        bench.tick(4);
      }
      expect(kinds(bench, 0)).toEqual(["http", "2 55"]);
      expect(kinds(bench, 1)).toEqual(said);
      expect(bench.core.stats()).toMatchObject({ accepted: 1, refused: 1, connections: 1 });
      expect(bench.told.map(({ what }) => what)).toEqual(["connected"]);
    }
  });

  it("takes a client into a place that became free", () => {
    const bench = new ServerBench({ ...AT_ONCE, maxConnections: 1 });
    joinedAtOnce(bench, 0);
    bench.end(0);
    joinedAtOnce(bench, 1);
    expect(bench.core.stats()).toMatchObject({ accepted: 2, refused: 0 });
  });

  it("kicks each client at its own time", () => {
    const bench = new ServerBench({ tickHz: 0, kickAfterMs: 1000 });
    joinedAtOnce(bench, 0);
    bench.advanceTo(400);
    joinedAtOnce(bench, 1);
    bench.advanceTo(1001);
    expect([bench.core.peers.size, kinds(bench, 0).at(-1)]).toEqual([1, "8 03"]);
    bench.advanceTo(1401);
    expect([bench.core.peers.size, kinds(bench, 1).at(-1)]).toEqual([0, "8 03"]);
  });

  it("broadcasts a counter and a pattern, from the first client on", () => {
    const bench = new ServerBench({ tickHz: 0, broadcast: { payloadBytes: 12, hz: 20 } });
    bench.advanceTo(5000);
    joinedAtOnce(bench, 0);
    bench.advanceTo(6000);
    const payloads = bench
      .packets(0)
      .filter((packet) => packet[0] === 1)
      .map((packet) => hex(packet.subarray(10)));
    expect(payloads).toHaveLength(20);
    expect(payloads[0]).toBe("000000000000000008090a0b");
    expect(payloads[19]).toBe("130000000000000008090a0b");
  });

  it.each([
    ["ignores and counts a pipeline that does not exist", 0, 1, 0],
    ["echoes on one that does, here without stages", 2, 2, 1],
    ["ignores the one above", 2, 3, 0],
  ])("%s", (_name, count, pipelineId, echoes) => {
    const bench = new ServerBench({ ...AT_ONCE, pipelines: Array.from({ length: count }, () => []) });
    joinedAtOnce(bench, 0);
    send(bench, 0, dataOf(0, bytes("07"), pipelineId));
    const data = bench.packets(0).filter((packet) => packet[0] === 1);
    expect(data.map((packet) => packet[9])).toEqual(echoes === 1 ? [pipelineId] : []);
    expect(bench.core.stats().drops).toEqual(echoes === 1 ? {} : { unknownPipeline: 1 });
  });

  it.each([
    ["drops", "drop", [], { earlyMessage: 1 }],
    ["queues", "queue", ["01"], {}],
  ] as const)("%s data that comes before it sees the connection", (_name, earlyData, delivered, drops) => {
    const bench = new ServerBench({ tickHz: 0, mtuProbes: "2.6.0", earlyData });
    joinedAtOnce(bench, 0);
    send(bench, 0, dataOf(0, bytes("01")));
    expect(bench.told).toEqual([]);
    bench.advanceTo(700);
    const messages = bench.told.flatMap((told) => (told.what === "message" ? [hex(told.payload)] : []));
    expect(bench.told[0]?.what).toBe("connected");
    expect(messages).toEqual(delivered);
    expect(bench.core.stats().drops).toEqual(drops);
  });

  it.each([
    ["2.6.0", 4],
    ["2.5.2", 13],
    ["2.5.0", 13],
  ] as const)("probes the path as %s does", (mtuProbes, count) => {
    const bench = new ServerBench({ tickHz: 0, mtuProbes });
    joinedAtOnce(bench, 0);
    bench.advanceTo(700);
    expect(bench.packets(0).filter((packet) => packet[0] === 4)).toHaveLength(2 * count);
    expect(Math.max(...bench.packets(0).map(({ length }) => length))).toBeLessThanOrEqual(1386);
  });

  it("does not send what the path to a client does not carry, and counts it", () => {
    const bench = new ServerBench({ tickHz: 0, echo: true, mtuProbes: "2.5.0" });
    joinedAtOnce(bench, 0);
    bench.advanceTo(700);
    send(bench, 0, dataOf(0, new Uint8Array(1376)));
    expect(bench.core.stats()).toMatchObject({ messagesIn: 1, messagesOut: 0, drops: { oversized: 1 } });
  });

  it("safe mode closes silent sockets after the connect timeout, strict mode keeps them", () => {
    for (const mode of ["strict", "safe"] as const) {
      const bench = new ServerBench({ mode });
      bench.arrive(0);
      bench.advanceTo(60_000);
      expect(bench.closedMs.has(0)).toBe(mode === "safe");
      expect(bench.core.stats().silentSocketsClosed).toBe(mode === "safe" ? 1 : 0);
    }
  });
});

describe("no bytes", () => {
  it("make it throw, with a tick or without", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(
        ascii(UPGRADE),
        binaryFrame(requestOf(0)),
        binaryFrame(requestOf(1)),
        binaryFrame(dataOf(0, bytes("01"))),
      ),
      fc.uint8Array({ maxLength: 30 }).map(binaryFrame),
      fc.record({ opcode: fc.nat(15), payload: fc.uint8Array({ maxLength: 9 }), fin: fc.boolean() }).map(clientFrame),
    );
    fc.assert(
      fc.property(fc.constantFrom(0, 60), fc.array(fc.tuple(fc.nat(2), piece), { maxLength: 30 }), (tickHz, inputs) => {
        // Of several connections on one socket only the first ends with it, the others by silence.
        const parameters = { disconnectTimeoutMs: 100 };
        const bench = new ServerBench({ tickHz, echo: true, queuePackets: 16, parameters });
        for (const id of range(3)) connect(bench, id);
        for (const [id, input] of inputs) {
          bench.input(id, input);
          bench.tick();
        }
        for (const id of range(3)) bench.end(id);
        bench.advanceTo(bench.nowMs + 500);
        expect(bench.core.stats()).toMatchObject({ sockets: 0, waitingSockets: 0, connections: 0 });
      }),
      propertyParameters("a server with any bytes", 150),
    );
  });
});

// Pipelines of the server: when acks and resends leave with and without a tick, echoes through full windows, what is counted.
import { describe, expect, it } from "vitest";
import type { ServerBehaviour } from "../../../src/server/server-options.js";
import { bytes, hex } from "../../support/bytes.js";
import { ServerBench } from "../../support/server-bench.js";
import { connect, dataOf, joined, requestOf, send } from "../../support/server-clients.js";
import { binaryFrame, join } from "../../support/wire-bytes.js";

/** Pipeline 1 is `[Reliable]` with the smallest window, 2 `[Fragmentation]`. */
const PIPELINES = [[{ stage: "reliableSequenced", window: 8 }], [{ stage: "fragmentation" }]] as const;
const ALL_MISSING = bytes("FF FF FF FF");

function reliable(sequence: number, text: string, acked = 0xffff): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, 0, sequence, 0, acked & 0xff, acked >> 8);
  return join(header, ALL_MISSING, bytes(text));
}

function ackOf(acked: number): Uint8Array {
  return join(Uint8Array.of(1, 0, 0, 0, 0, 0, acked, 0), ALL_MISSING, Uint8Array.of(0));
}

function atOnce(options: ServerBehaviour = {}): ServerBench {
  const bench = new ServerBench({ tickHz: 0, pipelines: PIPELINES, ...options });
  connect(bench, 0);
  bench.input(0, binaryFrame(requestOf(0)));
  return bench;
}

function ticking(options: ServerBehaviour = {}): ServerBench {
  const bench = new ServerBench({ tickHz: 60, pipelines: PIPELINES, ...options });
  joined(bench, 0);
  return bench;
}

/** Packets on pipeline 1: `payload SEQ acked ACKED TEXT` or `ack ACKED after MS`. */
function packets(bench: ServerBench): string[] {
  return bench.packets(0).flatMap((packet) => {
    if (packet[0] !== 1 || packet[9] !== 1) return [];
    const body = packet.subarray(10);
    if (body[0] === 1) return [`ack ${body[6]} after ${body[2]}`];
    return [`payload ${body[4]} acked ${body[6]} ${hex(body.subarray(12))}`];
  });
}

describe("without a tick", () => {
  it("an ack leaves at the end of the batch, in the same write", () => {
    const bench = atOnce();
    const writes = bench.written(0).length;
    const both = join(binaryFrame(dataOf(0, reliable(0, "AA"), 1)), binaryFrame(dataOf(0, reliable(1, "BB"), 1)));
    bench.input(0, both);
    expect(packets(bench)).toEqual(["ack 1 after 0"]);
    expect(bench.written(0).length).toBe(writes + 1);
    bench.tick(100);
    expect(packets(bench)).toHaveLength(1);
  });

  it("an echo carries the ack", () => {
    const bench = atOnce({ echo: true });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    expect(packets(bench)).toEqual(["payload 0 acked 0 aa"]);
  });

  it("what is not acked leaves again after 65 ms, to a step of 5", () => {
    const bench = atOnce({ echo: true });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick(64);
    expect(packets(bench)).toHaveLength(1);
    bench.tick(6);
    expect(packets(bench)).toHaveLength(2);
    send(bench, 0, dataOf(0, ackOf(0), 1));
    bench.tick(300);
    expect(packets(bench)).toHaveLength(2);
    expect(bench.core.stats().pipelines["1"]).toMatchObject({ sent: 1, received: 1, resent: 1 });
  });

  it("echoes that find the window full wait, in order, and lose nothing", () => {
    const bench = atOnce({ echo: true });
    for (let id = 0; id < 11; id++) send(bench, 0, dataOf(0, reliable(id, `0${id.toString(16)}`), 1));
    expect(packets(bench).filter((line) => line.startsWith("payload"))).toHaveLength(8);
    send(bench, 0, dataOf(0, ackOf(7), 1));
    const payloads = packets(bench).filter((line) => line.startsWith("payload"));
    expect(payloads.map((line) => line.split(" ")[4])).toEqual(
      Array.from({ length: 11 }, (_, id) => `0${id.toString(16)}`),
    );
    expect(bench.core.stats()).toMatchObject({ messagesIn: 11, messagesOut: 11, windowFull: 0 });
  });

  it("a message of the application finds no room in the window, which is counted", () => {
    const bench = atOnce();
    const peer = bench.core.peers.get(0)!;
    for (let id = 0; id < 8; id++) expect(bench.core.sendMessage(peer, 1, bytes("01"), bench.nowMs)).toBe(true);
    expect(bench.core.sendMessage(peer, 1, bytes("01"), bench.nowMs)).toBe(false);
    expect(bench.core.stats()).toMatchObject({ messagesOut: 8, windowFull: 1 });
    expect(() => bench.core.sendMessage(peer, 3, bytes("01"), bench.nowMs)).toThrow(/must exist, got 3/);
  });

  it("a message larger than the pipeline takes is refused and counted", () => {
    const bench = atOnce();
    const peer = bench.core.peers.get(0)!;
    expect(bench.core.sendMessage(peer, 2, new Uint8Array(4096), bench.nowMs)).toBe(true);
    expect(bench.core.sendMessage(peer, 2, new Uint8Array(4097), bench.nowMs)).toBe(false);
    expect(bench.core.stats().drops).toEqual({ oversized: 1 });
  });

  it("a message in fragments is one message", () => {
    const bench = atOnce();
    send(bench, 0, dataOf(0, bytes("00 80 01 02"), 2));
    send(bench, 0, dataOf(0, bytes("01 40 03"), 2));
    const messages = bench.told.flatMap((told) => (told.what === "message" ? [hex(told.payload)] : []));
    expect(messages).toEqual(["010203"]);
    expect(bench.core.stats()).toMatchObject({ messagesIn: 1, pipelines: { "2": { received: 1, reassembled: 1 } } });
  });

  it("forgets what waits for a client that has gone", () => {
    const bench = atOnce({ echo: true });
    for (let id = 0; id < 11; id++) send(bench, 0, dataOf(0, reliable(id, "01"), 1));
    bench.end(0);
    bench.tick(500);
    expect(bench.core.stats()).toMatchObject({ connections: 0, messagesOut: 8 });
  });
});

describe("with a tick", () => {
  it("an ack leaves in the update behind the one that read the packet, with the time in between", () => {
    const bench = ticking();
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick();
    expect(packets(bench)).toEqual([]);
    bench.tick();
    expect(packets(bench)).toEqual([expect.stringMatching(/^ack 0 after 1[67]$/)]);
    bench.tick(20);
    expect(packets(bench)).toHaveLength(1);
  });

  it("the application's answer in the update that read the packet carries the ack", () => {
    const bench = ticking({ echo: true });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick();
    expect(packets(bench)).toEqual(["payload 0 acked 0 aa"]);
  });

  it("a resend leaves at the start of an update, before the ack that has come in the meantime is read", () => {
    const bench = ticking({ echo: true });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick(4);
    expect(packets(bench)).toHaveLength(1);
    send(bench, 0, dataOf(0, ackOf(0), 1));
    bench.tick(10);
    expect(packets(bench)).toHaveLength(2);
  });

  it("a slower tick acks more slowly", () => {
    const bench = ticking({ tickHz: 30 });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick(2);
    expect(packets(bench)).toEqual([expect.stringMatching(/^ack 0 after 3[34]$/)]);
  });

  it("speaks like UTP 2.2 to 2.5 with a mask of zeros", () => {
    const pipelines = [[{ stage: "reliableSequenced", initialMask: "zeros" }]] as const;
    const bench = ticking({ pipelines });
    send(bench, 0, dataOf(0, reliable(0, "AA"), 1));
    bench.tick(2);
    expect(hex(bench.packets(0).at(-1)!.subarray(16))).toBe("00000100000000");
  });
});

// Pipelines of client sessions: what each kind sends at which moment, what its application hears. The stages have tests of their own.
import { describe, expect, it } from "vitest";
import type { ClientKind } from "../../../src/client/session-types.js";
import { PipelineSet } from "../../../src/protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../../../src/protocol/pipelines/pipeline-settings.js";
import { bytes } from "../../support/bytes.js";
import { SessionBench } from "../../support/session-bench.js";

/** Pipeline 1 is `[Reliable]`, 2 `[Fragmentation]`. */
const PIPELINES: PipelinesDescription = [[{ stage: "reliableSequenced" }], [{ stage: "fragmentation" }]];

function connected(kind: ClientKind, description = PIPELINES): SessionBench {
  return SessionBench.connected(kind, { pipelines: new PipelineSet(description) });
}

/** A reliable payload packet of the server. */
function payload(sequence: string, acked = "FF FF", text = "AA"): Uint8Array {
  return bytes(`01 T 01 00 00 00 00 ${sequence} 00 ${acked} FF FF FF FF ${text}`);
}

function ack(acked: string): Uint8Array {
  return bytes(`01 T 01 01 00 00 00 00 00 ${acked} FF FF FF FF 00`);
}

const HEAD = "binary 01112233445566778801";

/** What was sent on pipeline 1 from now on, in ms from now: `0 payload seq acked` or `0 ack acked after processing ms`. */
function packets(bench: SessionBench, fromMs: number): string[] {
  return bench.transport.timed(1000 + fromMs).flatMap((line) => {
    const [ms, , hex = ""] = line.split(" ");
    if (!line.includes(HEAD)) return [];
    const header = hex.slice(20);
    const processing = Number.parseInt(header.slice(4, 6), 16);
    const acked = header.slice(12, 16);
    return header.startsWith("00")
      ? [`${ms} payload ${header.slice(8, 10)} acked ${acked}`]
      : [`${ms} ack ${acked} after ${processing}`];
  });
}

describe("a patient client", () => {
  it("acks once, at the end of the batch, what no answer has carried", () => {
    const bench = connected("patient");
    const fromMs = bench.elapsedMs;
    bench.transport.receive(payload("00"), payload("01"), payload("02"));
    expect(packets(bench, fromMs)).toEqual(["0 ack 0200 after 0"]);
    expect(bench.listener.lines).toEqual(["message 1 aa", "message 1 aa", "message 1 aa"]);
    expect(new Set(bench.listener.batches).size).toBe(1);
    bench.clock.advanceBy(400);
    expect(packets(bench, fromMs)).toHaveLength(1);
  });

  it("lets the application's answers in the batch carry the ack", () => {
    const bench = connected("patient");
    const fromMs = bench.elapsedMs;
    bench.listener.whenMessage = () => bench.session.send(1, bytes("01"));
    bench.transport.receive(payload("00"), payload("01"));
    expect(packets(bench, fromMs)).toEqual(["0 payload 00 acked 0000", "0 payload 01 acked 0100"]);
    expect(new Set(bench.transport.sent.map(({ write }) => write)).size).toBe(1);
  });

  it("sends again what is not acked, 65 ms after each transmission, and stops with the ack", () => {
    const bench = connected("patient");
    const fromMs = bench.elapsedMs;
    bench.session.send(1, bytes("01"));
    bench.session.send(1, bytes("02"));
    bench.clock.advanceBy(140);
    expect(packets(bench, fromMs)).toEqual(
      [0, 0, 65, 65, 130, 130].map((ms, index) => `${ms} payload 0${index % 2} acked ffff`),
    );
    bench.transport.receive(ack("01 00"));
    expect(bench.listener.pipelineRttMs).toEqual([140]);
    bench.clock.advanceBy(300);
    expect(packets(bench, fromMs)).toHaveLength(6);
  });

  it("sends again what its application answered within a batch", () => {
    const bench = connected("patient");
    const fromMs = bench.elapsedMs;
    bench.listener.whenMessage = () => bench.session.send(1, bytes("01"));
    bench.transport.receive(payload("00"));
    bench.clock.advanceBy(70);
    expect(packets(bench, fromMs)).toEqual(["0 payload 00 acked 0000", "65 payload 00 acked 0000"]);
  });

  it("refuses a message that the window has no room for, and tells", () => {
    const bench = connected("patient");
    for (let sent = 0; sent < 32; sent++) expect(bench.session.send(1, bytes("01"))).toBe(true);
    expect(bench.session.send(1, bytes("01 02"))).toBe(false);
    expect(bench.listener.lines).toEqual(["refused 1 2"]);
    bench.transport.receive(ack("1F 00"));
    expect(bench.session.send(1, bytes("01"))).toBe(true);
  });

  it("cuts a message, and puts one together", () => {
    const bench = connected("patient");
    expect(bench.session.maxMessageBytes(2)).toBe(4096);
    expect(bench.session.send(2, new Uint8Array(1375))).toBe(true);
    expect(bench.transport.lines.map((line) => line.slice(0, 31))).toEqual([
      "binary 011122334455667788020080",
      "binary 011122334455667788020140",
    ]);
    bench.transport.receive(bytes("01 T 02 00 80 01 02"), bytes("01 T 02 01 40 03"));
    expect(bench.listener.lines).toEqual(["message 2 010203"]);
    expect(() => bench.session.send(2, new Uint8Array(4097))).toThrow(/at most 4096 bytes, got 4097/);
  });

  it("stops with everything when it has left", () => {
    const bench = connected("patient");
    bench.session.send(1, bytes("01"));
    bench.session.close();
    const sent = bench.transport.lines.length;
    bench.transport.receive(payload("00"));
    bench.clock.advanceBy(500);
    expect(bench.transport.lines.length).toBe(sent);
    expect(bench.session.send(1, bytes("02"))).toBe(false);
    expect(bench.listener.lines).toEqual(["end ClosedByClient", "drop afterClose"]);
  });
});

describe("a native client", () => {
  it("acks in the update behind the one that read the packet, with the time in between", () => {
    const bench = connected("native");
    const fromMs = bench.elapsedMs;
    bench.transport.receive(payload("00"));
    bench.clock.advanceBy(51);
    // The update after next, of two that are 16.7 ms apart.
    expect(packets(bench, fromMs)).toEqual(["33 ack 0000 after 16"]);
  });

  it("lets an answer in the update that read the packet carry the ack", () => {
    const bench = connected("native");
    const fromMs = bench.elapsedMs;
    bench.listener.whenMessage = () => bench.session.send(1, bytes("01"));
    bench.transport.receive(payload("00"));
    bench.clock.advanceBy(60);
    expect(packets(bench, fromMs)).toEqual(["16 payload 00 acked 0000"]);
  });

  it("sends the ack before its resends, and both before it reads its input", () => {
    const bench = connected("native");
    const fromMs = bench.elapsedMs;
    bench.session.send(1, bytes("01"));
    bench.clock.advanceTo(1000 + fromMs + 60);
    // It leaves at 16; RTO 64 ends the wait at the update of 83, the packet is read at that of 66.
    bench.transport.receive(payload("00"));
    bench.clock.advanceTo(1000 + fromMs + 70);
    bench.transport.receive(ack("00 00"));
    bench.clock.advanceTo(1000 + fromMs + 90);
    expect(packets(bench, fromMs)).toEqual([
      "16 payload 00 acked ffff",
      "83 ack 0000 after 16",
      "83 payload 00 acked 0000",
    ]);
    bench.clock.advanceBy(200);
    expect(packets(bench, fromMs)).toHaveLength(3);
  });

  it("finds out in the update that the window is full, and tells", () => {
    const bench = connected("native");
    for (let sent = 0; sent < 33; sent++) expect(bench.session.send(1, bytes("01 02"))).toBe(true);
    bench.clock.advanceBy(17);
    expect(bench.listener.lines).toEqual(["refused 1 2 although taken"]);
    expect(() => bench.session.send(1, new Uint8Array(1365))).toThrow(/at most 1364 bytes, got 1365/);
  });

  it("has no update to come once nothing is owed and nothing waits", () => {
    const bench = connected("native");
    bench.transport.receive(payload("00"));
    bench.clock.advanceBy(50);
    const dueMs = bench.session.dueMs - 1000;
    expect(dueMs).toBeGreaterThan(bench.elapsedMs + 300);
  });
});

describe.each<ClientKind>(["patient", "native", "webgl"])("a %s client", (kind) => {
  it("ignores and counts a pipeline that does not exist, and keeps the connection", () => {
    const bench = connected(kind);
    bench.transport.receive(bytes("01 T 03 01"));
    bench.clock.advanceBy(20);
    expect(bench.listener.lines).toEqual(["drop unknownPipeline"]);
    expect(bench.session.state).toBe("established");
    expect(() => bench.session.send(3, bytes("01"))).toThrow(/the pipeline must exist, got 3/);
  });

  it("has none unless it is told of some", () => {
    const bench = SessionBench.connected(kind);
    bench.transport.receive(bytes("01 T 01 01"));
    bench.clock.advanceBy(20);
    expect(bench.listener.lines).toEqual(["drop unknownPipeline"]);
    expect(() => bench.session.send(1, bytes("01"))).toThrow(/the pipeline must exist, got 1/);
  });

  it("counts by pipeline in what its owner gives it", () => {
    const pipelines = new PipelineSet(PIPELINES);
    const pipelineCounters = pipelines.newCounters();
    const bench = SessionBench.connected(kind, { pipelines, pipelineCounters });
    bench.session.send(0, bytes("01"));
    bench.session.send(1, bytes("02"));
    bench.transport.receive(bytes("01 T 00 01"), payload("00"), payload("00"), payload("40"));
    bench.clock.advanceBy(90);
    expect(pipelineCounters[0]).toMatchObject({ sent: 1, received: 1 });
    expect(pipelineCounters[1]).toMatchObject({ sent: 1, received: 1, resent: 1, duplicates: 1, outOfWindow: 1 });
    expect(pipelineCounters[2]).toMatchObject({ sent: 0, received: 0 });
  });
});

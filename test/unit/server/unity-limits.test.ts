// What a Unity server does under load, in ticks: protocol page 14. Each case also with its limit off, where nothing of it shows.
import { describe, expect, it } from "vitest";
import { UNITY_LIMITS, type UnityLimit } from "../../../src/server/server-options.js";
import { ServerBench } from "../../support/server-bench.js";
import {
  Crowd,
  connect,
  dataOf,
  hasAccept,
  heartbeatOf,
  joined,
  range,
  requestOf,
  send,
} from "../../support/server-clients.js";
import { ascii, binaryFrame, join, UPGRADE } from "../../support/wire-bytes.js";

const but = (...off: readonly UnityLimit[]): UnityLimit[] => UNITY_LIMITS.filter((limit) => !off.includes(limit));

describe("accept: one a tick", () => {
  it("100 arrivals get their 101s in ticks 1 to 100, in join order", () => {
    const bench = new ServerBench({});
    for (const id of range(100)) connect(bench, id);
    for (const id of range(100)) {
      expect(bench.written(id)).toHaveLength(0);
      bench.tick();
      expect(bench.written(id), `client ${id} after tick ${bench.updates}`).toHaveLength(1);
    }
    expect(bench.updates).toBe(100);
    expect(bench.core.stats().limits.accept).toBe(99);
  });

  it("off: all in tick 1", () => {
    const bench = new ServerBench({ limits: but("accept") });
    for (const id of range(100)) connect(bench, id);
    bench.tick();
    expect(range(100).filter((id) => bench.written(id).length === 1)).toHaveLength(100);
    expect(bench.core.stats().limits.accept).toBe(0);
  });

  it("dead sockets in the backlog cost a tick each", () => {
    const bench = new ServerBench({});
    for (const id of range(20)) {
      connect(bench, id);
      bench.end(id);
    }
    connect(bench, 20);
    bench.tick(20);
    expect(bench.written(20)).toHaveLength(0);
    bench.tick();
    expect(bench.written(20)).toHaveLength(1);
  });
});

describe("reads: half the queue a tick, in slot order", () => {
  it.each([
    ["answer pings", true],
    ["do not", false],
  ])(
    "300 clients that send nothing after the Accept and %s, on 512: 256 get their 101, 44 never do",
    (_name, answers) => {
      const bench = new ServerBench({ queuePackets: 512 });
      const crowd = new Crowd(bench, range(300), answers);
      for (let i = 0; i < 600; i++) {
        bench.tick();
        crowd.react();
      }
      expect(crowd.upgraded).toEqual(range(256));
      expect(crowd.accepted).toEqual(range(256));
      expect(bench.core.stats().limits.reads).toBeGreaterThan(300);
    },
  );

  it.each([
    ["spread over half a second", (id: number) => id % 30],
    ["all in the same tick", () => 0],
  ])("the same with heartbeats every 500 ms, %s: 240 to 256", (_name, phaseOf) => {
    const bench = new ServerBench({ queuePackets: 512 });
    const crowd = new Crowd(bench, range(300), true);
    for (let i = 0; i < 900; i++) {
      for (const id of range(300)) if (i % 30 === phaseOf(id) && crowd.isAccepted(id)) send(bench, id, heartbeatOf(id));
      bench.tick();
      crowd.react();
    }
    expect(crowd.accepted.length).toBeGreaterThanOrEqual(240);
    expect(crowd.accepted.length).toBeLessThanOrEqual(256);
  });

  it("90 quiet clients on 128: 64", () => {
    const bench = new ServerBench({ queuePackets: 128 });
    const crowd = new Crowd(bench, range(90), true);
    for (let i = 0; i < 300; i++) {
      bench.tick();
      crowd.react();
    }
    expect(crowd.accepted).toEqual(range(64));
  });

  it("off: all 300", () => {
    const bench = new ServerBench({ queuePackets: 512, limits: but("reads") });
    const crowd = new Crowd(bench, range(300), true);
    for (let i = 0; i < 400; i++) {
      bench.tick();
      crowd.react();
    }
    expect(crowd.accepted).toEqual(range(300));
    expect(bench.core.stats().limits.reads).toBe(0);
  });

  it("sockets that send nothing lock others out until one of them closes", () => {
    const bench = new ServerBench({ queuePackets: 128 });
    for (const id of range(64)) bench.arrive(id);
    bench.tick(64);
    connect(bench, 64);
    bench.tick(200);
    expect(bench.written(64)).toHaveLength(0);
    bench.end(10);
    bench.tick(2);
    expect(bench.written(64)).toHaveLength(1);
  });

  it("a burst beyond the free places: 61 of 100 at once, number 62 lost, the rest with the next bytes", () => {
    const numbers = (bench: ServerBench): number[] =>
      bench.told.flatMap((told) => (told.what === "message" ? [told.payload[0]!] : []));
    const bench = new ServerBench({ queuePackets: 64 });
    joined(bench, 0);
    // Two reads and the one that finds nothing: 61 places are left.
    bench.input(0, join(...range(100).map((i) => binaryFrame(dataOf(0, new Uint8Array(10).fill(i + 1))))));
    bench.tick(50);
    expect(numbers(bench)).toEqual(range(61).map((i) => i + 1));
    send(bench, 0, dataOf(0, new Uint8Array(10).fill(101)));
    bench.tick();
    expect(numbers(bench).slice(61)).toEqual(range(39).map((i) => i + 63));
    expect(bench.core.stats()).toMatchObject({ keptFrames: 1, drops: { unknownToken: 1 } });
  });

  it("a starved client hears heartbeats and pings, then 02 and Close after the timeout", () => {
    const bench = new ServerBench({ queuePackets: 8, parameters: { disconnectTimeoutMs: 3000 } });
    for (const id of range(3)) joined(bench, id);
    // Slots 0 to 2 take more than the four reads of an update as soon as they send in each.
    for (let i = 0; i < 400; i++) {
      for (const id of range(3)) send(bench, id, dataOf(id, new Uint8Array(20)));
      bench.tick();
    }
    const kinds = bench.parts(2).map((part) => (part.kind === "frame" ? `${part.opcode}:${part.payload[0]}` : "http"));
    expect(kinds.filter((kind) => kind === "2:3").length).toBeGreaterThanOrEqual(5);
    expect(kinds).toContain("2:2");
    expect(kinds.at(-1)).toBe("8:3");
    expect(bench.disconnects()).toEqual(["Timeout"]);
  });
});

describe("fin: one closed socket a tick", () => {
  function cut(limits: readonly UnityLimit[]): { bench: ServerBench; ticks: number } {
    const bench = new ServerBench({ echo: true, limits });
    for (const id of range(100)) joined(bench, id);
    for (const id of range(60)) bench.end(id);
    send(bench, 99, dataOf(99, Uint8Array.of(7)));
    const before = bench.updates;
    while (!bench.packets(99).some((packet) => packet[0] === 1)) bench.tick();
    return { bench, ticks: bench.updates - before };
  }

  it("60 sockets cut at once hold the last slot up for 60 ticks", () => {
    const { bench, ticks } = cut([...UNITY_LIMITS]);
    expect(ticks).toBe(61);
    expect(bench.disconnects()).toEqual(Array.from({ length: 60 }, () => "ProtocolError"));
    expect(bench.core.stats().limits.fin).toBe(60);
  });

  it("off: not at all", () => {
    const { bench, ticks } = cut(but("fin"));
    expect(ticks).toBe(1);
    expect(bench.disconnects()).toHaveLength(60);
    expect(bench.core.stats().limits.fin).toBe(0);
  });
});

describe("control: 64 packets a tick", () => {
  function requests(limits: readonly UnityLimit[]): { bench: ServerBench; counts: number[] } {
    // Heartbeats are off: they are control packets too, and would blur the rounds.
    const bench = new ServerBench({ queuePackets: 1024, limits, parameters: { heartbeatTimeoutMs: 0 } });
    for (const id of range(150)) connect(bench, id);
    bench.tick(150);
    const accepted = (): number[] => range(150).filter((id) => hasAccept(bench, id));
    const counts: number[] = [];
    while (accepted().length < 150) {
      for (const id of range(150)) if (!hasAccept(bench, id)) send(bench, id, requestOf(id));
      // One request, and then the second until the client retries.
      bench.tick(60);
      counts.push(accepted().length);
    }
    return { bench, counts };
  }

  it("150 requests with retries every second give 64, 128, 150 Accepts, and exist from the first round", () => {
    const { bench, counts } = requests([...UNITY_LIMITS]);
    expect(counts).toEqual([64, 128, 150]);
    expect(bench.core.stats().limits.control).toBe(86 + 22);
    expect(bench.core.stats().accepted).toBe(150);
  });

  it("off: 150 at once", () => {
    const { bench, counts } = requests(but("control"));
    expect(counts).toEqual([150]);
    expect(bench.core.stats().limits.control).toBe(0);
  });

  it("150 disconnects in one tick give 64 times 02, and 150 Closes", () => {
    const bench = new ServerBench({ queuePackets: 1024, limits: but("accept") });
    for (const id of range(150)) joined(bench, id);
    for (const peer of bench.core.peers.values()) bench.core.disconnectPeer(peer, bench.nowMs);
    bench.tick(3);
    const has = (id: number, opcode: number, first: number): boolean =>
      bench.parts(id).some((part) => part.kind === "frame" && part.opcode === opcode && part.payload[0] === first);
    expect(range(150).filter((id) => has(id, 2, 2))).toHaveLength(64);
    expect(range(150).filter((id) => has(id, 8, 3))).toHaveLength(150);
  });
});

describe("send: one queue for all", () => {
  function deafClient(limits: readonly UnityLimit[]): ServerBench {
    const bench = new ServerBench({ queuePackets: 64, limits, broadcast: { payloadBytes: 1300, hz: 60 } });
    for (const id of [0, 1]) joined(bench, id);
    bench.deaf.add(0);
    for (let i = 0; i < 240; i++) {
      for (const id of [0, 1]) if (i % 30 === 0) send(bench, id, heartbeatOf(id));
      bench.tick();
    }
    return bench;
  }

  it("one client that does not read stops all: no data, no heartbeats, no 101", () => {
    const bench = deafClient([...UNITY_LIMITS]);
    const before = bench.written(1).length;
    bench.arrive(2);
    bench.input(2, ascii(UPGRADE));
    bench.tick(120);
    expect(bench.written(1)).toHaveLength(before);
    expect(bench.written(2)).toHaveLength(0);
    expect(bench.core.stats().limits.send).toBeGreaterThan(100);
    bench.hear(0);
    bench.tick(3);
    expect(bench.written(1).length).toBeGreaterThan(before);
    expect(bench.written(2)).toHaveLength(1);
  });

  it("is freed by that client's timeout", () => {
    const options = {
      queuePackets: 64,
      broadcast: { payloadBytes: 1300, hz: 60 },
      parameters: { disconnectTimeoutMs: 2000 },
    };
    const bench = new ServerBench(options);
    for (const id of [0, 1]) joined(bench, id);
    bench.deaf.add(0);
    for (let i = 0; i < 400; i++) {
      if (i % 30 === 0) send(bench, 1, heartbeatOf(1));
      bench.tick();
    }
    // Timeout, then the wait for a Close that never comes: twice 2 s.
    expect(bench.closedMs.get(0)).toBeGreaterThan(4000);
    expect(bench.closedMs.get(0)).toBeLessThan(4300);
    expect(bench.written(1).at(-1)!.atMs).toBeGreaterThan(bench.nowMs - 50);
  });

  it("off: the others go on, and what the deaf client does not get is counted", () => {
    const bench = deafClient(but("send"));
    const before = bench.written(1).length;
    bench.tick(1200);
    expect(bench.written(1).length).toBeGreaterThan(before + 1000);
    expect(bench.core.stats().slowReaderDrops).toBeGreaterThan(100);
    expect(bench.core.stats().limits.send).toBe(0);
  });
});

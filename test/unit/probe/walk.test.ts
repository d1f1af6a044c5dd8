// One walk on a virtual clock and a transport in memory: what leaves when, which step is told when, and how long it waits.
import { describe, expect, it } from "vitest";
import type { ProbeFrame, ProbeStep } from "../../../src/probe/observation.js";
import { Walk } from "../../../src/probe/walk.js";
import { WalkRecord } from "../../../src/probe/walk-record.js";
import type { WalkSetup } from "../../../src/probe/walk-setup.js";
import { encodeConnectAccept, encodeControl, writeData } from "../../../src/protocol/wire.js";
import type { Transport, TransportEvents, TransportTarget } from "../../../src/transport/transport.js";
import { virtualScheduler } from "../../support/virtual-clock.js";

const TOKEN = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const ACCEPT = encodeConnectAccept(TOKEN);
const HEARTBEAT = encodeControl("heartbeat", TOKEN);
const DISCONNECT = encodeControl("disconnect", TOKEN);

/** Does nothing but keep what it was told. */
class SilentTransport implements Transport {
  readonly ownsControlFrames = true;
  readonly bufferedBytes = 0;
  readonly log: string[] = [];
  events: TransportEvents | undefined;

  open(_target: TransportTarget, events: TransportEvents): void {
    this.events = events;
  }
  sendBinary(message: Uint8Array): void {
    this.log.push(`binary ${message[0]}`);
  }
  sendPing(): void {
    this.log.push("ping");
  }
  sendPong(): void {
    this.log.push("pong");
  }
  sendClose(code: number | undefined): void {
    this.log.push(`close ${code}`);
  }
  end(): void {
    this.log.push("end");
  }
  destroy(): void {
    this.log.push("destroy");
  }
  cork(): void {}
  uncork(): void {}
}

function walking(over: Partial<WalkSetup> = {}) {
  const { clock, queue } = virtualScheduler(1000);
  const transport = new SilentTransport();
  const steps: ProbeStep[] = [];
  const frames: ProbeFrame[] = [];
  const listener = {
    onStep: (step: ProbeStep) => void steps.push(step),
    onFrame: (f: ProbeFrame) => void frames.push(f),
  };
  const record = new WalkRecord(listener, queue, 1000);
  let doneCount = 0;
  const target = { url: "ws://game.example/", maxMessageBytes: 1386 };
  const setup: WalkSetup = {
    target,
    address: "192.0.2.7",
    token: TOKEN,
    limitMs: 5000,
    holdMs: 12_000,
    messageBytes: 64,
    scheduler: queue,
    createTransport: () => transport,
    ...over,
  };
  const walk = new Walk(setup, record, () => {
    doneCount++;
  });
  walk.start();
  const events = transport.events!;
  return {
    clock,
    walk,
    transport,
    frames,
    events,
    isDone: () => doneCount === 1,
    told: () => steps.map(({ name, result, tookMs }) => `${name} ${result} ${tookMs}`),
    open: () => {
      events.onPhase("tcp");
      events.onPhase("upgradeSent");
      events.onOpen();
      events.onBatchEnd();
    },
    receive: (...packets: Uint8Array[]) => {
      for (const packet of packets) events.onBinary(packet);
      events.onBatchEnd();
    },
  };
}

function echoOf(payloadBytes: number): Uint8Array {
  const text = new TextEncoder().encode("utp-load probe ".repeat(6)).subarray(0, payloadBytes);
  const packet = new Uint8Array(10 + payloadBytes);
  writeData(packet, TOKEN, 0, text);
  return packet;
}

describe("a healthy walk", () => {
  it("sends its message 250 ms after the Accept, heartbeats, and leaves with 02, Close, the peer's Close and FIN", () => {
    const { clock, walk, transport, events, isDone, told, receive } = walking();
    clock.advanceBy(5);
    events.onPhase("tcp");
    clock.advanceBy(10);
    events.onPhase("upgradeSent");
    clock.advanceBy(20);
    events.onOpen();
    clock.advanceBy(7);
    receive(ACCEPT);
    clock.advanceBy(250);
    receive(echoOf(64));
    for (let second = 0; second < 11; second++) {
      clock.advanceBy(1000);
      receive(HEARTBEAT);
    }
    clock.advanceBy(750);
    expect(transport.log.slice(-2)).toEqual(["binary 2", "close 1000"]);
    clock.advanceBy(33);
    events.onClose(1000);
    clock.advanceBy(4);
    events.onEnded("fin", "gone");
    expect(isDone()).toBe(true);
    expect(told()).toEqual([
      "tcp ok 5",
      "upgrade ok 20",
      "accept ok 7",
      "message ok 0",
      "heartbeats ok null",
      "hold ok 12000",
      "disconnect ok 33",
      "fin ok 4",
    ]);
    expect(walk.facts()).toMatchObject({ stage: "closing", ending: { kind: "holdOver" }, requests: 1, echoMs: 0 });
    expect(walk.facts().tookMs).toEqual({ upgrade: 20, accept: 7, alive: 12_000, sinceMessage: 11_750, silent: 750 });
  });

  it.each([
    ["Close", "disconnect failed 5000", "fin note 5000", undefined],
    ["FIN behind the Close", "disconnect ok 100", "fin note 2000", 1000],
  ])("waits for the peer's %s only so long", (_what, disconnect, fin, closeCode) => {
    const { clock, events, isDone, told, open, receive } = walking({ holdMs: 0 });
    open();
    receive(ACCEPT);
    clock.advanceBy(100);
    if (closeCode !== undefined) events.onClose(closeCode);
    clock.advanceBy(1999);
    expect(isDone()).toBe(false);
    clock.advanceBy(5000);
    expect(told().slice(-2)).toEqual([disconnect, fin]);
    expect(isDone()).toBe(true);
  });

  it("tells a missing echo 2 s after the message, and notes it when it comes after all", () => {
    const { clock, walk, told, open, receive } = walking();
    open();
    receive(ACCEPT);
    clock.advanceBy(250 + 1999);
    expect(told().at(-1)).toMatch(/^accept/);
    clock.advanceBy(1);
    expect(told().at(-1)).toBe("message note 2000");
    clock.advanceBy(100);
    receive(echoOf(64), HEARTBEAT);
    expect(walk.facts().echoMs).toBe(2100);
    expect(told().at(-1)).toBe("message note 2000");
  });

  it("takes another message for no echo, and sends none with size 0", () => {
    const { clock, walk, transport, open, receive } = walking({ messageBytes: 0 });
    open();
    receive(ACCEPT);
    clock.advanceBy(400);
    receive(echoOf(20));
    expect(transport.log).toEqual(["binary 85"]);
    expect(walk.facts()).toMatchObject({ echoMs: undefined, afterAccept: { messages: 1 } });
  });
});

describe("limits", () => {
  it.each([
    ["tcp", "ws:", []],
    ["tls", "wss:", ["tcp"]],
    ["upgrade", "ws:", ["tcp", "upgradeSent"]],
    ["upgrade", "wss:", ["tcp", "tls", "upgradeSent"]],
  ] as const)("%s of %s: given up after the limit of its own", (stage, scheme, phases) => {
    const target = { url: `${scheme}//game.example/`, maxMessageBytes: 1386 };
    const { clock, walk, transport, events, told, isDone } = walking({ target });
    for (const phase of phases) {
      clock.advanceBy(3000);
      events.onPhase(phase);
    }
    clock.advanceBy(4999);
    expect(isDone()).toBe(false);
    clock.advanceBy(1);
    expect(isDone()).toBe(true);
    expect(walk.facts()).toMatchObject({ stage, ending: { kind: "limit" } });
    expect(told().at(-1)).toBe(`${stage} failed 5000`);
    expect(transport.log).toEqual(["destroy"]);
  });

  it("accept: a request each 1001 ms, then the Close and no 02", () => {
    const { clock, walk, transport, events, open } = walking();
    open();
    clock.advanceBy(5000);
    expect(transport.log).toEqual([...Array(5).fill("binary 85"), "close 1000"]);
    events.onClose(1000);
    events.onEnded("fin", "gone");
    expect(walk.facts()).toMatchObject({ stage: "accept", ending: { kind: "limit" }, requests: 5 });
  });
});

describe("ends before the hold is over", () => {
  it.each([5000, 10_000])(
    "a Disconnect %s ms after the Accept: told with that time, answered by a Close",
    (afterMs) => {
      const { clock, walk, transport, events, told, open, receive } = walking();
      open();
      clock.advanceBy(30);
      receive(ACCEPT);
      clock.advanceBy(afterMs);
      receive(DISCONNECT);
      expect(transport.log.at(-1)).toBe("close 1000");
      clock.advanceBy(33);
      events.onClose(1000);
      events.onEnded("fin", "gone");
      expect(told().at(-1)).toBe(`hold failed ${afterMs}`);
      expect(walk.facts()).toMatchObject({ ending: { kind: "disconnect" }, tookMs: { alive: afterMs } });
    },
  );

  it("answers the peer's Close with its code, one without a code with 1000", () => {
    const replies = [1001, 1005].map((code) => {
      const { transport, events, open } = walking();
      open();
      events.onClose(code);
      return transport.log.slice(1);
    });
    expect(replies).toEqual([
      ["close 1001", "end"],
      ["close 1000", "end"],
    ]);
  });

  it("keeps the first cause: a cut behind a text message changes nothing", () => {
    const { walk, events, open, isDone } = walking();
    open();
    events.onText();
    events.onEnded("reset", "broke");
    expect(isDone()).toBe(true);
    expect(walk.facts().ending).toEqual({ kind: "text" });
  });

  it("says nothing more once it is over, whatever the socket still tells", () => {
    const { clock, events, told, isDone, open, receive, walk } = walking({ holdMs: 0 });
    open();
    receive(ACCEPT);
    clock.advanceBy(6000);
    const before = told();
    events.onEnded("local", "closed by this side");
    events.onBatchEnd();
    walk.interrupt();
    clock.advanceBy(60_000);
    expect(told()).toEqual(before);
    expect(isDone()).toBe(true);
  });

  it("tells what it ignored", () => {
    const { walk, events, open, receive, told } = walking();
    open();
    receive(Uint8Array.of(7), HEARTBEAT, new Uint8Array(20).fill(9));
    events.onPing(new Uint8Array(0));
    expect(walk.facts().beforeAccept).toMatchObject({ binaries: 2, early: 1, emptyPings: 1 });
    walk.interrupt();
    expect(told().at(-1)).toMatch(/^accept failed/);
  });

  it("interrupted: leaves with 02 and Close; before the 101 at once", () => {
    const up = walking();
    up.open();
    up.receive(ACCEPT);
    up.walk.interrupt();
    expect(up.transport.log.slice(-2)).toEqual(["binary 2", "close 1000"]);
    const early = walking();
    early.walk.interrupt();
    expect(early.transport.log).toEqual(["destroy"]);
    expect(early.isDone()).toBe(true);
  });
});

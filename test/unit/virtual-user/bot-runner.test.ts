// What a bot does to its player, on a virtual clock: timers, sends, answers, metrics, leaving and coming back.
import { describe, expect, it } from "vitest";
import type { BotContext, SentMessage } from "../../../src/bot/index.js";
import { BotBench, sentBy } from "./bot-bench.js";

const say = (context: BotContext, byte: number): SentMessage | undefined => context.send(Uint8Array.of(byte));

describe("timers", () => {
  it("come in the order of their moments, a schedule beside single calls", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.every(50, () => say(context, 1));
        context.after(60, () => say(context, 2));
        say(context, 3);
      },
    }));
    bench.clock.advanceTo(120);
    expect(sentBy(bench)).toEqual(["0:3", "0:1", "50:1", "60:2", "100:1"]);
  });

  it("count from the moment of the timer that they are set in, however late the thread is", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.after(100, () => {
          say(context, 1);
          context.after(100, () => say(context, 2));
        });
      },
    }));
    bench.clock.blockFor(130);
    bench.clock.advanceTo(300);
    expect(sentBy(bench)).toEqual(["130:1", "200:2"]);
    expect(Math.round(bench.books().trend("send_lag").maxValue / 1000)).toBe(30);
  });

  it("stop when they are told to, also from inside of one", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        let rounds = 0;
        const timer = context.every(10, () => {
          say(context, rounds);
          if (++rounds === 3) timer.stop();
        });
        context.after(5, () => say(context, 9)).stop();
      },
    }));
    bench.clock.advanceTo(1000);
    expect(sentBy(bench)).toEqual(["0:0", "10:1", "20:2"]);
  });

  it("of a schedule that are more than a second late are left out and count as dropped sends", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.every(100, () => say(context, 1));
      },
    }));
    bench.clock.blockFor(2000);
    bench.clock.advanceTo(2001);
    const total = bench.books();
    expect(total.sum("messages_sent")).toBe(11);
    expect(total.byTag("dropped_sends", "why")).toEqual({ lateTick: 10 });
    expect(total.sum("messages_planned")).toBe(21);
  });

  it("end with the connection, and what they missed is counted", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.every(100, () => say(context, 1));
      },
    }));
    bench.clock.advanceTo(250);
    bench.clock.blockFor(150);
    bench.session.ends();
    bench.clock.advanceTo(5000);
    expect(bench.sent).toHaveLength(3);
    expect(bench.books().byTag("dropped_sends", "why")).toEqual({ lateTick: 1 });
  });

  it("that are set from code that waited by itself fire too", () => {
    const bench = BotBench.connected(() => ({}));
    bench.clock.advanceTo(50);
    bench.context.after(10, () => say(bench.context, 1));
    bench.clock.advanceTo(100);
    expect(sentBy(bench)).toEqual(["60:1"]);
  });

  it("let others have their turn where each sets the next at once", () => {
    let calls = 0;
    const bench = BotBench.connected((context) => ({
      onConnected() {
        const again = (): unknown => ++calls < 5000 && context.after(0, again);
        context.after(0, again);
      },
    }));
    bench.clock.blockFor(5000);
    bench.clock.advanceTo(5001);
    expect(calls).toBeLessThanOrEqual(2000);
    bench.clock.advanceTo(5100);
    expect(calls).toBe(5000);
  });
});

describe("a pause of the run", () => {
  it("holds timers: single calls come later, schedules skip what was in it, and sends are planned by nobody", () => {
    const heard: number[] = [];
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.every(100, () => say(context, 1));
        context.after(150, () => say(context, 2));
      },
      onMessage: () => {
        heard.push(context.nowMs);
        say(context, 3);
      },
    }));
    bench.clock.advanceTo(120);
    bench.user.pause(120);
    bench.clock.advanceTo(550);
    bench.session.says(Uint8Array.of(7));
    bench.clock.advanceTo(620);
    bench.user.resume(500, 620);
    bench.clock.advanceTo(720);
    expect(sentBy(bench)).toEqual(["0:1", "100:1", "650:2", "700:1"]);
    const total = bench.books();
    expect([heard, total.sum("sends_unplanned"), total.sum("dropped_sends")]).toEqual([[550], 1, 0]);
  });

  it("in which the connection ends leaves nothing to count", () => {
    const bench = BotBench.connected((context) => ({
      onConnected: () => void context.every(100, () => say(context, 1)),
    }));
    bench.user.pause(0);
    bench.clock.advanceTo(1000);
    bench.session.ends();
    expect(bench.books().sum("messages_planned")).toBe(1);
  });
});

describe("answers", () => {
  it("are measured from the intended time of the message that they answer, once", () => {
    let asked: SentMessage | undefined;
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.after(100, () => {
          asked = say(context, 1);
        });
      },
      onMessage() {
        if (asked !== undefined) context.answered(asked);
      },
    }));
    bench.clock.blockFor(110);
    bench.clock.advanceTo(150);
    bench.session.says(Uint8Array.of(7));
    bench.session.says(Uint8Array.of(7));
    const total = bench.books();
    expect(total.trend("rtt").totalCount).toBe(1);
    expect(Math.round(total.trend("rtt").maxValue / 1000)).toBe(50);
    expect(Math.round(total.trend("rtt_uncorrected").maxValue / 1000)).toBe(40);
    expect(bench.user.outcome).toMatchObject({ sent: 1, answered: 1 });
  });

  it("to marked messages are known by their bytes, of whichever size", () => {
    const bench = BotBench.connected((context) => ({
      onConnected() {
        context.sendMarked(16);
        context.sendMarked(16, 0);
        context.sendMarked(40);
      },
    }));
    bench.clock.advanceTo(20);
    for (const { payload } of bench.sent) bench.session.says(payload);
    bench.session.says(bench.sent[0]!.payload);
    const total = bench.books();
    expect([total.trend("rtt").totalCount, total.sum("messages_answered")]).toEqual([3, 3]);
  });
});

describe("what a bot is given", () => {
  it("is its client's own: number, scenario, values, rows, time, random numbers", () => {
    const players = {
      name: "players",
      columns: ["name", "token"],
      rows: [
        ["ann", "a1"],
        ["bob", "b2"],
      ],
      order: "cyclic",
    } as const;
    const options = { number: 3, scenario: { feeders: [players] }, script: { values: { level: 3 } } };
    const { context, clock } = BotBench.connected(() => ({}), options);
    clock.advanceTo(40);
    expect([context.client, context.scenario, context.nowMs, context.isConnected]).toEqual([3, "test", 40, true]);
    expect([context.values, context.rows]).toEqual([{ level: 3 }, { players: { name: "bob", token: "b2" } }]);
    const draws = [context.random(), context.random()];
    const again = BotBench.connected(() => ({}), options).context;
    const other = BotBench.connected(() => ({}), { ...options, number: 4 }).context;
    expect([again.random(), again.random()]).toEqual(draws);
    expect(other.random()).not.toBe(draws[0]);
    for (const draw of draws) expect(draw >= 0 && draw < 1).toBe(true);
  });

  it("speaks of pipelines by name, and hears of them so", () => {
    const heard: (string | number)[] = [];
    const bench = BotBench.connected(
      (context) => ({
        onConnected() {
          context.send(Uint8Array.of(1), "reliable");
          context.send(Uint8Array.of(1), 2);
          context.sendMarked(16, "unreliable");
        },
        onMessage: (_payload, pipeline) => heard.push(pipeline),
      }),
      { profile: { pipelines: "ngo" } },
    );
    for (const pipelineId of [0, 3]) bench.session.says(Uint8Array.of(1), 1, pipelineId);
    expect(bench.sent.map(({ pipelineId }) => pipelineId)).toEqual([3, 2, 1]);
    expect(heard).toEqual([0, "reliable"]);
  });

  it("may be kept: a message is the bot's own", () => {
    const kept: Uint8Array[] = [];
    const bench = BotBench.connected(() => ({ onMessage: (payload) => kept.push(payload) }));
    const bytes = Uint8Array.of(1, 2);
    bench.session.says(bytes);
    bytes.fill(9);
    expect(kept).toEqual([Uint8Array.of(1, 2)]);
  });

  it("writes and reads Unity's encodings", () => {
    const { context } = BotBench.connected(() => ({}));
    const writer = context.writer(8);
    writer.writePackedInt(-5);
    expect(context.reader(writer.written).readPackedInt()).toBe(-5);
    expect([writer.capacityBytes, context.writer().capacityBytes]).toEqual([8, 1400]);
  });

  it("counts in the scenario's own metrics, checks and log lines", () => {
    const metrics = [
      { name: "kills", kind: "counter" },
      { name: "health", kind: "gauge" },
      { name: "aim", kind: "trend" },
    ] as const;
    const bench = BotBench.connected(
      (context) => ({
        onConnected() {
          context.count("kills");
          context.count("kills", 2);
          context.gauge("health", 70);
          context.trend("aim", 12);
          context.check(true);
          context.check(false);
          context.log("here");
        },
      }),
      { script: { metrics } },
    );
    const total = bench.books();
    expect([total.sum("kills"), total.gauges.health, total.trend("aim").totalCount]).toEqual([3, 70, 1]);
    expect([total.sum("checks_passed"), total.sum("checks_failed"), total.sum("script_logs")]).toEqual([1, 1, 1]);
    expect(bench.logged).toEqual(["client 0 (test): here"]);
  });
});

// Bots that leave, come back, lose their connection, and fail: one bot's error ends that bot, is counted and told once, and nothing else.
import { describe, expect, it } from "vitest";
import type { Bot, BotContext } from "../../../src/bot/index.js";
import { BotBench, sentBy } from "./bot-bench.js";

const COMES_BACK = { reasons: ["Silence"], maxReconnects: 5, firstMs: 100, factor: 1, maxMs: 100, jitterShare: 0 };
const boom = (): never => {
  throw new Error("boom");
};

describe("a bot that leaves", () => {
  it("stays away, or comes back when it says, with what it knew", () => {
    const ends: string[] = [];
    const bench = BotBench.connected((context) => {
      let visits = 0;
      return {
        onConnected() {
          context.send(Uint8Array.of(++visits));
          if (visits < 3) context.after(50, () => context.reconnect(200));
          else context.disconnect();
        },
        onDisconnected: (reason) => ends.push(reason),
      };
    });
    bench.clock.advanceTo(260);
    bench.session.accepts();
    bench.clock.advanceTo(600);
    bench.session.accepts();
    bench.session.released();
    bench.clock.advanceTo(5000);
    expect(sentBy(bench)).toEqual(["0:1", "260:2", "600:3"]);
    expect(ends).toEqual(["ClosedByClient", "ClosedByClient", "ClosedByClient"]);
    expect(bench.books().sum("reconnects")).toBe(2);
    expect(bench.user.state).toBe("left");
  });

  it("may ask for the way back once the connection is lost, whatever the scenario's policy", () => {
    const bench = BotBench.connected((context) => ({
      onDisconnected: (reason) => reason === "ClosedByServer" && context.reconnect(70),
    }));
    bench.session.ends();
    bench.clock.advanceTo(80);
    expect([bench.sessions.length, bench.user.state]).toEqual([2, "joining"]);
  });

  it("leaves the way back to the policy otherwise, and may give it up", () => {
    const bench = BotBench.connected(() => ({}), { scenario: { reconnect: COMES_BACK } });
    bench.session.ends({ reason: "Silence" });
    expect(bench.user.state).toBe("away");
    bench.context.reconnect(1);
    bench.clock.advanceTo(50);
    expect(bench.sessions.length).toBe(1);
    bench.context.disconnect();
    bench.clock.advanceTo(500);
    expect([bench.sessions.length, bench.user.state]).toEqual([1, "left"]);
  });

  it("may do so while it is joining", () => {
    const bench = new BotBench(() => ({}));
    bench.context.disconnect();
    expect(bench.books().sum("clients_cancelled")).toBe(1);
  });

  it("sends nothing meanwhile, which is counted and planned by nobody", () => {
    const bench = BotBench.connected(() => ({}));
    bench.session.ends();
    expect(bench.context.isConnected).toBe(false);
    expect([bench.context.send(Uint8Array.of(1)), bench.context.sendMarked(16)]).toEqual([undefined, false]);
    const total = bench.books();
    expect([total.sum("sends_unplanned"), total.sum("messages_planned")]).toEqual([2, 0]);
  });
});

describe("an error", () => {
  const cases: [where: string, play: (context: BotContext) => Bot][] = [
    ["when a connection is up", () => ({ onConnected: boom })],
    ["at a message", () => ({ onMessage: boom })],
    ["in a timer", (context) => ({ onConnected: () => void context.after(10, boom) })],
    ["in a schedule", (context) => ({ onConnected: () => void context.every(10, boom) })],
    ["of a wrong argument", (context) => ({ onConnected: () => void context.count("nothing") })],
    ["of a wrong pipeline", (context) => ({ onConnected: () => void context.send(Uint8Array.of(1), 7) })],
  ];
  it.each(cases)("%s ends the bot with ScriptError, and is told with its client", (_where, play) => {
    const bench = BotBench.connected(play, { number: 5, scenario: { reconnect: COMES_BACK } });
    bench.session.says(Uint8Array.of(1));
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect(total.byTag("disconnects", "reason")).toEqual({ ScriptError: 1 });
    expect([total.sum("script_errors"), bench.sessions.length, bench.user.state]).toEqual([1, 1, "left"]);
    expect(bench.logged).toHaveLength(1);
    expect(bench.logged[0]).toMatch(/^client 5 \(test\): ScriptError in bot\.mjs: \w*Error: /);
  });

  it("of a promise ends it too, but once", async () => {
    const bench = BotBench.connected(() => ({
      async onConnected() {
        await null;
        boom();
      },
    }));
    await new Promise((resolve) => setImmediate(resolve));
    bench.failsLate(new Error("one more"));
    expect(bench.books().byTag("disconnects", "reason")).toEqual({ ScriptError: 1 });
    expect(bench.logged).toEqual(["client 0 (test): ScriptError in bot.mjs: Error: boom"]);
  });

  const early: [what: string, play: (context: BotContext) => Bot][] = [
    ["throws", boom],
    ["gives back nothing", () => undefined as unknown as Bot],
    ["gives back a promise", () => Promise.resolve({}) as unknown as Bot],
    ["leaves before it is there", (context) => ({ onConnected: context.disconnect() as never })],
    ["sets a timer before it is connected", (context) => ({ onConnected: context.after(1, boom) as never })],
  ];
  it.each(early)("of a bot that %s is a failed attempt, and nothing is sent", (_what, play) => {
    const bench = new BotBench(play);
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect([bench.sessions.length, total.sum("clients_started"), total.sum("clients_failed")]).toEqual([0, 1, 1]);
    expect(total.byTag("connect_failures", "reason")).toEqual({ ScriptError: 1 });
    expect([total.sum("script_errors"), bench.logged.length, bench.done]).toEqual([1, 1, 1]);
  });

  it("of a file that does not load is every bot's", () => {
    const error = new SyntaxError("Unexpected token");
    error.stack = `file:///game/bot.mjs:3\nfoo bar\n${error.stack}`;
    const bench = new BotBench(() => ({}), { module: { error } });
    expect(bench.books().byTag("connect_failures", "reason")).toEqual({ ScriptError: 1 });
    expect(bench.logged).toEqual(["client 0 (test): ScriptError in bot.mjs:3: SyntaxError: Unexpected token"]);
  });

  it("at the end of a connection keeps the bot from coming back", () => {
    const bench = BotBench.connected(() => ({ onDisconnected: boom }), { scenario: { reconnect: COMES_BACK } });
    bench.session.ends({ reason: "Silence" });
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect([bench.sessions.length, total.sum("script_errors"), total.sum("connect_attempts")]).toEqual([1, 1, 1]);
  });

  it.each(["away", "joining"])("while the bot is %s keeps it from coming back", (state) => {
    const bench = BotBench.connected(() => ({}), { scenario: { reconnect: COMES_BACK } });
    bench.session.ends({ reason: "Silence" });
    if (state === "joining") bench.clock.advanceTo(150);
    expect(bench.user.state).toBe(state);
    bench.failsLate(new Error("late"));
    bench.clock.advanceTo(1000);
    expect(bench.user.state).toBe("left");
    expect(bench.books().sum("script_errors")).toBe(1);
  });

  it("after the end is told and counted, and changes nothing", () => {
    const bench = BotBench.connected(() => ({}));
    bench.session.ends();
    bench.failsLate("a text");
    expect(bench.books().byTag("disconnects", "reason")).toEqual({ ClosedByServer: 1 });
    expect(bench.logged).toEqual(["client 0 (test): ScriptError in bot.mjs: a text"]);
  });
});

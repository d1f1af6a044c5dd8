// What a bot is given: its client's facts, its sends, timers and metrics, each argument checked. It does what it is told and decides nothing.
import type { BotContext, BotTimer, SentMessage } from "../bot/index.js";
import type { MetricKind } from "../profile/scenario.js";
import { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import type { SendSchedule } from "../workload/pacer.js";
import { Random } from "../workload/random.js";
import type { BotRole } from "./bot-role.js";
import { BotMessage, type BotSends } from "./bot-sends.js";
import type { BotAction, BotTimers } from "./bot-timers.js";
import type { MessageOutlet } from "./message-outlet.js";
import type { Role } from "./role.js";

/** Keeps these draws apart from those of the client's payloads and reconnects. */
const SEED_OFFSET = 0x27d4eb2f;
const RANGE = 2 ** 32;
const SMALLEST_MARKED_BYTES = 16;
const DEFAULT_CAPACITY_BYTES = 1400;

/** The player behind a bot. */
export interface BotDesk {
  readonly number: number;
  readonly rows: BotContext["rows"];
  readonly outlet: MessageOutlet;
  readonly timers: BotTimers;
  /** Undefined: not connected. */
  readonly sends: BotSends | undefined;
  /** The run is held: nothing is sent. */
  readonly isPaused: boolean;
  /** On the run's clock, ms: now, what the call under way was intended for, and the plan's start. */
  readonly nowMs: number;
  readonly intendedMs: number;
  readonly originMs: number;
  scheduleOf(intervalMs: number): SendSchedule;
  /** A timer was set. */
  onTimer(): void;
  disconnect(): void;
  reconnect(afterMs: number): void;
  log(text: string): void;
}

export class GivenContext implements BotContext {
  readonly client: number;
  readonly scenario: string;
  readonly values: BotContext["values"];
  readonly rows: BotContext["rows"];
  readonly #desk: BotDesk;
  readonly #role: Role;
  readonly #bot: BotRole;
  readonly #random: Random;

  constructor(desk: BotDesk, role: Role, bot: BotRole, seed: number) {
    this.#desk = desk;
    this.#role = role;
    this.#bot = bot;
    this.#random = new Random(seed + SEED_OFFSET, desk.number);
    this.client = desk.number;
    this.scenario = role.scenario.name;
    this.values = bot.script.values;
    this.rows = desk.rows;
  }

  get nowMs(): number {
    return this.#desk.nowMs - this.#desk.originMs;
  }

  get isConnected(): boolean {
    return this.#desk.sends !== undefined;
  }

  random(): number {
    return this.#random.uint32() / RANGE;
  }

  send(payload: Uint8Array, pipeline: string | number = 0): SentMessage | undefined {
    check(payload instanceof Uint8Array, "send", "payload", "a Uint8Array", payload);
    const pipelineId = this.#pipelineId("send", pipeline);
    const { intendedMs, nowMs } = this.#desk;
    return this.#openSends()?.send(pipelineId, payload, intendedMs, nowMs);
  }

  sendMarked(sizeBytes: number, pipeline: string | number = 0): boolean {
    const isSize = Number.isInteger(sizeBytes) && sizeBytes >= SMALLEST_MARKED_BYTES;
    check(isSize, "send", "sizeBytes", `a whole number of at least ${SMALLEST_MARKED_BYTES}`, sizeBytes);
    const pipelineId = this.#pipelineId("send", pipeline);
    const { intendedMs, nowMs } = this.#desk;
    return this.#openSends()?.sendMarked(pipelineId, sizeBytes, intendedMs, nowMs) === true;
  }

  answered(message: SentMessage): void {
    const isOurs = message instanceof BotMessage;
    check(isOurs, "measure an answer", "message", "what send gave back", message);
    if (!isOurs || message.isAnswered) return;
    message.isAnswered = true;
    this.#desk.outlet.countAnswer();
    this.#desk.outlet.measure(message.intendedMs, message.sentMs, this.nowMs);
  }

  check(isPassed: boolean): void {
    check(typeof isPassed === "boolean", "check", "isPassed", "true or false", isPassed);
    this.#role.recorder.count(isPassed ? "checks_passed" : "checks_failed");
  }

  after(delayMs: number, action: BotAction): BotTimer {
    this.#checkTimer("delayMs", delayMs, 0, action);
    // A call after no time at all would hold up everybody.
    return this.#added(this.#desk.timers.addOnce(this.#desk.intendedMs + Math.max(1, delayMs), action));
  }

  every(intervalMs: number, action: BotAction): BotTimer {
    this.#checkTimer("intervalMs", intervalMs, 1, action);
    return this.#added(this.#desk.timers.addSchedule(this.#desk.scheduleOf(intervalMs), action));
  }

  count(metric: string, by = 1): void {
    this.#checkMetric("counter", metric, by);
    this.#role.recorder.count(metric, by);
  }

  gauge(metric: string, value: number): void {
    this.#checkMetric("gauge", metric, value);
    this.#role.recorder.gauge(metric, value);
  }

  trend(metric: string, value: number): void {
    this.#checkMetric("trend", metric, value);
    this.#role.recorder.trend(metric, value);
  }

  log(text: string): void {
    this.#desk.log(String(text));
  }

  disconnect(): void {
    this.#desk.disconnect();
  }

  reconnect(afterMs = 0): void {
    check(isNumber(afterMs, 0), "reconnect", "afterMs", "a number of at least 0", afterMs);
    this.#desk.reconnect(afterMs);
  }

  writer(capacityBytes = DEFAULT_CAPACITY_BYTES): DataStreamWriter {
    const isSize = Number.isInteger(capacityBytes) && capacityBytes >= 0;
    check(isSize, "make a writer", "capacityBytes", "a whole number of at least 0", capacityBytes);
    return new DataStreamWriter(new Uint8Array(capacityBytes));
  }

  reader(bytes: Uint8Array): DataStreamReader {
    check(bytes instanceof Uint8Array, "make a reader", "bytes", "a Uint8Array", bytes);
    return new DataStreamReader(bytes);
  }

  #pipelineId(action: string, pipeline: string | number): number {
    const id = this.#bot.pipelineIds.get(pipeline);
    const known = [...this.#bot.pipelineIds.keys()].join(", ");
    check(id !== undefined, action, "pipeline", `one of ${known}`, pipeline);
    return id ?? 0;
  }

  /** Undefined: nobody has planned a message now, which is counted. */
  #openSends(): BotSends | undefined {
    const { sends, isPaused } = this.#desk;
    if (sends !== undefined && !isPaused) return sends;
    this.#role.recorder.count("sends_unplanned");
    return undefined;
  }

  #checkTimer(what: string, timeMs: number, leastMs: number, action: BotAction): void {
    check(isNumber(timeMs, leastMs), "set a timer", what, `a number of at least ${leastMs}`, timeMs);
    check(typeof action === "function", "set a timer", "action", "a function", action);
    check(this.isConnected, "set a timer", "the client", "connected", "one that is not");
  }

  #added(timer: BotTimer): BotTimer {
    this.#desk.onTimer();
    return timer;
  }

  #checkMetric(kind: MetricKind, metric: string, value: number): void {
    const { metrics } = this.#bot.script;
    const names = metrics.filter((each) => each.kind === kind).map(({ name }) => name);
    const rule = names.length === 0 ? `a ${kind} of the scenario's metrics, which has none` : names.join(" or ");
    check(names.includes(metric), `measure a ${kind}`, "its name", rule, metric);
    check(
      isNumber(value, kind === "trend" ? 0 : Number.NEGATIVE_INFINITY),
      `measure ${metric}`,
      "it",
      "a number",
      value,
    );
  }
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}

/** @throws {RangeError} Into the bot's own code, where it is an error like any other. */
function check(isRight: boolean, action: string, thing: string, rule: string, got: unknown): void {
  if (!isRight) throw new RangeError(`Cannot ${action}: ${thing} must be ${rule}, got ${String(got)}`);
}

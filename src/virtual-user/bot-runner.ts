// One player's bot: calls its handlers and timers, and ends it at its first error. It acts when it is called, has no timer of its own, and
// opens no connection.
import type { Bot } from "../bot/index.js";
import { MIN_LAG_LIMIT_MS } from "../metrics/send-lag-limit.js";
import { ClientVariables } from "../workload/client-variables.js";
import { SendSchedule } from "../workload/pacer.js";
import type { Session } from "./attempt.js";
import { type BotDesk, GivenContext } from "./bot-context.js";
import { botErrorText } from "./bot-error.js";
import type { BotRole } from "./bot-role.js";
import { BotSends } from "./bot-sends.js";
import { type BotAction, BotTimers } from "./bot-timers.js";
import { MAX_SEND_LAG_MS, MessageOutlet } from "./message-outlet.js";
import type { Role } from "./role.js";
import { type ConnectRequest, connectRequestOf, logLine, type Script, type ScriptHost } from "./script.js";
import type { UserContext } from "./user-context.js";

/** Calls at a stretch; then others get their turn. */
const CALLS_PER_TURN = 1000;
const TURN_PAUSE_MS = 1;

export class BotRunner implements Script, BotDesk {
  readonly number: number;
  readonly outlet: MessageOutlet;
  readonly timers = new BotTimers();
  readonly isFed: boolean;
  readonly rows: BotDesk["rows"];
  sends: BotSends | undefined;
  isPaused = false;
  readonly #context: UserContext;
  readonly #role: Role;
  readonly #bot: BotRole;
  readonly #host: ScriptHost;
  readonly #client: ClientVariables;
  #handlers: Bot | undefined;
  /** In words, once the bot has failed. */
  #failure: string | undefined;
  /** What the call under way was intended for; undefined: there is none. */
  #callMs: number | undefined;
  /** Whose turn is over goes on then. */
  #turnMs = Number.NEGATIVE_INFINITY;
  /** From the start of a connection until the bot has heard of its end. */
  #isThere = false;

  constructor(context: UserContext, role: Role, bot: BotRole, number: number, host: ScriptHost) {
    this.#context = context;
    this.#role = role;
    this.#bot = bot;
    this.#host = host;
    this.number = number;
    this.outlet = new MessageOutlet(role.recorder);
    this.#client = new ClientVariables(role.environment, number);
    this.isFed = role.program.feeders.assign(this.#client);
    this.rows = rowsOf(role, this.#client);
  }

  get nextMs(): number {
    return this.isPaused ? Number.POSITIVE_INFINITY : Math.max(this.timers.nextMs, this.#turnMs);
  }

  get nowMs(): number {
    return this.#context.scheduler.nowMs();
  }

  get intendedMs(): number {
    return this.#callMs ?? this.nowMs;
  }

  get originMs(): number {
    return this.#context.originMs;
  }

  connectRequest(maxBytes: number): ConnectRequest {
    if (this.#handlers === undefined && this.#failure === undefined) this.#make();
    if (this.#failure !== undefined) return { refusal: this.#failure };
    return connectRequestOf(this.#role.program, this.#client, maxBytes);
  }

  begin(session: Session, nowMs: number): void {
    this.sends = new BotSends(session, this.outlet, this.#client, this.originMs);
    this.#isThere = true;
    this.#call(() => this.#handlers?.onConnected?.(), nowMs);
  }

  run(nowMs: number, stopMs: number): void {
    for (let calls = 0; this.sends !== undefined && !this.isPaused; calls++) {
      const { nextMs } = this.timers;
      if (nextMs > nowMs || nextMs >= stopMs) return;
      if (calls === CALLS_PER_TURN) {
        this.#turnMs = nowMs + TURN_PAUSE_MS;
        return;
      }
      const { action, dueMs, isTick } = this.timers.take()!;
      if (isTick && nowMs - dueMs > MAX_SEND_LAG_MS) this.outlet.dropTick();
      else this.#call(action, dueMs);
    }
  }

  pause(nowMs: number, stopMs: number): void {
    this.run(nowMs, stopMs);
    this.isPaused = true;
  }

  resume(pausedMs: number, nowMs: number): void {
    this.isPaused = false;
    this.timers.shift(pausedMs, nowMs);
  }

  receive(pipelineId: number, payload: Uint8Array, nowMs: number): boolean {
    const { program, metrics, environment } = this.#role;
    this.sends?.takeEcho(payload, nowMs);
    if (program.readsMessages) {
      program.decoder.read(payload, pipelineId);
      program.decoder.report(metrics, environment.faults);
    }
    if (this.#handlers?.onMessage === undefined) return false;
    const own = payload.slice();
    this.#call(() => this.#handlers?.onMessage?.(own, this.#bot.pipelineNames[pipelineId] ?? pipelineId), nowMs);
    return false;
  }

  end(reason: string, _isOurs: boolean, nowMs: number, stopMs: number): void {
    this.#halt(Math.min(nowMs - MIN_LAG_LIMIT_MS, stopMs));
    this.#call(() => this.#handlers?.onDisconnected?.(reason), nowMs);
    this.#isThere = false;
  }

  scheduleOf(intervalMs: number): SendSchedule {
    const share = this.number / this.#context.plannedClients;
    return new SendSchedule(intervalMs, share, this.intendedMs, this.originMs);
  }

  onTimer(): void {
    this.#host.onScriptTimer();
  }

  disconnect(): void {
    this.#checkMade("disconnect");
    this.#halt(this.nowMs - MIN_LAG_LIMIT_MS);
    this.#host.onScriptDisconnect();
  }

  /** Who is on the way already comes anyhow. */
  reconnect(afterMs: number): void {
    this.#checkMade("reconnect");
    if (!this.#isThere) return;
    this.#halt(this.nowMs - MIN_LAG_LIMIT_MS);
    this.#host.onScriptReconnect(afterMs);
  }

  log(text: string): void {
    logLine(this.#context, this.#role, this.number, text);
  }

  /** The connection is left: its timers stop, and what they missed before `untilMs` is counted. */
  #halt(untilMs: number): void {
    this.sends = undefined;
    this.#turnMs = Number.NEGATIVE_INFINITY;
    const ticks = this.timers.clear(untilMs);
    // In a pause nothing is planned.
    for (let tick = 0; tick < ticks && !this.isPaused; tick++) this.outlet.dropTick();
  }

  #make(): void {
    const { module, watch, scenario } = this.#bot;
    try {
      if ("error" in module) throw module.error;
      const context = new GivenContext(this, this.#role, this.#bot, this.#context.profile.seed);
      const made: unknown = watch.run(scenario, this.number, () => module.factory(context), this.#onLateError);
      const isBot = typeof made === "object" && made !== null && !(made instanceof Promise);
      if (!isBot)
        throw new TypeError(`Cannot use a bot: what bot() returns must be an object of handlers, got ${made}`);
      this.#handlers = made;
    } catch (error) {
      this.#tell(error);
    }
  }

  #checkMade(action: string): void {
    if (this.#handlers !== undefined) return;
    throw new RangeError(`Cannot ${action}: bot() must have returned, got a call from inside of it`);
  }

  #call(code: BotAction, callMs: number): void {
    if (this.#failure !== undefined) return;
    const outerMs = this.#callMs;
    this.#callMs = callMs;
    try {
      const result = this.#bot.watch.run(this.#bot.scenario, this.number, code, this.#onLateError);
      if (result instanceof Promise) result.catch(this.#onLateError);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#callMs = outerMs;
    }
  }

  readonly #onLateError = (error: unknown): void => this.#fail(error);

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#tell(error);
    this.#halt(this.nowMs - MIN_LAG_LIMIT_MS);
    this.#host.onScriptFailed(true);
  }

  /** Counts the one error of this bot; the log has each error once, however many bots run into it. */
  #tell(error: unknown): void {
    const { script, told } = this.#bot;
    const text = botErrorText(error, script);
    this.#failure = text;
    this.#role.recorder.count("script_errors");
    if (told.has(text)) return;
    told.add(text);
    this.log(`ScriptError in ${text}`);
  }
}

/** The client's row of each feeder, by column. */
function rowsOf({ scenario, program }: Role, client: ClientVariables): BotDesk["rows"] {
  const rows = scenario.feeders.map(({ name, columns }) => {
    const cells = columns.map((column) => [column, String(client.get(program.layout.slotOf(`${name}.${column}`)))]);
    return [name, Object.fromEntries(cells) as Record<string, string>] as const;
  });
  return Object.fromEntries(rows);
}

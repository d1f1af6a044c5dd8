// One player's way through its script: where it is, and what it waits for. It acts when it is called, has no timer, and opens no
// connection.
import { MIN_LAG_LIMIT_MS } from "../metrics/send-lag-limit.js";
import { ClientVariables } from "../workload/client-variables.js";
import { ITERATION_SLOT } from "../workload/variable-layout.js";
import type { Session } from "./attempt.js";
import { ConnectionSends } from "./connection-sends.js";
import { MessageOutlet } from "./message-outlet.js";
import type { Role } from "./role.js";
import { type ConnectRequest, connectRequestOf, logLine, type Script, type ScriptHost } from "./script.js";
import type { ExpectPlan, Instruction } from "./script-program.js";
import type { UserContext } from "./user-context.js";

/** Instructions at a stretch; then others get their turn, so that a loop in which no time passes holds nobody up. */
const STEPS_PER_TURN = 1000;
const TURN_PAUSE_MS = 1;
const NEVER = Number.POSITIVE_INFINITY;

export class ScriptRunner implements Script {
  readonly outlet: MessageOutlet;
  readonly isFed: boolean;
  readonly #context: UserContext;
  readonly #role: Role;
  readonly #host: ScriptHost;
  readonly #client: ClientVariables;
  /** Undefined: there is no connection, or the script has left it. */
  #sends: ConnectionSends | undefined;
  #place = 0;
  /** Rounds left, by loop. */
  #rounds: number[] | undefined;
  #iteration = 0;
  /** When the connection came up. */
  #connectedMs = 0;
  /** The next connection goes on behind the `reconnect` step, not from the top. */
  #goesOn = false;
  /** End of the wait, or of the time for what is expected. */
  #wakeMs = NEVER;
  #expected: ExpectPlan | undefined;
  /** For when the step under way was intended. */
  #stepMs = 0;
  #intendedMs: number | undefined;
  #sentMs = 0;
  #stepsLeft = 0;
  #isPaused = false;

  constructor(context: UserContext, role: Role, number: number, host: ScriptHost) {
    this.#context = context;
    this.#role = role;
    this.#host = host;
    this.outlet = new MessageOutlet(role.recorder);
    this.#client = new ClientVariables(role.environment, number);
    this.isFed = role.program.feeders.assign(this.#client);
  }

  get nextMs(): number {
    return this.#sends === undefined || this.#isPaused ? NEVER : Math.min(this.#sends.nextMs, this.#wakeMs);
  }

  connectRequest(maxBytes: number): ConnectRequest {
    return connectRequestOf(this.#role.program, this.#client, maxBytes);
  }

  /** A connection is up: from the top, or behind the `reconnect` step that asked for it. */
  begin(session: Session, nowMs: number): void {
    this.#sends = new ConnectionSends(this.#context, this.#client, this.outlet, session);
    if (!this.#goesOn) {
      this.#place = 0;
      this.#client.set(ITERATION_SLOT, this.#iteration++);
    }
    this.#goesOn = false;
    this.#connectedMs = nowMs;
    this.#intendedMs = undefined;
    this.#goOnFrom(nowMs, nowMs);
  }

  run(nowMs: number, stopMs: number): void {
    if (this.#isPaused) return;
    this.#stepsLeft = STEPS_PER_TURN;
    for (let sends = this.#sends; sends !== undefined; sends = this.#sends) {
      const trackMs = sends.nextMs;
      const dueMs = Math.min(trackMs, this.#wakeMs);
      if (dueMs > nowMs || dueMs >= stopMs) return;
      if (trackMs <= this.#wakeMs) sends.sendNext(nowMs);
      else this.#wake(nowMs);
    }
  }

  pause(nowMs: number, stopMs: number): void {
    this.run(nowMs, stopMs);
    this.#isPaused = true;
  }

  resume(pausedMs: number, nowMs: number): void {
    this.#isPaused = false;
    this.#wakeMs += pausedMs;
    this.#sends?.skipTo(nowMs);
  }

  receive(pipelineId: number, payload: Uint8Array, nowMs: number): boolean {
    const { program, metrics, environment } = this.#role;
    const isEcho = this.#sends?.takeEcho(payload, nowMs) === true;
    if (!program.readsMessages) return false;
    const message = program.decoder.read(payload, pipelineId);
    program.decoder.report(metrics, environment.faults);
    const expected = this.#expected;
    // Later than its time is not in time, even where the timer is later still.
    if (expected === undefined || nowMs > this.#wakeMs || !expected.matcher.test(message, this.#client)) return false;
    expected.matcher.capture(this.#client);
    this.#meet(expected, isEcho, nowMs);
    return true;
  }

  /**
   * The connection is over. What fell due before and did not leave is dropped, not forgotten, but for what a timer's usual lateness
   * would have missed: that is no longer planned. An answer that can come no more has not come, unless we left ourselves.
   */
  end(_reason: string, isOurs: boolean, nowMs: number, stopMs: number): void {
    if (!this.#isPaused) this.#sends?.dropDue(Math.min(nowMs - MIN_LAG_LIMIT_MS, stopMs));
    if (this.#expected !== undefined && !isOurs) this.#role.recorder.count("checks_failed");
    this.#halt();
  }

  #halt(): void {
    this.#sends = undefined;
    this.#expected = undefined;
    this.#wakeMs = NEVER;
  }

  /** A wait is over, or the time for what is expected. */
  #wake(nowMs: number): void {
    const expected = this.#expected;
    const dueMs = this.#wakeMs;
    this.#expected = undefined;
    if (expected !== undefined) this.#role.recorder.count("checks_failed");
    if (expected?.required === true) {
      this.#halt();
      return this.#host.onScriptFailed(false);
    }
    this.#advance(dueMs, nowMs);
  }

  #meet({ rtt }: ExpectPlan, isEcho: boolean, nowMs: number): void {
    this.#expected = undefined;
    this.#role.recorder.count("checks_passed");
    if (rtt && !isEcho && this.#intendedMs !== undefined) {
      if (this.#sends?.takeLast() === true) this.outlet.countAnswer();
      this.outlet.measure(this.#intendedMs, this.#sentMs, nowMs);
    }
    this.#goOnFrom(nowMs, nowMs);
  }

  #goOnFrom(stepMs: number, nowMs: number): void {
    this.#stepsLeft = STEPS_PER_TURN;
    if (this.#isPaused) this.#wakeMs = nowMs;
    else this.#advance(stepMs, nowMs);
  }

  /** Does steps until one takes time. */
  #advance(stepMs: number, nowMs: number): void {
    const { instructions } = this.#role.program;
    this.#stepMs = stepMs;
    this.#wakeMs = NEVER;
    while (this.#place < instructions.length) {
      if (this.#stepsLeft-- <= 0) {
        this.#wakeMs = nowMs + TURN_PAUSE_MS;
        return;
      }
      if (!this.#goesPast(instructions[this.#place++]!, nowMs)) return;
    }
  }

  /** Does one step; false: the script waits, or has left the connection. */
  #goesPast(step: Instruction, nowMs: number): boolean {
    const client = this.#client;
    switch (step.op) {
      case "send":
        if (this.#sends?.send(step.plan, this.#stepMs, nowMs) !== true) return true;
        this.#intendedMs = this.#stepMs;
        this.#sentMs = nowMs;
        return true;
      case "every":
        this.#sends?.start(step.plan, this.#stepMs);
        return true;
      case "expect":
        step.plan.matcher.begin(client);
        this.#expected = step.plan;
        this.#wakeMs = nowMs + step.plan.timeoutMs;
        return false;
      case "wait":
        this.#wakeMs = nowMs + step.draw(client);
        return false;
      case "at":
        this.#wakeMs = this.#connectedMs + step.sinceConnectedMs;
        return false;
      case "disconnect":
        this.#halt();
        this.#host.onScriptDisconnect();
        return false;
      case "reconnect":
        this.#halt();
        this.#goesOn = true;
        this.#host.onScriptReconnect(step.draw(client));
        return false;
      case "set":
        client.set(step.slot, step.value.read(client));
        return true;
      case "log":
        logLine(this.#context, this.#role, this.#client.number, step.text);
        return true;
      default:
        this.#place = this.#nextPlace(step);
        return true;
    }
  }

  /** Where the script goes from here. */
  #nextPlace(step: Extract<Instruction, { op: "loop" | "again" | "unless" | "choose" | "jump" }>): number {
    switch (step.op) {
      case "loop":
        this.#rounds ??= new Array<number>(this.#role.program.loops).fill(0);
        this.#rounds[step.loop] = step.times ?? NEVER;
        return step.times === 0 ? step.end : this.#place;
      case "again":
        return --this.#rounds![step.loop]! > 0 ? step.top : this.#place;
      case "unless":
        return step.test(this.#client) ? this.#place : step.to;
      case "choose":
        return step.places[step.draw(this.#client)]!;
      case "jump":
        return step.to;
    }
  }
}

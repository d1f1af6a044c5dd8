// Where values come from, compiled: a literal, a variable, a counter, chance, a clock. Knows nothing of what becomes of a value.
import type { ValueSource } from "../profile/scenario.js";
import type { ClientVariables } from "./client-variables.js";
import { drawReal, WholeDraw } from "./random-draw.js";
import type { Value } from "./value.js";
import { checkSource, literalInRange, type ValueRange, wholeRange } from "./value-range.js";
import { ValueRegister } from "./value-register.js";
import type { VariableLayout } from "./variable-layout.js";

/** A source for all clients of a scenario. Each use of a counter or of chance in the script is one of its own. */
export interface CompiledValue {
  /** Whether it is known only while it runs, so that what does not fit counts. */
  readonly isOpen: boolean;
  /** The next value as a number; what is none, or was never set, is counted, and 0. Allocates nothing. */
  load(client: ClientVariables, into: ValueRegister): void;
  /** The next value; undefined: a variable that was never set, which is counted. */
  read(client: ClientVariables): Value | undefined;
}

/** The field that values go into: what it holds, and how errors call it. */
export interface ValueTarget {
  readonly range: ValueRange;
  readonly what: string;
}

/**
 * @param target Undefined: the values go into no encoding.
 * @throws {RangeError} If there is no such variable, the random ends are no finite numbers in order, or the target does not hold what
 * is known of the source before anything runs.
 */
export function compileValue(source: ValueSource, layout: VariableLayout, target?: ValueTarget): CompiledValue {
  if (target !== undefined) checkSource(source, target.range, target.what);
  switch (source.from) {
    case "literal":
      return new LiteralValue(
        target === undefined ? source.value : literalInRange(source.value, target.range, target.what),
      );
    case "variable":
      return new VariableValue(layout.slotOf(source.name));
    case "counter":
      return new CounterValue(layout.addCounter(), source.start, source.step);
    case "random":
      return randomValue(source.min, source.max, layout.addRandom(), target?.range);
    case "time":
      return new TimeValue(source.clock);
  }
}

class LiteralValue implements CompiledValue {
  readonly isOpen = false;
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  load(_client: ClientVariables, into: ValueRegister): void {
    into.setValue(this.#value);
  }

  read(): Value {
    return this.#value;
  }
}

class VariableValue implements CompiledValue {
  readonly isOpen = true;
  readonly #slot: number;

  constructor(slot: number) {
    this.#slot = slot;
  }

  load(client: ClientVariables, into: ValueRegister): void {
    const value = this.read(client);
    if (value === undefined) into.setNumber(0);
    else if (!into.setValue(value)) client.environment.faults.notNumbers++;
  }

  read(client: ClientVariables): Value | undefined {
    const value = client.get(this.#slot);
    if (value === undefined) client.environment.faults.unset++;
    return value;
  }
}

class CounterValue implements CompiledValue {
  readonly isOpen = false;
  readonly #counter: number;
  readonly #start: number;
  readonly #step: number;

  constructor(counter: number, start: number, step: number) {
    this.#counter = counter;
    this.#start = start;
    this.#step = step;
  }

  load(client: ClientVariables, into: ValueRegister): void {
    into.setNumber(this.read(client));
  }

  /** Multiplied, not added up: a real step does not drift. */
  read(client: ClientVariables): number {
    return this.#start + client.nextCount(this.#counter) * this.#step;
  }
}

/** Whole milliseconds. */
class TimeValue implements CompiledValue {
  readonly isOpen = false;
  readonly #isRun: boolean;

  constructor(clock: "run" | "epoch") {
    this.#isRun = clock === "run";
  }

  load(client: ClientVariables, into: ValueRegister): void {
    into.setNumber(this.read(client));
  }

  read(client: ClientVariables): number {
    const { clock } = client.environment;
    return Math.floor(this.#isRun ? clock.runMs() : clock.epochMs());
  }
}

class RealValue implements CompiledValue {
  readonly isOpen = false;
  readonly #stream: number;
  readonly #min: number;
  readonly #max: number;

  constructor(stream: number, min: number, max: number) {
    this.#stream = stream;
    this.#min = min;
    this.#max = max;
  }

  load(client: ClientVariables, into: ValueRegister): void {
    into.setNumber(this.read(client));
  }

  read(client: ClientVariables): number {
    return drawReal(client, this.#stream, this.#min, this.#max);
  }
}

/** One draw at a time: filled and emptied within a call. */
const drawn = new ValueRegister();

class WholeValue implements CompiledValue {
  readonly isOpen = false;
  readonly #draw: WholeDraw;

  constructor(stream: number, min: bigint, max: bigint) {
    this.#draw = new WholeDraw(stream, min, max);
  }

  load(client: ClientVariables, into: ValueRegister): void {
    this.#draw.draw(client, into);
  }

  read(client: ClientVariables): Value {
    this.#draw.draw(client, drawn);
    return drawn.value;
  }
}

const LONGS = [wholeRange(64, true), wholeRange(64, false)] as const;

/** Whole numbers where both ends are, and 64 bits hold both; else reals. */
function randomValue(min: number, max: number, stream: number, range: ValueRange | undefined): CompiledValue {
  if (!(min <= max && Number.isFinite(min) && Number.isFinite(max))) {
    throw new RangeError(
      `Cannot compile a script: random ends must be two finite numbers in order, got ${min}, ${max}`,
    );
  }
  const whole = range?.isWhole === true ? range : LONGS.find((long) => min >= long.min && max <= long.limit);
  if (whole === undefined || !Number.isInteger(min) || !Number.isInteger(max)) return new RealValue(stream, min, max);
  const longOf = (end: number): bigint => BigInt(literalInRange(end, whole, "a random number"));
  return new WholeValue(stream, longOf(min), longOf(max));
}

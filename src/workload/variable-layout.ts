// Where the state of one client lies: which slot is which variable, and how many counters and random streams there are. Filled while
// a scenario is compiled, and sealed by its first client. Holds no client's state.
import type { Scenario, Step } from "../profile/scenario.js";

/** Slots of the variables that every client has. */
export const CLIENT_SLOT = 0;
export const ITERATION_SLOT = 1;
/** Variables that every client has, by slot: its number in the plan, and how often it began its steps before. */
export const BUILT_IN_VARIABLES = ["client", "iteration"] as const;

/** One of a scenario and worker: everything that is compiled for the scenario shares it. */
export class VariableLayout {
  /** Of the run: what is random is a function of it, of the client's number and of the order of compiling. */
  readonly seed: number;
  readonly #slots = new Map<string, number>();
  readonly #markSizesBytes: number[] = [];
  #variables = 0;
  #counters = 0;
  #randoms = 0;
  #isSealed = false;

  /** @param names Variables besides the built-in ones; a name may come twice. */
  constructor(seed: number, names: Iterable<string> = []) {
    this.seed = seed;
    for (const name of [...BUILT_IN_VARIABLES, ...names])
      if (!this.#slots.has(name)) this.#slots.set(name, this.addSlot());
  }

  /** @throws {RangeError} If there is no variable of that name. */
  slotOf(name: string): number {
    const slot = this.#slots.get(name);
    if (slot !== undefined) return slot;
    const names = [...this.#slots.keys()].join(", ");
    throw new RangeError(`Cannot compile a script: a variable must be one of ${names}, got ${name}`);
  }

  /** A variable without a name. */
  addSlot(): number {
    this.#checkOpen();
    return this.#variables++;
  }

  /** A counter from 0 of every client. */
  addCounter(): number {
    this.#checkOpen();
    return this.#counters++;
  }

  /** A random stream of every client. Each use has its own, so that what one use draws does not depend on when others do. */
  addRandom(): number {
    this.#checkOpen();
    return this.#randoms++;
  }

  /** The marked payload of this size of every client: one for all uses, so that no two messages carry the same mark. */
  addMark(sizeBytes: number): number {
    this.#checkOpen();
    const known = this.#markSizesBytes.indexOf(sizeBytes);
    return known >= 0 ? known : this.#markSizesBytes.push(sizeBytes) - 1;
  }

  markSizeBytes(mark: number): number {
    return this.#markSizesBytes[mark]!;
  }

  /** How much of everything a client has. Nothing can be added afterwards. */
  seal(): { readonly variables: number; readonly counters: number; readonly randoms: number } {
    this.#isSealed = true;
    return { variables: this.#variables, counters: this.#counters, randoms: this.#randoms };
  }

  #checkOpen(): void {
    if (this.#isSealed)
      throw new RangeError("Cannot compile a script: it must be whole before its first client, got more");
  }
}

/** Names of everything that a scenario's clients keep: columns of feeders, captured fields, `set` variables. */
export function variableNames(scenario: Scenario): Set<string> {
  const columns = scenario.feeders.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`));
  return new Set([...columns, ...scenario.steps.flatMap(namesSetBy)]);
}

function namesSetBy(step: Step): string[] {
  switch (step.do) {
    case "set":
      return [step.variable];
    case "expect":
      return step.capture.map(({ variable }) => variable);
    case "repeat":
      return step.steps.flatMap(namesSetBy);
    case "if":
      return [...step.then, ...step.else].flatMap(namesSetBy);
    case "choose":
      return step.options.flatMap(({ steps }) => steps.flatMap(namesSetBy));
    default:
      return [];
  }
}

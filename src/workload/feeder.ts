// Feeders: which row of its data a client gets, and its columns as the client's variables. Reads no file.
import type { Feeder } from "../profile/scenario.js";
import type { ClientVariables } from "./client-variables.js";
import { mix, Random } from "./random.js";
import type { VariableLayout } from "./variable-layout.js";

const RANGE = 0x1_0000_0000;

/**
 * The row of a client; undefined: there is none for it.
 *
 * @param client Its number in the whole plan, from 0.
 * @param index The feeder's place in the scenario, from 0: two random feeders draw apart.
 */
export function feederRow(feeder: Feeder, client: number, seed: number, index: number): number | undefined {
  const count = feeder.rows.length;
  if (count === 0) return undefined;
  switch (feeder.order) {
    case "unique":
      return client < count ? client : undefined;
    case "cyclic":
      return client % count;
    case "random":
      return Math.floor((new Random(seed ^ mix(index), client).uint32() / RANGE) * count);
  }
}

/** @throws {RangeError} If the layout lacks a column, which is a variable `feeder.column`. */
export function compileFeeders(feeders: readonly Feeder[], layout: VariableLayout): FeederRows {
  return new FeederRows(feeders, layout);
}

export class FeederRows {
  readonly #feeders: readonly { readonly feeder: Feeder; readonly slots: readonly number[] }[];
  readonly #seed: number;

  constructor(feeders: readonly Feeder[], layout: VariableLayout) {
    this.#seed = layout.seed;
    this.#feeders = feeders.map((feeder) => ({
      feeder,
      slots: feeder.columns.map((column) => layout.slotOf(`${feeder.name}.${column}`)),
    }));
  }

  /** Sets the client's columns; false: a feeder has no row for it, and it is not to start. */
  assign(client: ClientVariables): boolean {
    for (let index = 0; index < this.#feeders.length; index++) {
      const { feeder, slots } = this.#feeders[index]!;
      const row = feederRow(feeder, client.number, this.#seed, index);
      if (row === undefined) return false;
      const cells = feeder.rows[row]!;
      for (let column = 0; column < slots.length; column++) client.set(slots[column]!, cells[column]);
    }
    return true;
  }
}

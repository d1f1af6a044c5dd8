// In which order the cells of a matrix run: round by round, each variant once a round, shuffled anew, so that drift hits all alike.
import { Random } from "../workload/random.js";
import type { Variant } from "./vary.js";

export interface Cell {
  readonly variant: Variant;
  /** Of the variant, from 0. */
  readonly index: number;
  /** From 1. */
  readonly round: number;
  /** Below the matrix's folder, with a slash between the variant's and the run's. */
  readonly folder: string;
}

const SHUFFLE_SEED = 1;

/** Every variant in every round; the same matrix, the same order. */
export function scheduleOf(variants: readonly Variant[], rounds: number): Cell[] {
  const random = new Random(SHUFFLE_SEED);
  return Array.from({ length: rounds }, (_, round) =>
    shuffled(variants, random).map(({ variant, index }) => {
      return { variant, index, round: round + 1, folder: `${variantFolder(variant, index)}/run-${round + 1}` };
    }),
  ).flat();
}

const NAME_CHARACTERS = 60;

/** `2-rate=20`: no character that a file system would not take. */
export function variantFolder({ name }: Variant, index: number): string {
  const safe = name.replace(/[^A-Za-z0-9._=-]+/g, "-").replace(/[.-]+$/, "");
  return `${index + 1}-${safe.slice(0, NAME_CHARACTERS)}`;
}

/** Fisher and Yates. */
function shuffled(variants: readonly Variant[], random: Random): { variant: Variant; index: number }[] {
  const order = variants.map((variant, index) => ({ variant, index }));
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.uint32() % (last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

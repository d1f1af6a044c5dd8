// Which load to try next, and when the largest one that holds is known. Pure: it knows loads and outcomes, no server and no clock.

/** `unreached`: no client got in. `generator`: whatever it was, it was ours. */
export type TrialOutcome = "held" | "broke" | "unreached" | "generator";

export interface SearchOptions {
  /** Loads to climb until one breaks, rising; one at least. */
  readonly climb: readonly number[];
  /** The smallest load there is, and the smallest step between two. */
  readonly unit: number;
  /** The search ends when what holds and what breaks are at most this share of the load that holds apart, > 0. */
  readonly precision: number;
  /** Runs that must agree about a load near the edge, >= 1: the majority of at most 2 * agree - 1. */
  readonly agree: number;
}

/** How a search ended; loads that are undefined: none was. */
export type SearchEnd =
  | { readonly kind: "found"; readonly limit: number; readonly broken: number }
  /** Not even the largest load of the climb broke. */
  | { readonly kind: "unbroken"; readonly limit: number }
  /** Not even the smallest load held. */
  | { readonly kind: "nothingHeld"; readonly broken: number }
  /** This machine could not make the load `at`; `limit` held, and is no limit of the server. */
  | { readonly kind: "generator"; readonly limit: number | undefined; readonly at: number }
  /** The server let clients in before, and at `broken` nobody any more. */
  | { readonly kind: "gone"; readonly limit: number | undefined; readonly broken: number }
  /** Nobody ever got in. */
  | { readonly kind: "unreached" };

/** What the runs of a load said. */
interface Tally {
  held: number;
  broke: number;
  /** Of the broken. */
  unreached: number;
  /** Tried when some load was known to break: one run says nothing there. */
  readonly isNearEdge: boolean;
}

/** From the load that breaks to the next lower one, while nothing has held yet. */
const DESCENT = 4;

/** Climbs until a load breaks, then halves the distance between what holds and what breaks. Ask `next`, try it, `record` it. */
export class LoadSearch {
  readonly #options: SearchOptions;
  readonly #tallies = new Map<number, Tally>();
  #end: SearchEnd | undefined;

  /** @throws {RangeError} If the options are none that a search can end with. */
  constructor(options: SearchOptions) {
    const { climb, unit, precision, agree } = options;
    const isRising = climb.every((load, index) => load >= unit && load > (climb[index - 1] ?? 0));
    if (climb.length === 0 || !isRising)
      throw new RangeError(`Cannot search: loads must rise, got ${climb.join(", ")}`);
    if (!(unit > 0 && precision > 0 && Number.isInteger(agree) && agree >= 1)) {
      throw new RangeError(
        `Cannot search: unit, precision and agree must be above 0, got ${unit}, ${precision}, ${agree}`,
      );
    }
    this.#options = options;
  }

  /** undefined while there is more to try. */
  get end(): SearchEnd | undefined {
    return this.#end;
  }

  /** The largest load known to hold so far, if there is one; of a single run while nothing has broken. */
  get held(): number | undefined {
    return this.#bestHeld(this.#lowestBroken());
  }

  /** The load to try now; undefined: the end is known. */
  next(): number | undefined {
    if (this.#end !== undefined) return undefined;
    const step = this.#step();
    if (typeof step === "number") return step;
    this.#end = step;
    return undefined;
  }

  /** What a run with this load came to. */
  record(load: number, outcome: TrialOutcome): void {
    const isFirst = this.#tallies.size === 0;
    const isNearEdge = this.#lowestBroken() !== undefined;
    const tally = this.#tallies.get(load) ?? { held: 0, broke: 0, unreached: 0, isNearEdge };
    this.#tallies.set(load, tally);
    if (outcome === "held") tally.held++;
    if (outcome === "broke" || outcome === "unreached") tally.broke++;
    if (outcome === "unreached") tally.unreached++;
    if (outcome === "generator") this.#end = { kind: "generator", limit: this.held, at: load };
    else if (outcome === "unreached" && isFirst) this.#end = { kind: "unreached" };
    else if (tally.unreached >= this.#options.agree) this.#end = { kind: "gone", limit: this.held, broken: load };
  }

  #step(): number | SearchEnd {
    const open = this.#open();
    if (open !== undefined) return open;
    const broken = this.#lowestBroken();
    const held = this.#bestHeld(broken);
    if (broken === undefined) return this.#climbOn(held);
    return held === undefined ? this.#descend(broken) : this.#narrow(held, broken);
  }

  /** A load whose runs do not agree yet, or which one run alone cannot settle. */
  #open(): number | undefined {
    const { agree } = this.#options;
    for (const [load, { held, broke, isNearEdge }] of this.#tallies) {
      if ((broke > 0 || isNearEdge) && held < agree && broke < agree) return load;
    }
    return undefined;
  }

  #lowestBroken(): number | undefined {
    const broken = [...this.#tallies].filter(([, { broke }]) => broke >= this.#options.agree);
    return broken.length === 0 ? undefined : Math.min(...broken.map(([load]) => load));
  }

  #bestHeld(below = Number.POSITIVE_INFINITY): number | undefined {
    const held = [...this.#tallies].filter(
      ([load, tally]) => load < below && (tally.held >= this.#options.agree || (tally.held > 0 && tally.broke === 0)),
    );
    return held.length === 0 ? undefined : Math.max(...held.map(([load]) => load));
  }

  #climbOn(held: number | undefined): number | SearchEnd {
    const { climb } = this.#options;
    if (held === undefined) return climb[0]!;
    return climb.find((load) => load > held) ?? this.#confirmed(held, { kind: "unbroken", limit: held });
  }

  #descend(broken: number): number | SearchEnd {
    const { unit } = this.#options;
    if (broken <= unit) return { kind: "nothingHeld", broken };
    return this.#load(Math.max(1, Math.floor(this.#units(broken) / DESCENT)));
  }

  #narrow(held: number, broken: number): number | SearchEnd {
    const low = this.#units(held);
    const high = this.#units(broken);
    const isNear = high - low <= Math.max(1, low * this.#options.precision);
    if (isNear) return this.#confirmed(held, { kind: "found", limit: held, broken });
    return this.#load(Math.floor((low + high) / 2));
  }

  /** The limit itself is near the edge too: as many runs must have held there. */
  #confirmed(held: number, end: SearchEnd): number | SearchEnd {
    return this.#tallies.get(held)!.held < this.#options.agree ? held : end;
  }

  #units(load: number): number {
    return Math.round(load / this.#options.unit);
  }

  /** Without the digits that a multiplication adds: 7 times 0.1 is 0.7. */
  #load(units: number): number {
    return Number((units * this.#options.unit).toPrecision(12));
  }
}

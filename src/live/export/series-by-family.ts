// Turns names with a tag in braces into families of series with labels, such that the series of a family add up. Pure.

export interface Series<Value> {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: Value;
}
export type NumberSeries = Series<number>;

export interface SeriesFamily<Value> {
  /** The metric's own name. */
  readonly base: string;
  /** The same, with the tag where the metric is told once more by another one: `rtt_by_team`. */
  readonly name: string;
  readonly series: readonly Series<Value>[];
}

/** Which tag is the label of a metric that has several: each of them tells the same events once more. */
const FIRST_TAGS = ["reason", "why", "pipeline", "scenario"];
const TAGGED = /^([^{]*)\{([^:}]*):(.*)\}$/s;

/**
 * A metric without tags gives one series without labels. One with a tag gives a series for each of its values and, where they do not add
 * up to the whole, one without a label for the rest: a sum over the family counts nothing twice. Every further tag, which tells the same
 * samples by another property, gets a family of its own, `<metric>_by_<tag>`.
 *
 * @param named By the name of a snapshot: `rtt`, `rtt{scenario:fighter}`.
 * @param without What of a whole is in none of its parts; undefined: nothing.
 */
export function seriesByFamily<Value>(
  named: ReadonlyMap<string, Value>,
  without: (whole: Value, parts: readonly Value[]) => Value | undefined,
): SeriesFamily<Value>[] {
  const wholes = new Map<string, Value>();
  const tagged = new Map<string, Map<string, Series<Value>[]>>();
  for (const [text, value] of named) {
    const [, base = text, tag, tagValue = ""] = TAGGED.exec(text) ?? [];
    if (!tagged.has(base)) tagged.set(base, new Map());
    if (tag === undefined) wholes.set(base, value);
    else {
      const series = tagged.get(base)!;
      const label = labelName(tag);
      series.set(label, [...(series.get(label) ?? []), { labels: { [label]: tagValue }, value }]);
    }
  }
  return [...tagged].flatMap(([base, byTag]) => familiesOf(base, wholes.get(base), byTag, without));
}

function familiesOf<Value>(
  base: string,
  whole: Value | undefined,
  byTag: ReadonlyMap<string, Series<Value>[]>,
  without: (whole: Value, parts: readonly Value[]) => Value | undefined,
): SeriesFamily<Value>[] {
  const tags = [...byTag.keys()].sort((a, b) => rank(a) - rank(b));
  const [first, ...others] = tags;
  const parts = byTag.get(first ?? "") ?? [];
  const rest =
    whole === undefined || parts.length === 0
      ? whole
      : without(
          whole,
          parts.map(({ value }) => value),
        );
  const main = rest === undefined ? parts : [...parts, { labels: {}, value: rest }];
  return [
    { base, name: base, series: main },
    ...others.map((tag) => ({ base, name: `${base}_by_${tag}`, series: byTag.get(tag)! })),
  ];
}

function rank(tag: string): number {
  const place = FIRST_TAGS.indexOf(tag);
  return place < 0 ? FIRST_TAGS.length : place;
}

/** Labels that are the formats' own, and the one that says which generator of several counted. */
const TAKEN_LABELS: readonly string[] = ["le", "quantile", "shard"];

/** A profile's tags may have hyphens; labels may not. */
function labelName(tag: string): string {
  const name = tag.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z]/.test(name) && !TAKEN_LABELS.includes(name) ? name : `tag_${name}`;
}

// What differs between two plays of one scenario: ranges of bytes, gathered over all messages of a kind, and messages without a partner.
// Says where, not what it may mean.
import { align } from "./align.js";
import { differingRanges } from "./byte-ranges.js";
import type { PlayedMessage, RecordedPlay } from "./recorded-play.js";

/** One pair of messages, and where the range lies in each. */
export interface RangeSample {
  readonly one: PlayedMessage;
  readonly other: PlayedMessage;
  readonly oneBytes: number;
  readonly otherBytes: number;
}

/** A range of bytes that differs in at least one pair of its kind. */
export interface Difference {
  readonly pipeline: string;
  readonly offset: number;
  /** All pairs of the kind, those in which the range is the same included. */
  readonly samples: readonly RangeSample[];
}

export interface PlayDifferences {
  readonly pairs: number;
  readonly differingPairs: number;
  readonly differences: readonly Difference[];
  readonly onlyOne: readonly PlayedMessage[];
  readonly onlyOther: readonly PlayedMessage[];
}

type MessagePair = Pick<RangeSample, "one" | "other">;

/** Messages of different pipelines are never partners; within one, order is kept. */
export function playDifferences(one: RecordedPlay, other: RecordedPlay): PlayDifferences {
  const pairs: MessagePair[] = [];
  const onlyOne: PlayedMessage[] = [];
  const onlyOther: PlayedMessage[] = [];
  for (const pipeline of new Set([...one.messages, ...other.messages].map((message) => message.pipeline))) {
    const ones = one.messages.filter((message) => message.pipeline === pipeline);
    const others = other.messages.filter((message) => message.pipeline === pipeline);
    for (const pair of align(payloadsOf(ones), payloadsOf(others))) {
      if (pair.one === undefined) onlyOther.push(others[pair.other]!);
      else if (pair.other === undefined) onlyOne.push(ones[pair.one]!);
      else pairs.push({ one: ones[pair.one]!, other: others[pair.other]! });
    }
  }
  const differing = pairs.filter((pair) => !isSame(pair));
  return {
    pairs: pairs.length,
    differingPairs: differing.length,
    differences: [...kindsOf(pairs).values()].flatMap(differencesOf).sort(inOrder),
    onlyOne: onlyOne.sort(byNumber),
    onlyOther: onlyOther.sort(byNumber),
  };
}

/** Pairs that look alike: of one pipeline, first byte and length; those of two lengths by their first byte alone. */
function kindsOf(pairs: readonly MessagePair[]): Map<string, MessagePair[]> {
  const kinds = new Map<string, MessagePair[]>();
  for (const pair of pairs) {
    const { one, other } = pair;
    const length = one.payload.length === other.payload.length ? one.payload.length : "any";
    const key = `${one.pipeline} ${one.payload[0]} ${other.payload[0]} ${length}`;
    const kind = kinds.get(key) ?? [];
    kind.push(pair);
    kinds.set(key, kind);
  }
  return kinds;
}

function differencesOf(kind: readonly MessagePair[]): Difference[] {
  const { one, other } = kind[0]!;
  return one.payload.length === other.payload.length ? rangesOfKind(kind) : kind.map(differenceOf);
}

/** Bytes that differ in any pair, as ranges: a number that is the same now and then is one range all the same. */
function rangesOfKind(kind: readonly MessagePair[]): Difference[] {
  const { one } = kind[0]!;
  const marks = new Uint8Array(one.payload.length);
  for (const pair of kind) {
    for (const { offset, one: bytes } of differingRanges(pair.one.payload, pair.other.payload)) {
      marks.fill(1, offset, offset + bytes.length);
    }
  }
  return differingRanges(new Uint8Array(marks.length), marks).map(({ offset, one: { length } }) => {
    const samples = kind.map((pair) => ({ ...pair, oneBytes: length, otherBytes: length }));
    return { pipeline: one.pipeline, offset, samples };
  });
}

function differenceOf(pair: MessagePair): Difference {
  const [{ offset, one, other }] = differingRanges(pair.one.payload, pair.other.payload) as [
    ReturnType<typeof differingRanges>[number],
  ];
  const sample = { ...pair, oneBytes: one.length, otherBytes: other.length };
  return { pipeline: pair.one.pipeline, offset, samples: [sample] };
}

function payloadsOf(messages: readonly PlayedMessage[]): Uint8Array[] {
  return messages.map(({ payload }) => payload);
}

function isSame({ one, other }: MessagePair): boolean {
  return Buffer.compare(one.payload, other.payload) === 0;
}

function inOrder(one: Difference, other: Difference): number {
  return one.samples[0]!.one.number - other.samples[0]!.one.number || one.offset - other.offset;
}

function byNumber(one: PlayedMessage, other: PlayedMessage): number {
  return one.number - other.number;
}

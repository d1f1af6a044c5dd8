// What a range of bytes that differs between two plays may be, in words, where that is plain. A guess for people; nothing is decided by it.
import type { Difference, RangeSample } from "./differences.js";
import { floatsIn, textAt, textWithLengthAt, timeAt, wholeNumber } from "./readings.js";

/** So many pairs are looked at; a counter needs at least three. */
const LOOKED_AT = 100;
const COUNTER_PAIRS = 3;
/** Shorter bytes without another meaning are a number rather than a token. */
const TOKEN_BYTES = 8;

/** One side of a pair: a message, and where in it the range lies. */
export interface Place {
  readonly message: Uint8Array;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Such as `a counter that goes up by 1`. */
export function meaningOf(difference: Difference): string {
  const samples = difference.samples.slice(0, LOOKED_AT);
  const places = samples.flatMap((sample) => placesOf(sample, difference.offset));
  const all = (test: (place: Place) => boolean): boolean => places.every(test);
  if (all((place) => textWithLengthAt(place) !== undefined)) {
    return "a text with its length in front, such as a name: a fixedString field with a feeder's column";
  }
  if (all((place) => textAt(place) !== undefined)) return "a text, such as a name or token: a text field";
  const step = stepOf(samples, difference.offset);
  if (step !== undefined)
    return `a counter that goes up by ${step}: a field with { counter: { start: .., step: ${step} } }`;
  const time = timeAt(places[0]!);
  if (time !== undefined && all((place) => timeAt(place) === time))
    return `a time, ${time}: a field with { time: epoch }`;
  const floats = floatsIn(places[0]!)?.length;
  if (floats !== undefined && all((place) => floatsIn(place)?.length === floats)) {
    return floats === 1 ? "a float" : `${floats} floats, such as a position`;
  }
  const longest = Math.max(...places.map(({ lengthBytes }) => lengthBytes));
  if (longest >= TOKEN_BYTES) return "bytes without a plain meaning, such as a token or key";
  if (longest <= 4) return "a whole number, such as an id";
  return "bytes without a plain meaning";
}

export function placesOf({ one, other, oneBytes, otherBytes }: RangeSample, offset: number): [Place, Place] {
  return [
    { message: one.payload, offset, lengthBytes: oneBytes },
    { message: other.payload, offset, lengthBytes: otherBytes },
  ];
}

/** By how much the number in the range goes up from one message to the next, if it always does so, in both plays. */
function stepOf(samples: readonly RangeSample[], offset: number): number | undefined {
  if (samples.length < COUNTER_PAIRS) return undefined;
  const numbers = samples.map((sample) => placesOf(sample, offset).map(wholeNumber));
  const [first, second] = numbers as [number[], number[]];
  const step = second[0]! - first[0]!;
  const goesUp = numbers.every((pair, index) => {
    const before = numbers[index - 1];
    return before === undefined || pair.every((number, side) => number - before[side]! === step);
  });
  return step > 0 && goesUp ? step : undefined;
}

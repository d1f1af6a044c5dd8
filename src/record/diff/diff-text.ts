// The differences of two recordings as lines for the terminal. Finds none itself.
import { hexOf } from "../figures.js";
import { type Difference, type PlayDifferences, playDifferences, type RangeSample } from "./differences.js";
import { meaningOf, type Place, placesOf } from "./meaning.js";
import { floatsIn, textAt, textWithLengthAt, wholeNumber } from "./readings.js";
import type { PlayedMessage, RecordedPlay } from "./recorded-play.js";

/** Of a range, so many pairs are shown; of messages without a partner so many. */
const SHOWN_PAIRS = 3;
const SHOWN_MESSAGES = 20;
const SHOWN_BYTES = 16;
const CONNECT_PAYLOAD = 0;

/** A file and what its clients sent. */
export interface NamedPlays {
  readonly name: string;
  readonly plays: readonly RecordedPlay[];
}

/** Scenarios are compared in their order: first with first. */
export function diffLines(one: NamedPlays, other: NamedPlays): string[] {
  const width = Math.max(one.name.length, other.name.length);
  const names: readonly [string, string] = [one.name.padEnd(width), other.name.padEnd(width)];
  const count = Math.min(one.plays.length, other.plays.length);
  const compared = one.plays.slice(0, count).flatMap((play, index) => {
    const partner = other.plays[index]!;
    return [...playLines(play, partner, names), ""];
  });
  const alone = [one, other].flatMap(({ name, plays }) =>
    plays.slice(count).map(({ scenario }) => `${scenario} is in ${name} only`),
  );
  return [...compared, ...alone];
}

function playLines(one: RecordedPlay, other: RecordedPlay, names: readonly [string, string]): string[] {
  const found = playDifferences(one, other);
  const { pairs, differingPairs, differences, onlyOne, onlyOther } = found;
  const title = one.scenario === other.scenario ? one.scenario : `${one.scenario} and ${other.scenario}`;
  return [
    `${title}: ${pairs} messages in both, ${differingPairs} of them different`,
    ...(isEqual(found) ? ["  nothing differs: no candidate for a variable"] : []),
    ...differences.flatMap((difference) => differenceLines(difference, names)),
    ...aloneLines(onlyOne, names[0].trimEnd()),
    ...aloneLines(onlyOther, names[1].trimEnd()),
  ];
}

function isEqual({ differences, onlyOne, onlyOther }: PlayDifferences): boolean {
  return differences.length + onlyOne.length + onlyOther.length === 0;
}

function differenceLines(difference: Difference, names: readonly [string, string]): string[] {
  const { offset, samples } = difference;
  const differing = samples.filter((sample) => !isSameRange(placesOf(sample, offset)));
  const { one, oneBytes, otherBytes } = differing[0]!;
  const length = oneBytes === otherBytes ? `${oneBytes}` : `${oneBytes} and ${otherBytes}`;
  const others = samples.length > 1 ? `, different in ${differing.length} of ${samples.length} messages like it` : "";
  return [
    `  ${messageName(one)}, offset ${offset}, length ${length}${others}`,
    `    may be ${meaningOf(difference)}`,
    ...differing.slice(0, SHOWN_PAIRS).flatMap((sample) => sampleLines(sample, offset, names)),
  ];
}

function sampleLines(sample: RangeSample, offset: number, names: readonly [string, string]): string[] {
  const numbers = [sample.one.number, sample.other.number];
  return placesOf(sample, offset).map((place, side) => {
    return `    ${names[side]}  message ${numbers[side]}: ${shown(place)}`;
  });
}

/** The bytes, and what they say where that can be read. */
function shown(place: Place): string {
  const bytes = place.message.subarray(place.offset, place.offset + place.lengthBytes);
  const hex = `${hexOf(bytes.subarray(0, SHOWN_BYTES))}${bytes.length > SHOWN_BYTES ? ".." : ""}`;
  return `${hex || "(nothing)"}${readingOf(place)}`;
}

function readingOf(place: Place): string {
  const text = textWithLengthAt(place) ?? textAt(place);
  if (text !== undefined) return ` ${JSON.stringify(text)}`;
  const floats = floatsIn(place);
  if (floats !== undefined) return ` ${floats.map((float) => Number(float.toPrecision(6))).join(", ")}`;
  return place.lengthBytes <= 4 ? ` ${wholeNumber(place)}` : "";
}

function aloneLines(messages: readonly PlayedMessage[], name: string): string[] {
  const lines = messages.slice(0, SHOWN_MESSAGES).map((message) => {
    const { payload } = message;
    const hex = `${hexOf(payload.subarray(0, SHOWN_BYTES))}${payload.length > SHOWN_BYTES ? ".." : ""}`;
    return `  ${messageName(message)} is in ${name} only: ${hex}`;
  });
  const rest = messages.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more in ${name} only`] : lines;
}

function messageName({ number, pipeline, payload }: PlayedMessage): string {
  if (number === CONNECT_PAYLOAD) return `the connect payload (${payload.length} bytes)`;
  const where = pipeline === "0" ? "" : ` on ${pipeline}`;
  return `message ${number}${where} (${payload.length} bytes)`;
}

function isSameRange([one, other]: [Place, Place]): boolean {
  const bytes = ({ message, offset, lengthBytes }: Place) => message.subarray(offset, offset + lengthBytes);
  return Buffer.compare(bytes(one), bytes(other)) === 0;
}

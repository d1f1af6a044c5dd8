// What a recording says that its clients sent, read back out of the profile that it became. Plays nothing, reads no file.
import { UsageError } from "../../errors.js";
import type { ParsedProfile } from "../../profile/parse-profile.js";
import type { WrittenField } from "../../profile/schema-payload.js";
import type { WrittenSend, WrittenStep } from "../../profile/schema-steps.js";
import { bytesOfHex } from "../figures.js";

export interface PlayedMessage {
  /** Counted from 1 in its scenario, as the comments of a recording do; 0: the connect payload. */
  readonly number: number;
  /** Name or number as written; 0: none. */
  readonly pipeline: string;
  readonly payload: Uint8Array;
}

/** What one scenario sends, in order. */
export interface RecordedPlay {
  readonly scenario: string;
  readonly messages: readonly PlayedMessage[];
}

/**
 * @param fileName Stands in error messages.
 * @throws {UsageError} If the profile is none that `record` has written: everything that it sends must be bytes.
 */
export function recordedPlays({ input }: ParsedProfile, fileName: string): RecordedPlay[] {
  const scenarios = Object.entries(input.scenarios ?? {});
  if (scenarios.length === 0) throw notRecorded(fileName, "a profile without scenarios");
  return scenarios.map(([scenario, { connectPayload, steps }]) => {
    const bytes = (fields: readonly WrittenField[] | undefined, where: string): Uint8Array => {
      const payload = fields === undefined ? undefined : bytesOf(fields);
      if (payload === undefined) throw notRecorded(fileName, `scenario ${scenario}, whose ${where} is not only hex`);
      return payload;
    };
    if (steps === undefined) throw notRecorded(fileName, `scenario ${scenario}, which a script plays`);
    const login = connectPayload === undefined ? [] : [loginOf(bytes(connectPayload, "connectPayload"))];
    const sends = steps.flatMap((step, index) => {
      if (!isPlain(step))
        throw notRecorded(fileName, `scenario ${scenario}, whose step ${index} is none of a recording`);
      return step.send === undefined ? [] : [{ message: messageOf(step.send), where: `step ${index}` }];
    });
    const messages = sends.map(({ message: { pipeline, payload }, where }, index) => {
      return { number: index + 1, pipeline, payload: bytes(payload, where) };
    });
    return { scenario, messages: [...login, ...messages] };
  });
}

function loginOf(payload: Uint8Array): PlayedMessage {
  return { number: 0, pipeline: "connect", payload };
}

/** A recording sends, waits and leaves; what somebody has added that sends nothing is no harm. */
function isPlain({ every, repeat, choose, if: condition, reconnect }: WrittenStep): boolean {
  return [every, repeat, choose, condition, reconnect].every((part) => part === undefined);
}

function messageOf(send: WrittenSend): { pipeline: string; payload: readonly WrittenField[] | undefined } {
  return "length" in send
    ? { pipeline: "0", payload: send }
    : { pipeline: String(send.pipeline ?? 0), payload: send.payload };
}

/** Undefined: a field is not hex. */
function bytesOf(fields: readonly WrittenField[]): Uint8Array | undefined {
  const parts = fields.map(({ hex }) => hex);
  return parts.every((hex) => hex !== undefined) ? bytesOfHex(parts.join("")) : undefined;
}

function notRecorded(fileName: string, got: string): UsageError {
  return new UsageError(
    `Cannot record: --diff must be given two recordings, got ${fileName}: ${got}`,
    "A recording is a profile that `utp-load record` wrote: steps that send bytes as hex, at their times",
  );
}

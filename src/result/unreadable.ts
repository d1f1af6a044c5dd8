// What a person is told of a folder that is no result, or of a file in it that cannot be read. Reads nothing itself.
import { UsageError } from "../errors.js";

const SHOWN_CHARACTERS = 60;
const HINT =
  "The file was changed, or its disk is damaged: run again, or bring back the whole folder from where it was copied";

/** A line in the middle of a file is not what it should be. */
export function unreadableLine(path: string, number: number, rule: string, got: string): UsageError {
  return new UsageError(`Cannot read result: ${path}:${number} must be ${rule}, got ${shown(got)}`, HINT);
}

/** A whole file is not what it should be. */
export function unreadableFile(path: string, rule: string, got: string, hint = HINT): UsageError {
  return new UsageError(`Cannot read result: ${path} must be ${rule}, got ${shown(got)}`, hint);
}

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text);
}

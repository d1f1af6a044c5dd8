// `record --diff`: two recordings of the same play, and what of them may be a variable. Reads two files, writes none.
import { readFileSync } from "node:fs";
import { UsageError } from "../errors.js";
import { parseProfile } from "../profile/parse-profile.js";
import { diffLines, type NamedPlays } from "../record/diff/diff-text.js";
import { recordedPlays } from "../record/diff/recorded-play.js";
import type { DiffTask } from "./record-flags.js";

/** @throws {UsageError | ProfileError} If a file cannot be read, is no profile, or none that was recorded. */
export function runRecordDiff({ paths: [one, other] }: DiffTask): void {
  process.stdout.write(`${diffLines(playsOf(one), playsOf(other)).join("\n").trimEnd()}\n`);
}

function playsOf(path: string): NamedPlays {
  return { name: path, plays: recordedPlays(parseProfile(contentOf(path), path, process.env), path) };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `Cannot record: --diff must be given files that can be read, got ${path} (${code})`,
      "Is it there?",
    );
  }
}

// `record --from`: a capture of a WebSocket session becomes a profile. Reads one file, writes one; opens no port.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../errors.js";
import { captureRecordings } from "../record/capture.js";
import { profileText } from "../record/profile-text.js";
import { counted, totalsOf, unreadHint, unreadOf, unreadText } from "../record/recording.js";
import { VERSION } from "../version.js";
import { ProfileOutput } from "./profile-output.js";
import type { CaptureTask } from "./record-flags.js";

/** @throws {UsageError | EnvironmentError} If the capture cannot be used, or the file cannot be written. */
export function runRecordFrom({ capturePath, target, outPath, isForced, pipelines }: CaptureTask): void {
  const output = new ProfileOutput(outPath, isForced);
  try {
    const recordings = captureRecordings(contentOf(capturePath), capturePath, pipelines);
    const words = `${VERSION} from the capture ${basename(capturePath)}`;
    const origin = target === undefined ? "embedded" : `${target.protocol}//${target.host}`;
    output.write(profileText(recordings, { words, target: origin, pipelines, fileName: outPath }));
    const sent = totalsOf(recordings, "client");
    const unread = unreadOf(recordings);
    const figures = `${counted(sent.messages, "message")} to the server (${counted(sent.bytes, "byte")})`;
    process.stdout.write(`${outPath} written: ${figures}; not decoded: ${unreadText(unread)}\n`);
    const hint = unreadHint(unread);
    if (hint !== undefined) process.stderr.write(`${hint}\n`);
  } catch (error) {
    output.discard();
    throw error;
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `Cannot record: --from must be a file that can be read, got ${path} (${code})`,
      "Is it there?",
    );
  }
}

// Runs the recording proxy until its time is over or somebody ends it; the profile is written whatever ends it. Decodes nothing itself.

import { seconds } from "../record/figures.js";
import { profileText } from "../record/profile-text.js";
import { RecordProxy } from "../record/record-proxy.js";
import { counted, type Recording, totalsOf, unreadHint, unreadOf, unreadText } from "../record/recording.js";
import { exitCode } from "../result/exit-code.js";
import { monotonicClock } from "../time/clock.js";
import { VERSION } from "../version.js";
import { ProfileOutput } from "./profile-output.js";
import type { ProxyTask } from "./record-flags.js";
import { stopWish } from "./stop-wish.js";

/**
 * Resolves to the exit code once the profile is written: 0, or 113 where no client got in, so that there is none.
 *
 * @throws {UsageError | EnvironmentError} If the file or the port cannot be had; nothing was listened to then.
 */
export async function runRecord(task: ProxyTask): Promise<number> {
  const output = new ProfileOutput(task.outPath, task.isForced);
  const proxy = await listening(task, output);
  const url = `ws://${task.host.includes(":") ? `[${task.host}]` : task.host}:${proxy.port}`;
  print(`listening on ${url}${task.target.pathname}${task.target.search} for ${task.target.href}`);
  const words = `${VERSION} on ${new Date().toISOString()}, between a game on ${url} and ${task.target.href}`;
  const save = (): boolean => saved(proxy.recordings(), { words, task, output });
  // An internal error ends the process at once: what was heard until then is kept all the same.
  process.once("exit", save);
  await ending(task.durationMs);
  const elapsedMs = proxy.elapsedMs;
  const recordings = proxy.recordings();
  const isSaved = save();
  process.off("exit", save);
  proxy.close();
  const hint = unreadHint(unreadOf(recordings));
  if (hint !== undefined) process.stderr.write(`${hint}\n`);
  print(isSaved ? `${task.outPath} written: ${figures(recordings, elapsedMs)}` : nothingText(recordings, elapsedMs));
  return exitCode({ neverReached: !isSaved });
}

async function listening(task: ProxyTask, output: ProfileOutput): Promise<RecordProxy> {
  const { host, port, target, pipelines, ca, isInsecure } = task;
  try {
    return await RecordProxy.listen({
      host,
      port,
      target: { url: target.href, insecure: isInsecure, ...(ca !== undefined && { ca }) },
      pipelines,
      clock: monotonicClock,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
  } catch (error) {
    output.discard();
    throw error;
  }
}

interface Saving {
  readonly words: string;
  readonly task: ProxyTask;
  readonly output: ProfileOutput;
}

/** False: nobody got in, and nothing was written. */
function saved(recordings: readonly Recording[], { words, task, output }: Saving): boolean {
  if (recordings.every(({ acceptedMs }) => acceptedMs === undefined)) {
    output.discard();
    return false;
  }
  const { pipelines, target, outPath } = task;
  output.write(
    profileText(recordings, { words, target: `${target.protocol}//${target.host}`, pipelines, fileName: outPath }),
  );
  return true;
}

/** Resolves when the recording is to end. */
function ending(durationMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (durationMs !== undefined) setTimeout(resolve, durationMs).unref();
    process.once("SIGHUP", resolve);
    void stopWish(() => process.exit()).then(resolve);
  });
}

function figures(recordings: readonly Recording[], elapsedMs: number): string {
  const [up, down] = [totalsOf(recordings, "client"), totalsOf(recordings, "server")];
  const clients = recordings.filter(({ acceptedMs }) => acceptedMs !== undefined).length;
  const others = recordings.length - clients;
  return [
    `${counted(clients, "client")}${others > 0 ? ` (${others} more never got in)` : ""}`,
    `${counted(up.messages, "message")} to the server (${counted(up.bytes, "byte")})`,
    `${down.messages} from it (${counted(down.bytes, "byte")})`,
    `${seconds(elapsedMs)}; not decoded: ${unreadText(unreadOf(recordings))}`,
  ].join(", ");
}

function nothingText(recordings: readonly Recording[], elapsedMs: number): string {
  const came =
    recordings.length === 0 ? "no client came" : `${counted(recordings.length, "client")} came, and none got in`;
  return `nothing recorded in ${seconds(elapsedMs)}: ${came}; not decoded: ${unreadText(unreadOf(recordings))}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Live progress of a run on stderr: one line drawn over itself on a terminal, a plain line every few seconds elsewhere. Never on stdout.
import { SingleBar } from "cli-progress";
import type { Interval } from "../engine/run-types.js";
import type { Profile } from "../profile/profile.js";
import { liveLine, type ProgressState, plainLine, startOf, stateAfter } from "./progress-line.js";

/** What progress writes to: stderr, or a test's own. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Where nobody watches a line move, plain ones come this far apart. */
const PLAIN_EVERY_MS = 5000;
const REDRAWS_PER_SECOND = 2;
const DEFAULT_COLUMNS = 80;

/** Whether the cursor may be moved: both outputs are terminals, and neither `NO_COLOR` nor `CI` is set to something. */
export function isLive(env: NodeJS.ProcessEnv, stdout: { isTTY?: boolean }, stderr: { isTTY?: boolean }): boolean {
  return stdout.isTTY === true && stderr.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== "dumb";
}

export interface ProgressOptions {
  readonly profile: Pick<Profile, "stages">;
  readonly stream: ProgressStream;
  readonly isLive: boolean;
}

export class Progress {
  readonly #stream: ProgressStream;
  readonly #plannedMs: number;
  readonly #bar: SingleBar | undefined;
  #state: ProgressState;
  /** Of the last plain line; a new phase is told at once. */
  #toldMs = Number.NEGATIVE_INFINITY;
  #toldPhase: ProgressState["phase"] = "starting";
  #isStopped = false;

  constructor({ profile, stream, isLive }: ProgressOptions) {
    this.#stream = stream;
    this.#plannedMs = profile.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
    this.#state = startOf(profile.stages);
    this.#bar = isLive ? this.#newBar() : undefined;
    this.#bar?.start(this.#plannedMs, 0);
  }

  /** Shows one more second. */
  onInterval(interval: Interval): void {
    if (this.#isStopped) return;
    this.#state = stateAfter(this.#state, interval);
    if (this.#bar !== undefined) return this.#bar.update(Math.min(this.#state.elapsedMs, this.#plannedMs));
    const isDue = interval.elapsedMs - this.#toldMs >= PLAIN_EVERY_MS || interval.phase !== this.#toldPhase;
    if (!isDue) return;
    this.#toldMs = interval.elapsedMs;
    this.#toldPhase = interval.phase;
    this.#stream.write(`${plainLine(this.#state)}\n`);
  }

  /** A line of the log; it stays above the live line. */
  log(line: string): void {
    const isDrawn = this.#bar !== undefined && !this.#isStopped;
    // The bar goes back to where it was started when it stops: other lines may only come between a stop and a start.
    if (isDrawn) this.#bar?.stop();
    this.#stream.write(`${line}\n`);
    if (isDrawn) this.#bar?.start(this.#plannedMs, Math.min(this.#state.elapsedMs, this.#plannedMs));
  }

  /** Takes the live line away and ends its timer. A second call does nothing. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#bar?.stop();
  }

  #newBar(): SingleBar {
    return new SingleBar({
      stream: this.#stream,
      fps: REDRAWS_PER_SECOND,
      clearOnComplete: true,
      // True trims to the terminal and leaves its settings alone; false would switch its wrapping off.
      linewrap: true,
      // One column stays free: a full line makes some terminals break it.
      format: (_options, { value, total }) =>
        liveLine(this.#state, total > 0 ? value / total : 1, (this.#stream.columns ?? DEFAULT_COLUMNS) - 1),
    });
  }
}

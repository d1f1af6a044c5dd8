// Pushes the metrics of a run to an OpenTelemetry receiver, again and again and once at the end. It never holds the run up.
import type { Interval } from "../../metrics/interval.js";
import type { RunWatcher } from "../run-watcher.js";
import { otlpBody } from "./otlp-body.js";
import { type ExportFailure, otlpPost } from "./otlp-post.js";
import type { OtlpSettings } from "./otlp-settings.js";
import { type RunIdentity, RunMetrics } from "./run-metrics.js";

export interface OtlpExporterOptions {
  readonly settings: OtlpSettings;
  readonly identity: RunIdentity;
  readonly onLog: (line: string) => void;
  /** The network; a test brings its own. */
  readonly post?: typeof otlpPost;
}

/** At the end, with everything that is left to do. */
const FINISH_LIMIT_MS = 5000;
const RETRY_DELAY_MS = 500;
/** Seconds come a little early or late; half of one makes no difference. */
const EARLY_MS = 500;

/**
 * Every export holds the whole run up to its moment, so one that is lost takes nothing with it: there is no queue. While one is under way
 * no other starts.
 */
export class OtlpExporter implements RunWatcher {
  readonly #options: OtlpExporterOptions;
  readonly #post: typeof otlpPost;
  readonly #metrics: RunMetrics;
  #startMs: number | undefined;
  #endMs = 0;
  #exportedMs: number | undefined;
  /** Ends the export that is under way; undefined: none is. */
  #underWay: AbortController | undefined;
  #started = 0;
  #failed = 0;
  #skipped = 0;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
    this.#post = options.post ?? otlpPost;
    this.#metrics = new RunMetrics(options.identity);
  }

  onInterval(interval: Interval): void {
    this.#metrics.add(interval);
    this.#startMs ??= interval.startMs;
    this.#endMs = interval.endMs;
    const sinceMs = interval.endMs - (this.#exportedMs ?? this.#startMs);
    if (sinceMs < this.#options.settings.intervalMs - EARLY_MS) return;
    this.#exportedMs = interval.endMs;
    if (this.#underWay === undefined) void this.#export(this.#options.settings.timeoutMs);
    else this.#skipped++;
  }

  /** The last export, tried again while there is time; then the failures are told. One that is still under way gives way to it. */
  async finish(): Promise<void> {
    if (this.#startMs === undefined) return;
    if (this.#underWay !== undefined) this.#skipped++;
    this.#underWay?.abort();
    const untilMs = performance.now() + FINISH_LIMIT_MS;
    const left = (): number => untilMs - performance.now();
    for (;;) {
      const failure = await this.#export(Math.max(1, Math.min(left(), this.#options.settings.timeoutMs)));
      if (failure?.mayRetry !== true || left() < 2 * RETRY_DELAY_MS) break;
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
    if (this.#failed + this.#skipped === 0) return;
    this.#options.onLog(
      `OpenTelemetry: of ${this.#started} exports ${this.#failed} failed; ${this.#skipped} gave way to another one`,
    );
  }

  async #export(limitMs: number): Promise<ExportFailure | undefined> {
    const controller = new AbortController();
    this.#underWay = controller;
    this.#started++;
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(Math.ceil(limitMs))]);
    const failure = await this.#post(this.#options.settings, this.#body(), signal);
    if (this.#underWay === controller) this.#underWay = undefined;
    if (failure !== undefined && !controller.signal.aborted) this.#noteFailure(failure);
    return failure;
  }

  #body(): string {
    const { settings, identity } = this.#options;
    const { version, id, shard } = identity;
    const own = { "service.version": version, "service.instance.id": id, ...(shard !== undefined && { shard }) };
    return otlpBody(this.#metrics.families(), {
      resource: { ...settings.resource, ...own },
      version,
      startMs: this.#startMs ?? 0,
      nowMs: this.#endMs,
    });
  }

  #noteFailure({ why }: ExportFailure): void {
    const { settings, onLog } = this.#options;
    if (this.#failed++ > 0) return;
    onLog(`OpenTelemetry: metrics were not taken by ${settings.url}: ${why}. The run goes on`);
  }
}

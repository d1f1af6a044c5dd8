// Opens what shall watch a run before it starts, and ends it afterwards. What each of them tells is its own matter.
import type { RunControl } from "../engine/run-control.js";
import type { Interval } from "../metrics/interval.js";
import type { Profile } from "../profile/profile.js";
import type { Summary } from "../result/summary.js";
import type { OtlpSettings } from "./export/otlp-settings.js";
import type { RunIdentity } from "./export/run-metrics.js";
import type { ListenAddress } from "./http-listen.js";
import type { RunWatcher } from "./run-watcher.js";

/** Who is to see a run while it goes on. */
export interface WatcherOptions {
  /** Where Prometheus can scrape it. */
  readonly prometheus?: ListenAddress;
  /** Where OpenTelemetry metrics are pushed. */
  readonly openTelemetry?: OtlpSettings;
  /** Where a browser can follow and change it. */
  readonly dashboard?: ListenAddress;
}

export class RunWatchers implements RunWatcher {
  readonly #watchers: RunWatcher[] = [];

  /**
   * @param onLog Told where each of them is to be found, and of what goes wrong later.
   * @throws {EnvironmentError} If a port cannot be opened; nothing is open then.
   */
  static async open(
    options: WatcherOptions,
    profile: Pick<Profile, "thresholds">,
    identity: RunIdentity,
    onLog: (line: string) => void,
  ): Promise<RunWatchers> {
    const all = new RunWatchers();
    try {
      await all.#open(options, profile, identity, onLog);
      return all;
    } catch (error) {
      await all.finish();
      throw error;
    }
  }

  onStart(control: RunControl): void {
    for (const watcher of this.#watchers) watcher.onStart?.(control);
  }

  onInterval(interval: Interval): void {
    for (const watcher of this.#watchers) watcher.onInterval(interval);
  }

  async finish(summary?: Summary): Promise<void> {
    await Promise.all(this.#watchers.map((watcher) => watcher.finish(summary)));
  }

  /** Each is loaded only where it is asked for: a run without them starts faster. */
  async #open(
    options: WatcherOptions,
    { thresholds }: Pick<Profile, "thresholds">,
    identity: RunIdentity,
    onLog: (line: string) => void,
  ): Promise<void> {
    if (options.dashboard !== undefined) {
      const { Dashboard } = await import("./dashboard/dashboard.js");
      const dashboard = await Dashboard.listen(options.dashboard, identity, thresholds);
      this.#watchers.push(dashboard);
      onLog(`dashboard: ${dashboard.url}`);
    }
    if (options.prometheus !== undefined) {
      const { PrometheusEndpoint } = await import("./export/prometheus-endpoint.js");
      const endpoint = await PrometheusEndpoint.listen(options.prometheus, identity);
      this.#watchers.push(endpoint);
      onLog(`prometheus: metrics at ${endpoint.url}`);
    }
    if (options.openTelemetry !== undefined) {
      const { OtlpExporter } = await import("./export/otlp-exporter.js");
      this.#watchers.push(new OtlpExporter({ settings: options.openTelemetry, identity, onLog }));
      onLog(`opentelemetry: metrics go to ${options.openTelemetry.url}`);
    }
  }
}

// The endpoint that a Prometheus server scrapes while a run goes on. It answers GET /metrics and nothing else.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Interval } from "../../metrics/interval.js";
import { type HttpListening, httpListen, type ListenAddress } from "../http-listen.js";
import type { RunWatcher } from "../run-watcher.js";
import { prometheusText } from "./prometheus-text.js";
import { type RunIdentity, RunMetrics } from "./run-metrics.js";

export class PrometheusEndpoint implements RunWatcher {
  readonly #metrics: RunMetrics;
  readonly #listening: HttpListening;

  private constructor(metrics: RunMetrics, listening: HttpListening) {
    this.#metrics = metrics;
    this.#listening = listening;
  }

  /** @throws {EnvironmentError} If it cannot listen there. */
  static async listen(address: ListenAddress, identity: RunIdentity): Promise<PrometheusEndpoint> {
    const metrics = new RunMetrics(identity);
    const { shard } = identity;
    const labels = shard === undefined ? {} : { shard };
    const listening = await httpListen(address, "--prometheus", (request, response) => {
      void answer(metrics, labels, request, response);
    });
    return new PrometheusEndpoint(metrics, listening);
  }

  /** What to scrape. */
  get url(): string {
    return `${this.#listening.url}/metrics`;
  }

  onInterval(interval: Interval): void {
    this.#metrics.add(interval);
  }

  finish(): Promise<void> {
    return this.#listening.close();
  }
}

async function answer(
  metrics: RunMetrics,
  labels: Readonly<Record<string, string>>,
  { method, url }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url?.split("?", 1)[0] !== "/metrics") return end(response, 404, "Metrics are at /metrics\n");
  if (method !== "GET" && method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return end(response, 405, "GET /metrics\n");
  }
  const { text, contentType } = await prometheusText(metrics.families(), labels);
  end(response, 200, text, contentType);
}

function end(response: ServerResponse, status: number, text: string, contentType = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "Content-Type": contentType });
  response.end(text);
}

// The page on which a person follows a run in a browser, and changes it. It serves the page, the stream of states and the buttons' posts.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RunControl } from "../../engine/run-control.js";
import type { Interval } from "../../metrics/interval.js";
import type { ThresholdSpec } from "../../metrics/thresholds-parser.js";
import type { Summary } from "../../result/summary.js";
import type { RunIdentity } from "../export/run-metrics.js";
import { type HttpListening, httpListen, isLoopback, type ListenAddress } from "../http-listen.js";
import type { RunWatcher } from "../run-watcher.js";
import { dashboardPage } from "./dashboard-page.js";
import { EventStream } from "./event-stream.js";
import { LiveView } from "./live-view.js";
import { RequestGuard } from "./request-guard.js";
import { changeRun } from "./run-change.js";

const MAX_BODY_CHARACTERS = 1024;
/** Of the last state to a page that reads slowly. */
const FINISH_LIMIT_MS = 500;

export class Dashboard implements RunWatcher {
  readonly #view: LiveView;
  readonly #stream = new EventStream();
  readonly #guard: RequestGuard;
  readonly #page: string;
  readonly #suffix: string;
  #listening: HttpListening | undefined;
  #control: RunControl | undefined;

  private constructor(host: string, identity: RunIdentity, thresholds: readonly ThresholdSpec[]) {
    const token = randomBytes(16).toString("hex");
    this.#view = new LiveView(thresholds);
    this.#guard = new RequestGuard(host, token);
    this.#page = dashboardPage(identity, token);
    this.#suffix = isLoopback(host) ? "/" : `/?token=${token}`;
  }

  /** @throws {EnvironmentError} If it cannot listen there, or a file of the package is not there. */
  static async listen(
    address: ListenAddress,
    identity: RunIdentity,
    thresholds: readonly ThresholdSpec[],
  ): Promise<Dashboard> {
    const dashboard = new Dashboard(address.host, identity, thresholds);
    dashboard.#listening = await httpListen(address, "--dashboard", (request, response) => {
      void dashboard.#answer(request, response);
    });
    return dashboard;
  }

  /** What to open in a browser; elsewhere than on loopback with the token in it. */
  get url(): string {
    return `${this.#listening?.url}${this.#suffix}`;
  }

  onStart(control: RunControl): void {
    this.#control = control;
  }

  onInterval(interval: Interval): void {
    this.#view.add(interval);
    this.#tell();
  }

  async finish(summary?: Summary): Promise<void> {
    if (summary !== undefined && this.#stream.isWatched) {
      await this.#stream.end(this.#view.state(false, summary), FINISH_LIMIT_MS);
    }
    this.#control = undefined;
    await this.#listening?.close();
  }

  #tell(): void {
    if (this.#stream.isWatched) this.#stream.send(this.#state());
  }

  #state() {
    return this.#view.state(this.#control?.isPaused === true);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = request;
    const url = new URL(request.url ?? "/", "http://dashboard");
    const asked = { headers, url };
    if (method === "POST") {
      if (!this.#guard.mayChange(asked)) return end(response, 403, "Changes are made on the dashboard's own page");
      const { status, text } = changeRun(url.pathname, await bodyOf(request), this.#control);
      end(response, status, text);
      return this.#tell();
    }
    if (!this.#guard.maySee(asked)) return end(response, 403, "Open the address that utp-load has printed");
    if (method !== "GET") return end(response, 405, "GET or POST");
    if (url.pathname === "/events") return this.#stream.open(response, this.#state());
    if (url.pathname !== "/") return end(response, 404, "The dashboard is at /");
    end(response, 200, this.#page, "text/html; charset=utf-8");
  }
}

function end(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  });
  response.end(text);
}

/** No action needs more than its first few characters; what is beyond them is left. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY_CHARACTERS) break;
  }
  return text.slice(0, MAX_BODY_CHARACTERS);
}

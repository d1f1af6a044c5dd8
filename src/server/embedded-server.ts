// The embedded server: `utp-load serve` in a process of its own, so that the load and what it loads do not share a thread.
import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "../errors.js";

/** Settings of `serve`, where they are not: answers at once, echoes, any free port. */
export interface EmbeddedServerOptions {
  readonly tickHz?: number;
  readonly echo?: boolean;
  readonly queuePackets?: number;
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  /** 0..1. */
  readonly dropRatio?: number;
  readonly maxConnections?: number | undefined;
  /** `BYTES@HZ`, as `--broadcast` takes it. */
  readonly broadcast?: string | undefined;
  readonly heartbeatMs?: number;
  readonly disconnectTimeoutMs?: number;
  readonly maxMessageSize?: number;
  /** As `--pipelines` takes it: `ngo`, `none` or JSON. */
  readonly pipelines?: string;
}

export interface EmbeddedServer {
  readonly url: string;
  readonly pid: number;
  /** Ends it: clients get a Disconnect; resolves when the process is gone. A further call is harmless. */
  stop(): Promise<void>;
  /** Called once if it ends before `stop`; `why` is for a person. */
  onExit(callback: (why: string) => void): void;
}

const ENTRY = fileURLToPath(new URL("../../bin/utp-load.js", import.meta.url));
const START_MS = 20_000;
const STOP_MS = 5000;
/** How much of what the process says on stderr is kept for messages, characters. */
const KEPT_ERROR_CHARACTERS = 4000;

/**
 * Starts it; it listens when the promise resolves. It ends with this process, however that ends.
 *
 * @throws {EnvironmentError} If it does not come up; the message carries what it said.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const child = fork(ENTRY, serveArguments(options), { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  const errors = keepErrors(child);
  const url = await listeningUrl(child, errors);
  // Nothing of it keeps this process alive; its own end is what stops the server.
  child.unref();
  child.channel?.unref();
  for (const pipe of [child.stdout, child.stderr]) (pipe as Socket | null)?.unref();
  return new ChildServer(child, url, errors);
}

class ChildServer implements EmbeddedServer {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #isStopping = false;
  #why: string | undefined;
  #callback: ((why: string) => void) | undefined;

  constructor(child: ChildProcess, url: string, errors: () => string) {
    this.url = url;
    this.pid = child.pid!;
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#why = exitWords(code, signal, errors());
        if (!this.#isStopping) this.#callback?.(this.#why);
        resolve();
      });
    });
  }

  onExit(callback: (why: string) => void): void {
    this.#callback = callback;
    if (this.#why !== undefined && !this.#isStopping) callback(this.#why);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.ref();
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.#exited;
    clearTimeout(timer);
  }
}

function serveArguments(options: EmbeddedServerOptions): string[] {
  const values: Record<string, string | undefined> = {
    port: "0",
    tick: String(options.tickHz ?? 0),
    queue: textOf(options.queuePackets),
    latency: milliseconds(options.latencyMs),
    jitter: milliseconds(options.jitterMs),
    drop: options.dropRatio === undefined ? undefined : `${Number((options.dropRatio * 100).toFixed(6))}%`,
    "max-connections": textOf(options.maxConnections),
    broadcast: options.broadcast,
    heartbeat: milliseconds(options.heartbeatMs),
    "disconnect-timeout": milliseconds(options.disconnectTimeoutMs),
    "max-message-size": textOf(options.maxMessageSize),
    pipelines: options.pipelines,
  };
  const flags = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return ["serve", ...flags, ...((options.echo ?? true) ? ["--echo"] : [])];
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function milliseconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}ms`;
}

/** The end of what the process says on stderr. */
function keepErrors(child: ChildProcess): () => string {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  return () => said.trim();
}

function listeningUrl(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (got: string): void => {
      child.kill("SIGKILL");
      const hint = "`utp-load serve --tick 0 --echo --port 0` alone shows what is wrong";
      reject(new EnvironmentError(`Cannot start the embedded server: it must come up and listen, got ${got}`, hint));
    };
    const timer = setTimeout(() => fail(`nothing within ${START_MS / 1000} s`), START_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(exitWords(code, signal, errors()));
    });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output = output.length < KEPT_ERROR_CHARACTERS ? output + text : output;
      const url = /^listening on (\S+)\r?\n/m.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

function exitWords(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return said === "" ? how : `${how}: ${said}`;
}

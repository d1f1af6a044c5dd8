// A server that a matrix starts for one cell: waited for until its port accepts, stopped with all its children, its output in a file.
// It never outlives the cell, and its death is told, not thrown.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, openSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface ServerStart {
  /** For the shell. */
  readonly command: string;
  readonly host: string;
  readonly port: number;
  /** What it prints, with its command before and its exit behind. */
  readonly logPath: string;
  /** Longest wait for its port. */
  readonly waitMs: number;
}

/** A server that listens. */
export interface RunningServer {
  /** How it ended by itself, in words; undefined: it runs. */
  death(): string | undefined;
  /** Ends it: asked first, killed after a grace. */
  stop(): Promise<void>;
}

const POLL_MS = 50;
const STOP_GRACE_MS = 5000;

/** Starts a server and waits until it listens. @returns The server, or why there is none, in words. */
export async function startVariantServer(start: ServerStart): Promise<RunningServer | string> {
  const { command, host, port, logPath, waitMs } = start;
  if (await accepts(host, port)) return `something listens on ${host}:${port} already, before the server was started`;
  const server = new ServerProcess(command, logPath);
  const deadlineMs = Date.now() + waitMs;
  while (Date.now() < deadlineMs && server.death() === undefined) {
    if (await accepts(host, port)) return server;
    await sleep(POLL_MS);
  }
  const death = server.death();
  await server.stop();
  if (death !== undefined) return `the server ${death} before it listened, see ${logPath}`;
  return `the server did not listen on ${host}:${port} within ${waitMs / 1000} s, see ${logPath}`;
}

/** Whether a connection to the port is accepted; it is closed at once. */
function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

class ServerProcess implements RunningServer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #death: string | undefined;

  constructor(command: string, logPath: string) {
    mkdirSync(dirname(logPath), { recursive: true });
    const log = openSync(logPath, "w");
    appendFileSync(log, `$ ${command}\n`);
    // A group of its own: what the shell has started ends with it.
    const detached = process.platform !== "win32";
    this.#child = spawn(command, { shell: true, stdio: ["ignore", log, log], detached });
    closeSync(log);
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#death ??= how;
        appendFileSync(logPath, `\n[${how}]\n`);
        resolve();
      };
      this.#child.once("error", (error) => end(`could not be started: ${error.message}`));
      this.#child.once("exit", (code, signal) =>
        end(signal === null ? `ended with code ${code}` : `ended by ${signal}`),
      );
    });
  }

  death(): string | undefined {
    return this.#death;
  }

  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const killAtMs = Date.now() + STOP_GRACE_MS;
    await Promise.race([this.#ended, sleep(STOP_GRACE_MS)]);
    // The shell may be gone before what it has started: the port is free when all are.
    while (this.#hasGroup() && Date.now() < killAtMs) await sleep(POLL_MS);
    this.#signal("SIGKILL");
    await this.#ended;
    while (this.#hasGroup()) await sleep(POLL_MS);
  }

  /** Whether any process of the group is left; Windows ends the whole tree at once. */
  #hasGroup(): boolean {
    const { pid } = this.#child;
    if (pid === undefined || process.platform === "win32") return false;
    try {
      return process.kill(-pid, 0);
    } catch {
      return false;
    }
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      if (this.#death === undefined) execFile("taskkill", ["/pid", String(pid), "/t", "/f"], () => undefined);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}

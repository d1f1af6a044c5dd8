// Runs the built command line as a user does, and servers for it. For end-to-end tests only.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Summary } from "../../src/result/summary.js";

export const CLI = fileURLToPath(new URL("../../bin/utp-load.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
}

/** Starts `utp-load ARGS`; `cwd` is where `results/` would go. */
export function startCli(args: readonly (string | number)[], options: { cwd?: string; env?: object } = {}): CliProcess {
  const child = spawn(process.execPath, [CLI, ...args.map(String)], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<CliResult>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

export function runCli(
  args: readonly (string | number)[],
  options?: { cwd?: string; env?: object },
): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** `run ... --json`: the exit code and the summary. */
export async function runJson(args: readonly (string | number)[]): Promise<{ code: number | null; summary: Summary }> {
  const result = await runCli(["run", ...args, "--json", "--no-progress"]);
  return { code: result.code, summary: parseSummary(result) };
}

export function parseSummary(result: CliResult): Summary {
  try {
    return JSON.parse(result.stdout) as Summary;
  } catch {
    throw new Error(`stdout is not one JSON object (exit code ${result.code}):\n${result.stdout}\n${result.stderr}`);
  }
}

/** A command that listens, and where. */
export interface ListeningCli extends CliProcess {
  readonly url: string;
  readonly port: number;
}

/** Starts `serve` and waits until it listens. */
export function startServe(args: readonly (string | number)[]): Promise<ListeningCli> {
  return startListening(["serve", "--port", 0, ...args]);
}

/** Starts `record` and waits until it listens; the game connects to its `url`. */
export function startRecord(args: readonly (string | number)[]): Promise<ListeningCli> {
  return startListening(["record", "--listen", 0, ...args]);
}

async function startListening(args: readonly (string | number)[]): Promise<ListeningCli> {
  const { child, ended } = startCli(args);
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      const match = /listening on (wss?:\/\/\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    ended.then((result) => reject(new Error(`${args[0]} ended early: ${JSON.stringify(result)}`)));
  });
  return { url, port: Number(new URL(url).port), child, ended };
}

/** Waits until the newest line of a run's samples says what `isThere` looks for; the run's own time, not the test's. */
export async function waitForSample(out: string, isThere: (sample: Record<string, unknown>) => boolean): Promise<void> {
  for (;;) {
    const path = join(out, "samples.ndjson");
    const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
    if (lines.some((line) => isThere(JSON.parse(line)))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A folder for one test, removed by the returned function. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "utp-load-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The codes of a run that reached its end: a machine that is too busy for its plan says so, and that is no failure of a test. */
export const ENDED: readonly (number | null)[] = [0, 111];

/** The books of the contract: they balance in every run, however bad its day was. */
export function expectBooksToBalance(summary: Summary): void {
  const { clients, connect, messages, disconnects } = summary;
  const ends = Object.values(disconnects.byReason).reduce((sum, count) => sum + count, 0);
  const failures = Object.values(connect.failures).reduce((sum, count) => sum + count, 0);
  expect({ planned: clients.planned }).toEqual({ planned: clients.notStarted + clients.started });
  expect({ started: clients.started }).toEqual({ started: clients.connected + clients.failed + clients.cancelled });
  expect({ established: connect.established }).toEqual({ established: ends + clients.aliveAtEnd });
  expect({ failed: connect.failed }).toEqual({ failed: failures });
  expect({ planned: messages.planned }).toEqual({ planned: messages.sent + messages.dropped });
  expect({ total: disconnects.total }).toEqual({ total: ends });
}

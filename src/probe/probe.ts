// The whole probe: look up the name, walk one connection, try what would explain a failure, give the verdict. Prints nothing.
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { DEFAULT_PARAMETERS, maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { Scheduler } from "../time/clock.js";
import { DeadlineQueue } from "../time/deadline-queue.js";
import type { Transport, TransportTarget } from "../transport/transport.js";
import { parseWebSocketUrl } from "../transport/websocket-target.js";
import { lookUpHost } from "./look-up.js";
import type { ProbeStep, SideCheck } from "./observation.js";
import { checksFor, describeCheck, otherSchemeUrl, sideCheck } from "./side-check.js";
import { type SocketTap, tappedTransport } from "./tapped-socket.js";
import { verdictOf } from "./verdict.js";
import type { Verdict } from "./verdict-code.js";
import { Walk } from "./walk.js";
import { type WalkFacts, type WalkListener, WalkRecord } from "./walk-record.js";

export interface ProbeOptions {
  /** A ws:// or wss:// URL. */
  readonly url: string;
  readonly holdMs: number;
  /** Most time for each step before the hold, ms. */
  readonly limitMs: number;
  /** Size of the data message, 0: none. */
  readonly messageBytes: number;
  readonly headers: readonly (readonly [string, string])[];
  /** PEM text. */
  readonly ca: string | undefined;
  readonly insecure: boolean;
  /** Aborted: the connection is left politely, and the verdict says so. */
  readonly signal?: AbortSignal;
}

/** The world outside, which a test replaces. */
export interface ProbeEnvironment {
  readonly scheduler: Scheduler;
  readonly createTransport: (tap: SocketTap) => Transport;
  /** Numeric addresses of a name, in the system's order; rejects where there are none. */
  readonly lookUp: (host: string) => Promise<string[]>;
  readonly randomToken: () => Uint8Array;
  /** Called once, when the probe is over: nothing may keep the process alive. */
  readonly release: () => void;
}

export interface ProbeReport {
  /** As it was used, with the path. */
  readonly url: string;
  readonly steps: readonly ProbeStep[];
  readonly verdict: Verdict;
}

/** This process' network, clock and random numbers. */
export function realEnvironment(): ProbeEnvironment {
  const scheduler = new DeadlineQueue();
  return {
    scheduler,
    createTransport: tappedTransport,
    lookUp: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    randomToken: () => new Uint8Array(randomBytes(8)),
    release: () => scheduler.stop(),
  };
}

/**
 * Walks one connection and says what it means. Steps and frames are told as they happen.
 *
 * @throws {UsageError} If the URL or a header cannot be used. Nothing that the network does is thrown.
 */
export async function probe(
  options: ProbeOptions,
  listener: WalkListener,
  environment = realEnvironment(),
): Promise<ProbeReport> {
  try {
    return await new ProbeRun(options, listener, environment).run();
  } finally {
    environment.release();
  }
}

const NO_CHECKS: { otherScheme: SideCheck | undefined; unchecked: SideCheck | undefined } = {
  otherScheme: undefined,
  unchecked: undefined,
};

class ProbeRun {
  readonly #options: ProbeOptions;
  readonly #environment: ProbeEnvironment;
  readonly #listener: WalkListener;
  readonly #steps: ProbeStep[] = [];
  readonly #url: string;
  readonly #host: string;
  readonly #startMs: number;

  constructor(options: ProbeOptions, listener: WalkListener, environment: ProbeEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#host = parseWebSocketUrl(options.url).host;
    this.#url = new URL(options.url).href;
    this.#startMs = environment.scheduler.nowMs();
    this.#listener = {
      onStep: (step) => {
        this.#steps.push(step);
        listener.onStep(step);
      },
      onFrame: (frame) => listener.onFrame(frame),
    };
  }

  async run(): Promise<ProbeReport> {
    const { facts, address } = await this.#connect();
    const checks = address === undefined ? NO_CHECKS : await this.#explain(facts, address);
    const { limitMs, holdMs, messageBytes, insecure, ca } = this.#options;
    const trust = insecure ? "insecure" : ca === undefined ? "system" : "ca";
    const verdict = verdictOf({ ...facts, ...checks, url: this.#url, address, limitMs, holdMs, messageBytes, trust });
    return { url: this.#url, steps: this.#steps, verdict };
  }

  /** Walks the addresses of the name in turn: ::1 of localhost may not be served where 127.0.0.1 is. */
  async #connect(): Promise<{ facts: WalkFacts; address: string | undefined }> {
    const record = this.#record();
    const found = await this.#lookUp(record);
    let facts = record.facts("");
    let address: string | undefined;
    for (address of found) {
      facts = await this.#walk(address);
      if (facts.stage !== "tcp" || facts.ending.kind === "interrupted") break;
    }
    return { facts, address };
  }

  /** No address: the record says why. */
  async #lookUp(record: WalkRecord): Promise<readonly string[]> {
    const { scheduler, lookUp } = this.#environment;
    record.enter("dns", this.#startMs);
    const result = await lookUpHost(this.#host, lookUp, scheduler, this.#options.limitMs, this.#options.signal);
    const nowMs = scheduler.nowMs();
    const isFound = result.kind === "found";
    record.step("dns", isFound ? "ok" : "failed", nowMs, this.#startMs, result.detail);
    if (isFound) return result.addresses;
    record.end(result.ending, nowMs);
    return [];
  }

  #walk(address: string): Promise<WalkFacts> {
    const { limitMs, holdMs, messageBytes, signal } = this.#options;
    const { scheduler, createTransport, randomToken } = this.#environment;
    const target = this.#target(this.#url, address);
    const setup = { target, address, token: randomToken(), limitMs, holdMs, messageBytes, scheduler, createTransport };
    return new Promise((resolve) => {
      const onAbort = (): void => walk.interrupt();
      const walk = new Walk(setup, this.#record(), () => {
        signal?.removeEventListener("abort", onAbort);
        resolve(walk.facts());
      });
      walk.start();
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) walk.interrupt();
    });
  }

  /** Tries what would explain the failure, until something does. */
  async #explain(facts: WalkFacts, address: string): Promise<typeof NO_CHECKS> {
    const { limitMs, insecure } = this.#options;
    const { scheduler, createTransport } = this.#environment;
    const checks = { ...NO_CHECKS };
    for (const what of checksFor(this.#url.startsWith("wss:"), facts, insecure)) {
      const url = what === "otherScheme" ? otherSchemeUrl(this.#url) : this.#url;
      const target = { ...this.#target(url, address), insecure: true };
      const sinceMs = scheduler.nowMs();
      const result = await sideCheck({ target, limitMs, scheduler, createTransport });
      checks[what] = result;
      this.#record().step("check", "note", scheduler.nowMs(), sinceMs, describeCheck(result, what));
      if (result.tlsWorked) break;
    }
    return checks;
  }

  #record(): WalkRecord {
    return new WalkRecord(this.#listener, this.#environment.scheduler, this.#startMs);
  }

  #target(url: string, address: string): TransportTarget {
    const { headers, ca, insecure } = this.#options;
    const maxMessageBytes = maxWebSocketMessageBytes(DEFAULT_PARAMETERS);
    return { url, address, headers, insecure, maxMessageBytes, ...(ca !== undefined && { ca }) };
  }
}

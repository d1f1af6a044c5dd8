// What `run` hands to the engine once flags, environment and profile have become one: plain data, checked. Types only.

import type { Allowance } from "../comparison/allowance.js";
import type { WatcherOptions } from "../live/run-watchers.js";
import type { Profile } from "../profile/profile.js";
import type { CoordinationOptions } from "../shard/coordination.js";

/** How the embedded server is started when the target is `embedded`; the flags of `serve` with the same names. */
export interface EmbeddedServerSettings {
  /** Updates a second; 0: answers at once, no limits. */
  readonly tickHz: number;
  readonly echo: boolean;
  /** Receive and send queue, packets; bites with a tick only. */
  readonly queuePackets: number;
  /** Delay of what the server sends: latency + uniform(0, jitter), ms. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Share of the server's messages that are lost, 0..1. */
  readonly dropRatio: number;
  /** Clients beyond this are refused; undefined: no limit. */
  readonly maxConnections: number | undefined;
  /** `BYTES@HZ` to everybody; undefined: nothing. */
  readonly broadcast: string | undefined;
  /** The clients' own settings: both ends share them. */
  readonly heartbeatMs: number;
  readonly disconnectTimeoutMs: number;
  readonly maxMessageSize: number;
}

/** Earlier results that a run is judged against. */
export interface Baseline {
  /** One result at least, each valid and of the same load. */
  readonly folders: readonly string[];
  readonly allowances: readonly Allowance[];
}

/** One run, ready to start. */
export interface ResolvedRun {
  readonly profile: Profile;
  /** Defined exactly when `profile.target` is `embedded`. */
  readonly server: EmbeddedServerSettings | undefined;
  /** The shard to run, and when to start. */
  readonly coordination: CoordinationOptions;
  /** Worker threads, 1..the planned clients. */
  readonly workers: number;
  /** Stop at the first failed connection or crossed threshold. */
  readonly failFast: boolean;
  /** What to compare with when the run is over; undefined: nothing. */
  readonly baseline: Baseline | undefined;
  /** Results folder as given; undefined: `results/<profile>-<time>`. */
  readonly outFolder: string | undefined;
  /** stdout is one JSON object, whatever the exit code. */
  readonly json: boolean;
  /** Only the summary: no progress, no log. */
  readonly quiet: boolean;
  /** Progress on stderr is wanted; live or plain lines is the terminal's matter. */
  readonly progress: boolean;
  /** Colour on stdout is wanted and can be shown. */
  readonly color: boolean;
  /** Who sees the run while it goes on. */
  readonly watchers: WatcherOptions;
  /** `--env K=V` by name: `${K}` in the profile was filled from them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each setting with its value and origin, for run.json and `--print-config`. */
  readonly settings: readonly ResolvedSetting[];
}

/** One setting after precedence: flag, then environment, then profile, then default. */
export interface ResolvedSetting {
  /** As in the profile language, such as `transport.heartbeat`; machine options by their flag. */
  readonly name: string;
  /** As a person writes it. */
  readonly value: string;
  /** `--clients`, `UTP_LOAD_CLIENTS`, `load.yaml:3:10` or `default`. */
  readonly source: string;
}

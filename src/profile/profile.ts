// A profile as the engine runs it: every value resolved, every unit in the name. Types only; the language is in docs/profiles.md.
import type { ThresholdSpec } from "../metrics/thresholds-parser.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import type { ClientSettings } from "./client-settings.js";
import type { Scenario } from "./scenario.js";

export type { ThresholdSpec };

/** From the target before, linearly, to `target` clients within `durationMs`; k6's ramping-vus. */
export interface Stage {
  readonly durationMs: number;
  readonly target: number;
  /** Clients that come beside those, at an even rate, each for its own time; k6's constant-arrival-rate. */
  readonly arrivals?: { readonly perSecond: number; readonly stayMs: number };
}

/** Plain data: it crosses threads and stands in run.json. */
export interface Profile extends ClientSettings {
  readonly name: string;
  /** `ws://` or `wss://` URL, or `embedded`. */
  readonly target: string;
  readonly stages: readonly Stage[];
  /** Messages a second per client, >= 0; 0: none. */
  readonly ratePerSecond: number;
  /** User payload of each message, 0..the largest that the message size allows. */
  readonly payloadBytes: number;
  /** As the server creates them; none: no pipelines. */
  readonly pipelines?: PipelinesDescription;
  /** Which of them carries each message, from 1 on; 0: no pipeline. */
  readonly pipelineId: number;
  /** Left out of thresholds and summary, kept in the series; from the start of the run. */
  readonly warmupMs: number;
  readonly seed: number;
  /** Hex; undefined: none. */
  readonly connectPayloadHex?: string;
  readonly headers: readonly (readonly [string, string])[];
  /** PEM text. */
  readonly ca?: string;
  readonly insecure: boolean;
  /** Source addresses, used in turn by client number. */
  readonly localAddresses: readonly string[];
  /** How long clients may take to leave before the hard end. */
  readonly gracefulStopMs: number;
  readonly thresholds: readonly ThresholdSpec[];
  /** What the clients play, by weight; none: everybody sends at the rate above. */
  readonly scenarios?: readonly Scenario[];
}

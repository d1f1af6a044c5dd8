// What this machine can do as a generator, "utp-load/calibration@1": its shape, whose it is, and when a plan asks for more. Pure.

/** What a ceiling depends on; another machine, Node or version has another. */
export interface MachineIdentity {
  /** As in `linux x64`. */
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** Versions, of Node and of utp-load. */
  readonly node: string;
  readonly version: string;
}

/** Measured against the embedded server, which has its share of the same cores. */
export interface Ceiling {
  /** Worker threads that it was measured with. */
  readonly workers: number;
  /** Most messages a second, of all workers together, with the send lag within its limit. */
  readonly messagesPerSecond: number;
  /** false: the measurement ended before anything gave way; the true ceiling is higher. */
  readonly isReached: boolean;
  /** Clients that got in within the best second. */
  readonly connectsPerSecond: number;
  /** Send lag at half of the messages, ms; null: nothing was sent. */
  readonly halfLoadLagP50Ms: number | null;
  readonly halfLoadLagP99Ms: number | null;
}

export interface Calibration {
  readonly schema: "utp-load/calibration@1";
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  readonly machine: MachineIdentity;
  readonly ceiling: Ceiling;
}

/** A stored calibration of this machine; undefined: the text is none, or is of another one. */
export function calibrationOf(text: string, machine: MachineIdentity): Calibration | undefined {
  const stored = parsed(text) as Partial<Calibration> | null | undefined;
  if (stored?.schema !== "utp-load/calibration@1" || !isMachine(stored.machine, machine)) return undefined;
  return isUsable(stored.ceiling) ? (stored as Calibration) : undefined;
}

/** What a plan asks of the generator. */
export interface PlannedLoad {
  readonly peakMessagesPerSecond: number;
  readonly workers: number;
}

/**
 * A sentence for a plan whose workers have more messages a second each than they could when the machine was measured; undefined: they
 * have not. A ceiling that was not reached warns of nothing.
 */
export function ceilingWarning({ peakMessagesPerSecond, workers }: PlannedLoad, ceiling: Ceiling): string | undefined {
  const perWorker = ceiling.messagesPerSecond / ceiling.workers;
  if (!ceiling.isReached || peakMessagesPerSecond <= perWorker * workers) return undefined;
  const asked = Math.round(peakMessagesPerSecond / workers);
  return (
    `the plan asks each of ${workers} ${workers === 1 ? "worker" : "workers"} for ${asked} messages a second at its peak; \`utp-load calibrate\` ` +
    `measured ${Math.round(perWorker)} here: the generator may be the limit, not the server`
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMachine(stored: Partial<MachineIdentity> | undefined, machine: MachineIdentity): boolean {
  const keys = Object.keys(machine) as (keyof MachineIdentity)[];
  return keys.every((key) => stored?.[key] === machine[key]);
}

function isUsable(ceiling: Partial<Ceiling> | undefined): boolean {
  const { messagesPerSecond = 0, workers = 0, isReached } = ceiling ?? {};
  return messagesPerSecond > 0 && workers > 0 && typeof isReached === "boolean";
}

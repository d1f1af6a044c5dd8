// Argument and flags of `matrix` become a checked list of cells, each a resolved run. Reads files, starts nothing.
import { UsageError } from "../errors.js";
import { type Cell, scheduleOf } from "../matrix/schedule.js";
import { checkPlaceholders, filledCommand, placeholdersOf, targetValues } from "../matrix/server-command.js";
import { readAllVaried, type Variant, type Varied, variantsOf } from "../matrix/vary.js";
import { formatDuration, parseDuration } from "../profile/duration.js";
import { planFigures } from "./plan-text.js";
import { resolveRun } from "./resolve-run.js";
import type { ResolvedRun } from "./resolved-run.js";
import type { FlagValues } from "./run-flags.js";
import type { Environment } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";
import { type CommonRequest, keyKind, variedRequest } from "./varied-request.js";

export interface MatrixRequest {
  /** PROFILE or URL. */
  readonly profile: string;
  /** Flags of `run` that hold for all variants. */
  readonly runFlags: FlagValues;
  readonly vary: readonly string[];
  readonly repeat: string;
  readonly server: string | undefined;
  readonly serverWait: string;
  readonly maxCells: string;
  readonly environment: Environment;
}

/** How the server of a variant is started. */
export interface ServerPlan {
  readonly command: string;
  readonly host: string;
  readonly port: number;
  readonly waitMs: number;
}

/** A variant, ready to be run. */
export interface PlannedVariant {
  readonly variant: Variant;
  readonly run: ResolvedRun;
  /** undefined: the server is somebody else's matter. */
  readonly server: ServerPlan | undefined;
}

export interface MatrixPlan {
  readonly profile: string;
  readonly varied: readonly Varied[];
  readonly repeat: number;
  readonly variants: readonly PlannedVariant[];
  /** In the order in which they run. */
  readonly cells: readonly Cell[];
  /** Of all cells, without starts and ends. */
  readonly durationMs: number;
  /** What a person should know before the start, a line each. */
  readonly notes: readonly string[];
}

/**
 * @throws {UsageError} For flags that cannot be used, unknown keys, too many cells.
 * @throws {ProfileError} For a variant whose profile cannot be used.
 */
export function resolveMatrix(request: MatrixRequest, machine: Machine): MatrixPlan {
  const varied = readAllVaried(request.vary);
  const repeat = wholeNumber("repeat", request.repeat, 1, 100);
  const kinds = kindsOf(request, varied);
  const common: CommonRequest = { ...request, argument: request.profile, flags: request.runFlags, kinds };
  const notes = new Set<string>();
  const variants = variantsOf(varied).map((variant): PlannedVariant => {
    const { request: ofVariant, machine: reading } = variedRequest(common, variant, machine);
    const decision = resolveRun(ofVariant, reading);
    for (const note of decision.notes) notes.add(note);
    return { variant, run: decision.run, server: serverOf(request, variant, decision.run) };
  });
  const cells = scheduleOf(
    variants.map(({ variant }) => variant),
    repeat,
  );
  const durationMs = variants.reduce((sum, { run }) => sum + planFigures(run).durationMs, 0) * repeat;
  checkSize(cells.length, durationMs, wholeNumber("max-cells", request.maxCells, 1, 10_000));
  const profile = variants[0]!.run.profile.name;
  return { profile, varied, repeat, variants, cells, durationMs, notes: [...notes] };
}

function kindsOf({ profile, server }: MatrixRequest, varied: readonly Varied[]): CommonRequest["kinds"] {
  const keys = varied.map(({ key }) => key);
  if (server !== undefined) checkPlaceholders(server, keys);
  const hasProfile = profile !== "embedded" && !/^[a-z][a-z0-9+.-]*:\/\//i.test(profile);
  const placeholders = server === undefined ? [] : placeholdersOf(server);
  return Object.fromEntries(keys.map((key) => [key, keyKind(key, hasProfile, placeholders)]));
}

function serverOf(
  { server, serverWait }: MatrixRequest,
  { settings }: Variant,
  run: ResolvedRun,
): ServerPlan | undefined {
  if (server === undefined) return undefined;
  const { target } = run.profile;
  if (target === "embedded") throw wrong("server", "given with a ws:// or wss:// target", "embedded");
  const waitMs = parseDuration(serverWait);
  if (waitMs === undefined || waitMs === 0) throw wrong("server-wait", "a duration such as 30s", serverWait);
  const values = targetValues(target);
  return {
    command: filledCommand(server, { ...values, ...settings }),
    host: values.host,
    port: Number(values.port),
    waitMs,
  };
}

function checkSize(cells: number, durationMs: number, maxCells: number): void {
  if (cells <= maxCells) return;
  const got = `${cells} cells that take ${formatDuration(durationMs)}`;
  throw new UsageError(
    `Cannot start: a matrix must have at most ${maxCells} cells, got ${got}`,
    `Vary less, lower --repeat, or allow them with --max-cells ${cells}`,
  );
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw wrong(flag, `a whole number from ${min} to ${max}`, text);
}

function wrong(flag: string, rule: string, got: string): UsageError {
  return new UsageError(
    `Cannot start: --${flag} must be ${rule}, got ${got}`,
    "`utp-load matrix --help` lists all flags",
  );
}

// The flags of `record`, from text to what is to be done. Reads the file of --ca and nothing else; opens no port.
import { UsageError } from "../errors.js";
import { FIELDS } from "../profile/fields.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { certificateFile } from "./certificate-file.js";
import { checkedUrl } from "./checked-url.js";
import { flagReader, type GivenFlags } from "./flag-reader.js";
import { typedPipelines } from "./typed-pipelines.js";

/** What becomes of a recording. */
interface Output {
  readonly outPath: string;
  /** An existing file is replaced. */
  readonly isForced: boolean;
  readonly pipelines: PipelinesDescription;
}

export interface ProxyTask extends Output {
  readonly kind: "proxy";
  readonly host: string;
  readonly port: number;
  readonly target: URL;
  /** Undefined: until somebody ends it. */
  readonly durationMs: number | undefined;
  /** PEM text. */
  readonly ca: string | undefined;
  readonly isInsecure: boolean;
}

export interface CaptureTask extends Output {
  readonly kind: "from";
  readonly capturePath: string;
  /** What the profile is to name; undefined: the embedded server. */
  readonly target: URL | undefined;
}

export interface DiffTask {
  readonly kind: "diff";
  readonly paths: readonly [string, string];
}

export type RecordTask = ProxyTask | CaptureTask | DiffTask;

const DEFAULT_PORT = 7778;
const { text, field, whole, wrong } = flagReader("record");
const PROXY_FLAGS = ["listen", "host", "duration", "ca", "insecure"] as const;
const OUTPUT_FLAGS = ["target", "out", "pipelines", "from", "force"] as const;

/** @throws {UsageError} That names the flag, its rule and the value. */
export function recordTask(flags: GivenFlags): RecordTask {
  if (flags.diff !== undefined) return diffTask(flags);
  const capturePath = text(flags, "from");
  if (capturePath !== undefined) {
    refuse(flags, PROXY_FLAGS, "--from, for no game connects");
    return { kind: "from", capturePath, target: target(flags), ...output(flags) };
  }
  const url = target(flags);
  if (url === undefined) throw missing("target", "the game's server", "ws://127.0.0.1:7777/");
  const ca = text(flags, "ca");
  return {
    kind: "proxy",
    target: url,
    host: text(flags, "host") ?? "127.0.0.1",
    port: whole(flags, "listen", 0, 65_535) ?? DEFAULT_PORT,
    durationMs: field(flags, "duration", FIELDS.recordDuration),
    ca: ca === undefined ? undefined : certificateFile(ca, (rule, got, hint) => wrong("ca", rule, got, hint)),
    isInsecure: flags.insecure === true,
    ...output(flags),
  };
}

function diffTask(flags: GivenFlags): DiffTask {
  refuse(flags, [...PROXY_FLAGS, ...OUTPUT_FLAGS], "--diff, which records nothing");
  const given = flags.diff;
  const [one, other, more] = Array.isArray(given) ? (given as string[]) : [];
  if (one === undefined || other === undefined || more !== undefined) {
    throw wrong("diff", "followed by two recordings, once", String(given), "As in --diff first.yaml second.yaml");
  }
  return { kind: "diff", paths: [one, other] };
}

function output(flags: GivenFlags): Output {
  const outPath = text(flags, "out");
  if (outPath === undefined) throw missing("out", "the profile to write", "session.yaml");
  if (!/\.ya?ml$/i.test(outPath)) throw wrong("out", "a file that ends in .yaml or .yml", outPath);
  const pipelines = text(flags, "pipelines");
  return {
    outPath,
    isForced: flags.force === true,
    pipelines: pipelines === undefined ? "ngo" : typedPipelines(pipelines, "record"),
  };
}

function target(flags: GivenFlags): URL | undefined {
  const given = text(flags, "target");
  if (given === undefined) return undefined;
  return checkedUrl(given, (rule, got, hint) => wrong("target", rule, got, hint));
}

function missing(name: string, what: string, example: string): UsageError {
  return new UsageError(`Cannot record: --${name} must be given: ${what}, got none`, `As in --${name} ${example}`);
}

function refuse(flags: GivenFlags, names: readonly string[], beside: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw wrong(given, `left out with ${beside}`, String(flags[given]), "Remove one of the two");
}

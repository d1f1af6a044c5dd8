// The command line of a server with `{rate}` in it, filled in for one variant. Text only; it starts nothing.
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";

/** `{name}`, but for the shell's own `${name}`. */
const PLACEHOLDER = /(?<!\$)\{([A-Za-z][\w.-]*)\}/g;

export function placeholdersOf(command: string): string[] {
  return [...command.matchAll(PLACEHOLDER)].map((match) => match[1]!);
}

/** @param values Of every placeholder. */
export function filledCommand(command: string, values: Readonly<Record<string, string>>): string {
  return command.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
}

/** What every variant has besides what is varied: from its target. */
export const TARGET_PLACEHOLDERS = ["target", "host", "port"] as const;

export function targetValues(target: string): Record<(typeof TARGET_PLACEHOLDERS)[number], string> {
  const { hostname, port, protocol } = new URL(target);
  const host = hostname.replace(/^\[|\]$/g, "");
  return { target, host, port: port === "" ? (protocol === "wss:" ? "443" : "80") : port };
}

/** @throws {UsageError} If a placeholder is neither varied nor of the target. */
export function checkPlaceholders(command: string, keys: readonly string[]): void {
  const known = [...keys, ...TARGET_PLACEHOLDERS];
  const unknown = placeholdersOf(command).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearestName(unknown, known);
  throw new UsageError(
    `Cannot start: a placeholder of --server must be one of ${known.join(", ")}, got {${unknown}}`,
    meant === undefined ? `Vary it: --vary '${unknown}=A,B'` : `Did you mean {${meant}}?`,
  );
}

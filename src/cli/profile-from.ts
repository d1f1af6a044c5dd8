// A profile for a run from code, by the same rules as on the command line. Reads the file that is named, starts nothing.
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";
import type { Profile } from "../profile/profile.js";
import { resolveRun } from "./resolve-run.js";
import { type FlagValues, RUN_FLAGS } from "./run-flags.js";
import { thisMachine } from "./this-machine.js";

/**
 * The profile that `utp-load run ARGUMENT --FLAG VALUE ...` would run, without the environment's variables.
 *
 * @param argument A `ws://` or `wss://` URL, a profile's file, or undefined: the smoke profile on the embedded server.
 * @param flags By their names on the command line, such as `{ clients: "500", rate: "20", "connect-timeout": "5s" }`.
 * @throws {UsageError} For a flag or argument that cannot be used.
 * @throws {ProfileError} For a profile that cannot be used.
 */
export function profileFrom(argument?: string, flags: FlagValues = {}): Profile {
  const known = RUN_FLAGS.map(({ name }) => name as string);
  for (const name of Object.keys(flags)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new UsageError(
      `Cannot make a profile: a flag must be one of run's, got ${name}`,
      nearest === undefined ? `run has ${known.join(", ")}` : `Did you mean ${nearest}?`,
    );
  }
  return resolveRun({ argument, flags, environment: {} }, thisMachine()).run.profile;
}

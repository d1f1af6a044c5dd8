// A profile for a run from code, by the same rules as on the command line. Reads the file that is named, starts nothing.
import type { Profile } from "../profile/profile.js";
import { resolveRun } from "./resolve-run.js";
import type { FlagValues } from "./run-flags.js";
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
  return resolveRun({ argument, flags, environment: {} }, thisMachine()).run.profile;
}

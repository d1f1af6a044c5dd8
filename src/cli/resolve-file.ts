// Files that settings name: found, kept inside the profile's folder unless more is allowed, read. Writes nothing.
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { FIELDS } from "../profile/fields.js";
import type { FileRead } from "../profile/scenario-scope.js";
import type { SettingReader, Source } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

const OUTSIDE_RULE = "a file in the profile's folder or below";
const OUTSIDE_HINT = "Put it beside the profile, or allow others with --allow-outside (UTP_LOAD_ALLOW_OUTSIDE=1)";

/** A file that a setting names: beside the profile if the profile names it, else from the working folder. */
export function readNamedFile(
  reader: SettingReader,
  path: string,
  source: Source,
  folder: string,
  machine: Machine,
): Buffer {
  if (source.kind === "profile") {
    const read = readBesideProfile(reader, path, folder, machine);
    if ("bytes" in read) return Buffer.from(read.bytes);
    throw reader.error(source, read.rule, read.got, read.rule === OUTSIDE_RULE ? OUTSIDE_HINT : "Is it there?");
  }
  try {
    return machine.readFile(path);
  } catch (error) {
    throw reader.error(source, "a file that can be read", path, `Reading it gave ${reasonOf(error)}`);
  }
}

/**
 * A file that a profile names. A profile may come from anybody, so that only its own folder is open to it: no `..`, no absolute path
 * elsewhere, no symbolic link that leads away, unless --allow-outside is on.
 */
export function readBesideProfile(reader: SettingReader, path: string, folder: string, machine: Machine): FileRead {
  const full = isAbsolute(path) ? path : join(folder, path);
  const isAllowed = reader.typed({ flag: "allow-outside", field: FIELDS.yesNo })?.value ?? false;
  if (!isAllowed && !isInside(folder, full)) return { rule: OUTSIDE_RULE, got: path };
  try {
    if (!isAllowed && !isInside(machine.realPath(folder), machine.realPath(full)))
      return { rule: OUTSIDE_RULE, got: path };
    return { bytes: machine.readFile(full), path: resolve(full) };
  } catch (error) {
    return { rule: `a file that can be read (reading it gave ${reasonOf(error)})`, got: full };
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

// The earlier results that a run is compared with, and what it may be worse by: checked before anything is sent. Reads folders only.
import { readAllowance } from "../comparison/allowance.js";
import { checkBaseline } from "../comparison/compare-results.js";
import { resultGroup } from "../comparison/result-group.js";
import { FIELDS } from "../profile/fields.js";
import type { Profile } from "../profile/profile.js";
import type { Baseline } from "./resolved-run.js";
import type { SettingReader } from "./setting-reader.js";

/** @throws {UsageError} If the baseline cannot be compared with a run of `profile`, or an allowance cannot be read. */
export function resolveBaseline(
  reader: SettingReader,
  profile: Profile,
  outFolder: string | undefined,
): Baseline | undefined {
  const found = reader.typed({ flag: "baseline", field: FIELDS.folder });
  const allowed = reader.raw("allow");
  if (found === undefined) {
    if (allowed === undefined) return undefined;
    throw reader.error(allowed.source, "given together with --baseline", allowed.values.join(", "));
  }
  reader.note("baseline", found.text, found.source);
  const folders = resultGroup(found.value);
  const allowances = (allowed?.values ?? []).map(readAllowance);
  checkBaseline(folders, profile, outFolder);
  return { folders, allowances };
}

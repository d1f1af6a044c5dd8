// Last step of the build: the JSON Schemas of summary.json and of profiles as files of the package. No other code uses it.
import { writeFileSync } from "node:fs";
import { profileJsonSchema } from "../profile/schema.js";
import { SUMMARY_SCHEMA } from "../result/summary-schema.js";

for (const [name, schema] of [
  ["summary", SUMMARY_SCHEMA],
  ["profile", profileJsonSchema()],
] as const) {
  writeFileSync(new URL(`../${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}

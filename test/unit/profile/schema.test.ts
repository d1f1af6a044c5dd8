import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { READY_PROFILES } from "../../../src/cli/profile-source.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { thisMachine } from "../../../src/cli/this-machine.js";
import { type KeyTree, keyPaths } from "../../../src/profile/describe-issues.js";
import { parseProfile } from "../../../src/profile/parse-profile.js";
import { profileJsonSchema } from "../../../src/profile/schema.js";
import { STARTER_PROFILE } from "../../../src/profile/starter-profile.js";
import { machineWith } from "../cli/machine.js";

const root = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/profiles.md", root), "utf8");
const schema = profileJsonSchema();

/** First and third column of the tables of keys. */
function documentedKeys(): Map<string, string> {
  const rows = page.matchAll(/^\| `([^`]+)` *\|[^|\n]+\|([^|\n]+)\|[^|\n]+\|[^|\n]+\|$/gm);
  return new Map([...rows].map(([, key = "", fallback = ""]) => [key, fallback.trim()]));
}

interface Described extends KeyTree {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
}

describe("docs/profiles.md", () => {
  it("has a row for every key of the schema, and no other", () => {
    expect([...documentedKeys().keys()].sort()).toEqual([...keyPaths(schema)].sort());
  });

  it("has the schema's defaults", () => {
    const documented = documentedKeys();
    const check = (tree: Described, prefix: string): void => {
      for (const [key, child] of Object.entries(tree.properties ?? {})) {
        if (child.default !== undefined)
          expect(documented.get(prefix + key), prefix + key).toBe(`\`${child.default}\``);
        check(child, `${prefix}${key}.`);
      }
    };
    check(schema as Described, "");
  });

  it.each([
    ["docs/profiles.md", 200],
    ["README.md", 500],
  ])("%s has an example that can be run as it is", (path, clients) => {
    const text = readFileSync(new URL(path, root), "utf8");
    const example = /```yaml\n# load\.yaml.*?\n(.*?)```/s.exec(text)?.[1] ?? "";
    const machine = machineWith({ "load.yaml": example });
    const { run, notes } = resolveRun({ argument: "load.yaml", flags: {}, environment: { TOKEN: "secret" } }, machine);
    expect([run.profile.stages.at(-1)?.target, notes]).toEqual([clients, []]);
  });

  it("names every ready profile", () => {
    for (const name of READY_PROFILES) expect(page).toMatch(new RegExp(`^\\| \`${name}\` `, "m"));
  });
});

describe("profileJsonSchema()", () => {
  it("describes every key", () => {
    const check = (tree: Described): void => {
      for (const [key, child] of Object.entries(tree.properties ?? {})) {
        expect(child.description, key).toBeTruthy();
        check(child);
      }
    };
    check(schema as Described);
  });

  it("refuses unknown keys and is draft 2020-12", () => {
    expect(schema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      additionalProperties: false,
    });
  });
});

describe("ready profiles", () => {
  it("are the files of the folder", () => {
    const files = readdirSync(new URL("profiles", root)).map((name) => basename(name, ".yaml"));
    expect(files.sort()).toEqual([...READY_PROFILES].sort());
  });

  it.each(READY_PROFILES)("%s can be run", (name) => {
    const decision = resolveRun({ argument: name, flags: {}, environment: {} }, thisMachine());
    expect(decision.run.profile.name).toBe(name);
    expect(decision.run.profile.thresholds.length).toBeGreaterThan(0);
    expect(decision.notes).toEqual([]);
  });

  it("and the starter profile can be parsed", () => {
    expect(parseProfile(STARTER_PROFILE, "load.yaml").input).toMatchObject({ target: "embedded", clients: 50 });
  });
});

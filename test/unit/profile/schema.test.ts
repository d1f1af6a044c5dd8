import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { READY_PROFILES } from "../../../src/cli/profile-source.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { thisMachine } from "../../../src/cli/this-machine.js";
import type { KeyTree } from "../../../src/profile/key-tree.js";
import { parseProfile } from "../../../src/profile/parse-profile.js";
import { profileJsonSchema } from "../../../src/profile/schema.js";
import { starterProfile } from "../../../src/profile/starter-profile.js";

const root = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/profiles.md", root), "utf8");
const schema = profileJsonSchema();

interface Described extends KeyTree {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Described>>;
}

describe("docs/profiles.md", () => {
  it("has an example that can be parsed", () => {
    const example = /```yaml\n# load.yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    expect(parseProfile(example, "docs/profiles.md", { TOKEN: "secret" }).input.clients).toBe(200);
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
    for (const shared of Object.values((schema as Described).$defs ?? {})) check(shared as Described);
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
    const names = readdirSync(new URL("profiles", root)).filter((name) => name.endsWith(".yaml"));
    const files = names.map((name) => basename(name, ".yaml"));
    expect(files.sort()).toEqual([...READY_PROFILES].sort());
  });

  it.each(READY_PROFILES)("%s can be run", (name) => {
    const decision = resolveRun({ argument: name, flags: {}, environment: {} }, thisMachine());
    expect(decision.run.profile.name).toBe(name);
    expect(decision.run.profile.thresholds.length).toBeGreaterThan(0);
    expect(decision.notes).toEqual([]);
  });

  it("and the starter profile can be parsed", () => {
    const text = starterProfile("game.yaml");
    expect(parseProfile(text, "game.yaml").input).toMatchObject({ target: "embedded", clients: 50 });
    expect(text).toContain("utp-load run game.yaml --dry-run");
  });
});

// docs/profiles.md holds what the schema says: UPDATE_DOCS=1 writes its tables anew.
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keyPaths } from "../../../src/profile/key-tree.js";
import { referenceTables, withReference } from "../../../src/profile/reference.js";
import { profileJsonSchema } from "../../../src/profile/schema.js";

const file = new URL("../../../docs/profiles.md", import.meta.url);
const tables = referenceTables();

describe("docs/profiles.md", () => {
  it("is up to date (UPDATE_DOCS=1 makes it so)", () => {
    const page = readFileSync(file, "utf8");
    const made = withReference(page);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, made);
    else expect(page).toBe(made);
  });

  it("has a place for every table", () => {
    const page = readFileSync(file, "utf8");
    for (const part of Object.keys(tables)) expect(page, part).toContain(`<!-- keys: ${part} -->`);
  });
});

describe("referenceTables()", () => {
  const rows = Object.values(tables).flatMap((table) => table.split("\n").slice(2));

  it("tells every key of the language once", () => {
    expect(rows.length).toBe(keyPaths(profileJsonSchema()).length);
  });

  it("tells what each key means and which values it takes", () => {
    for (const row of rows) expect(row).toMatch(/^\| `\S+` +\| \S.* \| .* \| \S.* \|$/);
  });

  it("finds types, defaults and what is required", () => {
    const [head, , ...load] = tables.load!.split("\n");
    expect(head).toMatch(/^\| key +\| type +\| default +\| meaning +\|$/);
    expect(load.find((row) => row.startsWith("| `clients`"))).toMatch(/\| integer, 1 to 1000000 +\| `10` +\|/);
    expect(load.find((row) => row.includes("`stages[].duration`"))).toContain("| required ");
    expect(load.find((row) => row.startsWith("| `ramp`"))).toContain("| duration or `N/s`");
    expect(tables.step).toMatch(/\| `then` +\| list: \[step\]\(#steps\)/);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

it("every code of a diagnosis is described in docs/diagnosis.md", () => {
  const folder = join(ROOT, "src/analysis");
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/\bcode: (?:\w+ \? )?"([a-z0-9-]+)"/g)].map((match) => match[1]!),
  );
  const described = readFileSync(join(ROOT, "docs/diagnosis.md"), "utf8");
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !described.includes(`\`${code}\``))).toEqual([]);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AppendedFile } from "../../../src/result/appended-file.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utp-load-append-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("AppendedFile empties an old file, appends whole texts and has them on disk at once", () => {
  const path = join(folder, "x");
  writeFileSync(path, "old");
  const file = new AppendedFile(path);
  expect(readFileSync(path, "utf8")).toBe("");
  expect([file.append("eins\n"), file.append("zwölf\n")]).toEqual([undefined, undefined]);
  expect(readFileSync(path, "utf8")).toBe("eins\nzwölf\n");
  file.close();
  file.close();
  expect(file.append("drei\n")).toBe("the file is closed");
  expect(readFileSync(path, "utf8")).toBe("eins\nzwölf\n");
});

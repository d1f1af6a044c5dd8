// The documents and the code say the same: links lead somewhere, and every name a user may meet is described.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.js";
import { COUNTER_NAMES, GAUGE_NAMES, RATE_NAMES, TREND_NAMES } from "../../src/metrics/names.js";
import { REASON_NAMES } from "../../src/protocol/disconnect-reason.js";
import { filesBelow, ROOT, readText, sourceFiles } from "../support/source-files.js";

const TOP = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].filter((path) => existsSync(join(ROOT, path)));
const documents = [...TOP, ...filesBelow("docs", ".md")];
const allText = documents.map(readText).join("\n");

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  const words = heading.trim().toLowerCase();
  return words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

function hasAnchor(path: string, anchor: string): boolean {
  const headings = [...readText(path).matchAll(/^#{1,6}\s+(.*)$/gm)].map((match) => anchorOf(match[1]!));
  return headings.includes(anchor);
}

describe("links", () => {
  it.each(documents)("of %s resolve", (path) => {
    const links = [...withoutCode(readText(path)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const broken = links.filter((link) => {
      if (/^(https?|mailto):/.test(link)) return false;
      const [file, anchor] = link.split("#");
      const target = file ? posix.join(dirname(path), file) : path;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith(".md") && !hasAnchor(target, anchor);
    });
    expect(broken).toEqual([]);
  });
});

/** Names that a document does not hold in backticks; `NAME:` and `NAME{` count as well. */
function missing(path: string, names: readonly string[]): string[] {
  const text = readText(path);
  return names.filter((name) => !new RegExp(`\`${name}[\`:{]`).test(text));
}

/** The members of a union of strings, out of the source: types are gone at run time. */
function unionMembers(path: string, type: string): string[] {
  const body = new RegExp(`export type ${type} =([^;]*);`).exec(readText(path))?.[1] ?? "";
  return [...body.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
}

describe("every name is described", () => {
  it("metrics", () => {
    const names = [...TREND_NAMES, ...COUNTER_NAMES, ...RATE_NAMES, ...GAUGE_NAMES];
    expect(missing("docs/metrics.md", names)).toEqual([]);
  });

  it("reasons, and no document has one that does not exist", () => {
    expect(missing("docs/errors.md", REASON_NAMES)).toEqual([]);
    const rows = [...readText("docs/errors.md").matchAll(/^\| `([A-Z][A-Za-z]+)(?::[A-Z]+)?` +\|/gm)].map(
      (match) => match[1]!,
    );
    expect(rows.filter((row) => !REASON_NAMES.includes(row))).toEqual([]);
    expect(rows.length).toBe(REASON_NAMES.length);
  });

  it("protocol drops", () => {
    const drops = unionMembers("src/protocol/connection-effects.ts", "ProtocolDrop");
    expect(drops.length).toBeGreaterThan(10);
    expect(missing("docs/metrics.md", drops)).toEqual([]);
  });

  it("error codes, and no document has one that does not exist", () => {
    const used = new Set(sourceFiles().flatMap(({ text }) => text.match(/\bE_[A-Z_]+\b/g) ?? []));
    expect(missing("docs/errors.md", [...used])).toEqual([]);
    const written = new Set(allText.match(/\bE_[A-Z_]+\b/g) ?? []);
    expect([...written].filter((code) => !used.has(code))).toEqual([]);
  });

  it.each([0, 99, 104, 105, 109, 111, 112, 113])("exit code %i", (code) => {
    const inTable = new RegExp(`^\\|\\s*\`?${code}\`?\\s*\\|`, "m");
    expect(inTable.test(allText)).toBe(true);
  });
});

const BINARY = join(ROOT, "bin", "utp-load.js");
const isBuilt = existsSync(BINARY) && existsSync(join(ROOT, "dist", "cli", "main.js"));
if (!isBuilt) console.log("docs: flags are not checked, nothing is built (npm run build)");

async function flagsOf(command: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [BINARY, ...command, "--help"]);
  return (stdout + stderr).match(/--[a-z][a-z-]*/g) ?? [];
}

/** With the words behind it, where it has some of its own. */
function everyCommand(): string[][] {
  const own = COMMANDS.flatMap(({ name, subcommands }) => subcommands?.map((word) => [name, word]) ?? [[name]]);
  return [[], ...own, ["completion"]];
}

const OUR_COMMAND = new RegExp(`\\butp-load (${COMMANDS.map(({ name }) => name).join("|")})\\b|^--`);

describe.skipIf(!isBuilt)("flags", () => {
  it("that documents name exist", { timeout: 120_000 }, async () => {
    const known = new Set((await Promise.all(everyCommand().map(flagsOf))).flat());
    expect(known).toContain("--clients");
    const spans = documents.flatMap((path) => {
      const text = readText(path);
      const blocks = [...text.matchAll(/^```[\s\S]*?^```/gm)].flatMap((match) => match[0].split("\n"));
      const inline = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
      const ours = [...blocks, ...inline].filter((span) => OUR_COMMAND.test(span));
      return ours.map((span) => ({ path, flags: span.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? [] }));
    });
    const unknown = spans.flatMap(({ path, flags }) =>
      flags.filter((flag) => !known.has(flag)).map((flag) => `${path}: ${flag}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});

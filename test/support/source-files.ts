// The project's own source as data, for the tests of the house's rules: files, their text without comments, their imports.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export interface Import {
  /** As written; of our own files: the path from the root, such as `src/protocol/wire.ts`. */
  readonly target: string;
  readonly isOwn: boolean;
  /** `import type` and `export type`: nothing is left of it at run time. */
  readonly isType: boolean;
}

export interface SourceFile {
  /** From the root, with forward slashes on every system. */
  readonly path: string;
  readonly text: string;
  /** `text` without comments and without what stands in strings. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Paths of all files below `folder` with one of the endings, sorted. Empty where the folder is not there. */
export function filesBelow(folder: string, ...endings: string[]): string[] {
  let names: string[];
  try {
    names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => posix.join(folder, name.split(sep).join("/")))
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export function sourceFiles(folder = "src"): SourceFile[] {
  return filesBelow(folder, ".ts").map((path) => {
    const text = readText(path);
    return { path, text, code: withoutCommentsAndStrings(text), imports: importsOf(path, text) };
  });
}

/** The room of a file: `protocol` of `src/protocol/wire.ts`; a file right below src is a room of its own: `errors`, `index`. */
export function roomOf(path: string): string {
  return path.split("/")[1]!.replace(/\.ts$/, "");
}

const COMMENT_OR_TEXT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

function withoutCommentsAndStrings(text: string): string {
  return text.replace(COMMENT_OR_TEXT, (found) => {
    if (found.startsWith("/")) return " ";
    // Of a template only what is computed in it is code.
    return found.startsWith("`") ? `\`${(found.match(/\$\{[^}]*\}/g) ?? []).join("")}\`` : '""';
  });
}

const STATIC = /^(?:import|export)\s+(type\s+)?(?:[\w*{][^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const found = [...text.matchAll(STATIC)].map((match) => ({ written: match[2]!, isType: match[1] !== undefined }));
  for (const match of text.matchAll(DYNAMIC)) found.push({ written: match[1]!, isType: false });
  return found.map(({ written, isType }) => {
    const isOwn = written.startsWith(".");
    return { target: isOwn ? ownPath(path, written) : written, isOwn, isType };
  });
}

function ownPath(from: string, written: string): string {
  const target = relative(ROOT, join(ROOT, dirname(from), written))
    .split(sep)
    .join("/");
  return target.replace(/\.js$/, ".ts");
}

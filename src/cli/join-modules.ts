// Modules of this package made one script for a page: what the build needs of a bundler and no more. Pure; it reads through a function.

/** `import { a, b } from "./x.js";` as tsc writes it; renaming is not among it. */
const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";\n?/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const|let)\b)/gm;
const EMPTY_EXPORT = /^export \{\s*\};\n?/gm;
const TOP_LEVEL = /^(?:async )?(?:function|class|const|let) (\w+)/gm;

/**
 * The script that does what module `entry` does, in a scope of its own: each module once, before those that import it.
 *
 * @param read Text of a module by its URL.
 * @throws {RangeError} If a module is written in a way that cannot be joined: a package imported, a name changed or used twice, an end
 * of a script tag.
 */
export function joinModules(entry: URL, read: (url: URL) => string): string {
  const bodies = new Map<string, string>();
  const visit = (url: URL): void => {
    if (bodies.has(url.href)) return;
    // In its place before its imports are followed, so that a cycle ends; the place it keeps is that of its end.
    bodies.set(url.href, "");
    const text = read(url);
    for (const [, , target] of text.matchAll(IMPORT)) visit(new URL(target!, url));
    bodies.delete(url.href);
    bodies.set(url.href, bodyOf(url, text));
  };
  visit(entry);
  const body = [...bodies.values()].join("");
  rejectDoubles(body);
  if (/<\/script|<!--/i.test(body)) throw new RangeError("A page's script must not hold the end of its own tag");
  return `(() => {\n"use strict";\n${body}})();\n`;
}

function bodyOf(url: URL, text: string): string {
  for (const [line, names] of text.matchAll(IMPORT)) {
    if (/\bas\b/.test(names!)) throw new RangeError(`${url.href}: names must not be changed by an import, got ${line}`);
  }
  const body = text.replace(IMPORT, "").replace(EMPTY_EXPORT, "").replace(EXPORT, "");
  const left = /^(?:import|export)\b.*/m.exec(body);
  if (left !== null)
    throw new RangeError(`${url.href}: must be named imports and exports of own files, got ${left[0]}`);
  return body;
}

function rejectDoubles(body: string): void {
  const seen = new Set<string>();
  for (const [, name] of body.matchAll(TOP_LEVEL)) {
    if (seen.has(name!)) throw new RangeError(`Modules of one page must name things differently, got ${name} twice`);
    seen.add(name!);
  }
}

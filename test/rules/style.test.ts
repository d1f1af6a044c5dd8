// The house's rules that a linter does not know: purity of the core, sizes and names of files, words that are not used.
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "../support/source-files.js";

const MAX_SOURCE_LINES = 250;
const MAX_TEST_LINES = 300;
/** Files that may be longer, each with its reason. There is none. */
const LONGER: readonly string[] = [];

const files = sourceFiles();
const tests = sourceFiles("test");
const paths = (found: readonly { path: string }[]): string[] => found.map(({ path }) => path);
const lines = (text: string): number => text.split("\n").length - 1;

describe("the protocol core is pure", () => {
  it.each([
    ["the system's time", /\b(Date|performance)\b/],
    ["timers", /\b(setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\b/],
    ["randomness", /\bMath\.random\b|\bcrypto\b/],
    ["output", /\bconsole\b/],
    ["Node", /\b(Buffer|process|require|__dirname|global)\b/],
    // The bare word "window" is also a reliable pipeline's.
    ["browsers", /(?<![-\w.])((window|document)\s*[.[]|WebSocket(?![-\w])|fetch\()/],
    // A Buffer's slice is a view: what is kept would change with the socket's chunk.
    ["copies that are none", /\b(bytes|packet|payload|input|body|message|chunk)\.slice\(/],
    ["promises", /\b(async|await|Promise)\b/],
  ])("it knows nothing of %s", (_name, words) => {
    const core = files.filter(({ path }) => path.startsWith("src/protocol/"));
    expect(core.length).toBeGreaterThan(10);
    expect(paths(core.filter(({ code }) => words.test(code)))).toEqual([]);
  });
});

describe("every file", () => {
  it("of src begins with a head that says what it is", () => {
    expect(paths(files.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)))).toEqual([]);
  });

  it(`of src has at most ${MAX_SOURCE_LINES} lines, of test ${MAX_TEST_LINES}`, () => {
    const tooLong = [
      ...files.filter(({ path, text }) => lines(text) > MAX_SOURCE_LINES && !LONGER.includes(path)),
      ...tests.filter(({ text }) => lines(text) > MAX_TEST_LINES),
    ];
    expect(tooLong.map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual([]);
  });

  it("is named in kebab-case, and for what it does", () => {
    const badNames = paths([...files, ...tests]).filter((path) => {
      const name = basename(path);
      return (
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|browser|load|slow))*\.ts$/.test(name) ||
        /util|helper|common|manager/.test(name)
      );
    });
    expect(badNames).toEqual([]);
  });

  it.each([
    ["a default export", /^export default\b/m],
    ["any", /(?:[:<,|&(]|\bas)\s*any\b(?!\s*[:=(])/],
    ["a switched-off check", /@ts-ignore|@ts-nocheck|@ts-expect-error/],
    ["TypeScript's private", /^\s*private\s+(?!constructor)/m],
    ["require", /\brequire\(/],
  ])("has no %s", (_name, words) => {
    expect(paths(files.filter(({ code }) => words.test(code)))).toEqual([]);
  });

  it("leaves nothing for later", () => {
    const marks = new RegExp(`\\b(${["TO", "DO"].join("")}|${["FIX", "ME"].join("")})\\b`);
    expect(paths([...files, ...tests].filter(({ text }) => marks.test(text)))).toEqual([]);
  });

  it("names our own files with .js, Node's modules with node:", () => {
    const bad = files.flatMap(({ path, text }) =>
      [...text.matchAll(/from "(\.[^"]*)"/g)].filter(([, target]) => !target!.endsWith(".js")).map(() => path),
    );
    expect(bad).toEqual([]);
    const builtin = /^(fs|path|os|net|tls|http|https|crypto|url|util|events|stream|child_process|worker_threads)(\/|$)/;
    const bare = files.filter(({ imports }) => imports.some(({ target, isOwn }) => !isOwn && builtin.test(target)));
    expect(paths(bare)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { joinModules } from "../../../src/cli/join-modules.js";

function joined(modules: Record<string, string>): string {
  return joinModules(new URL("file:///page/entry.js"), (url) => {
    const text = modules[url.pathname.slice(1)];
    if (text === undefined) throw new Error(`no ${url.pathname}`);
    return text;
  });
}

/** What the script leaves in `result`. */
function run(script: string): unknown {
  return new Function(
    `let result;\n${script.replace("(() => {", "(() => { const tell = (value) => { result = value; };")}return result;`,
  )();
}

describe("joinModules()", () => {
  it("makes one script that does what the entry does, each module once and before those that use it", () => {
    const script = joined({
      "page/entry.js": `// head\nimport { double } from "./double.js";\nimport { one, Two } from "../numbers.js";\ntell(double(one) + new Two().value);\n`,
      "page/double.js": `import { one } from "../numbers.js";\nexport function double(value) {\n  return value * 2 * one;\n}\n`,
      "numbers.js": `export const one = 1;\nexport class Two {\n  value = 2;\n}\nexport {};\n`,
    });
    expect(run(script)).toBe(4);
    expect(script.match(/const one/g)).toHaveLength(1);
    expect(script).not.toMatch(/^(import|export)\b/m);
  });

  it.each<[string, string, RegExp]>([
    ["a package", `import { a } from "uplot";\n`, /named imports and exports of own files/],
    ["a changed name", `import { a as b } from "./a.js";\n`, /names must not be changed/],
    ["a name used twice", `import { a } from "./a.js";\nfunction a() {}\n`, /a twice/],
    ["a default export", `export default 1;\n`, /named imports and exports/],
    ["the end of a script", `tell("</script>");\n`, /end of its own tag/],
  ])("refuses %s", (_what, entry, expected) => {
    expect(() => joined({ "page/entry.js": entry, "page/a.js": "export const a = 1;\n" })).toThrow(expected);
  });
});

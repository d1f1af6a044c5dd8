import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embeddedJson, html } from "../../../../src/report/html/markup.js";
import { propertyParameters } from "../../../support/property.js";

const text = (code: number): string => String.fromCharCode(code);

describe("html``", () => {
  it.each<[string, string]>([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    [`" onload="x`, "&quot; onload=&quot;x"],
    ["' & '", "&#39; &amp; &#39;"],
    ["&lt;", "&amp;lt;"],
    [`a${text(0)}b${text(27)}[2Jc`, "a b [2Jc"],
    ["line\nline\ttab", "line\nline\ttab"],
    [`user${text(0x202e)}cod.exe`, "user cod.exe"],
    ["ünïcödé ✓ 日本", "ünïcödé ✓ 日本"],
  ])("escapes %j", (value, expected) => {
    expect(html`<b title="${value}">${value}</b>`.text).toBe(`<b title="${expected}">${expected}</b>`);
  });

  it("takes HTML as it is, lists one after the other, and nothing for what is not there", () => {
    const items = ["<", "b"].map((item) => html`<li>${item}</li>`);
    expect(html`${items}|${undefined}${false}|${0}`.text).toBe("<li>&lt;</li><li>b</li>||0");
  });

  it("lets no text become markup, whatever it is", () => {
    const parameters = propertyParameters("html escapes", 100);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(html`${value}`.text).not.toMatch(/[<>"']/);
      }),
      parameters,
    );
  });
});

describe("embeddedJson()", () => {
  it("is the same value to a JSON parser, and ends no script", () => {
    const value = { a: `</script><!--<script>${text(0x2028)}${text(0x2029)}`, b: ["&", '"', "\\"] };
    const embedded = embeddedJson(value).text;
    expect(embedded).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(embedded)).toEqual(value);
  });
});

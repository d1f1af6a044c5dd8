// What build servers read of a summary: JUnit XML, Markdown and GitHub's annotations, with the measured value in each.
import { describe, expect, it } from "vitest";
import { annotations } from "../../../src/report/annotations.js";
import { junitXml } from "../../../src/report/junit.js";
import { summaryMarkdown } from "../../../src/report/markdown.js";
import type { Summary } from "../../../src/result/summary.js";
import { summaryOf } from "../result/sample-run.js";

const HOSTILE = `a|b <img src=x> & "q" 'r' \`c\` ]]> \u0007\ud800 *x* [y](z)\n## no`;
const THRESHOLDS = [
  { metric: "rtt", expression: "p(95)<30" },
  { metric: "connect_failed", expression: "rate<0.5" },
  { metric: "ping", expression: "max<5" },
];

const crossed = (): Summary => summaryOf({}, {}, { thresholds: THRESHOLDS });
const invalid = (): Summary => summaryOf({ laggingSeconds: 3 }, {}, { thresholds: THRESHOLDS });
function hostile(): Summary {
  const summary = summaryOf(
    {},
    {},
    { name: HOSTILE, thresholds: [{ metric: `rtt{scenario:${HOSTILE.replace("\n", " ")}}`, expression: "max<5" }] },
  );
  summary.diagnosis = [{ code: "x", severity: "error", message: HOSTILE, evidence: HOSTILE }];
  return summary;
}

/** Every open element is closed in order, every & begins an entity, no control character: enough of a parser for what we write. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml[^>]*\?>/, "")
    .replace(/<(\/?)([a-z-]+)((?:\s[a-z]+="[^"<]*")*)(\/?)>/g, (_, end, name, _attributes, alone) => {
      if (end === "/") expect(open.pop()).toBe(name);
      else if (alone === "") open.push(name);
      return "";
    });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/);
  expect(xml).not.toMatch(/[^\P{Cc}\n]|\p{Cs}/u);
}

describe("junitXml()", () => {
  it("is a test case a threshold, its text as name, the measured value in each", () => {
    const xml = junitXml(crossed());
    expectWellFormed(xml);
    expect(xml).toContain('<testsuites name="utp-load" tests="3" failures="2" errors="0"');
    expect(xml).toMatch(
      /name="rtt: p\(95\)&lt;30"[^>]*>\n\s*<failure message="[^"]*measured 40\.0 ms">rtt: p\(95\)&lt;30 was crossed: measured 40\.0 ms</,
    );
    expect(xml).toMatch(/name="connect_failed: rate&lt;0\.5"[^>]*>\n\s*<system-out>[^<]*measured 0\.0722</);
    expect(xml).toMatch(/name="ping: max&lt;5"[^>]*>\n\s*<failure message="[^"]*no samples"/);
  });

  it("makes an invalid run an error, and judges no threshold on its figures", () => {
    const xml = junitXml(invalid());
    expectWellFormed(xml);
    expect(xml).toContain('tests="4" failures="0" errors="1"');
    expect(xml).toMatch(/<error message="the figures are not the server&apos;s: send lag/);
    expect(xml.match(/<skipped message="measured/g)).toHaveLength(3);
  });

  it.each([
    ["a run that was cut short", summaryOf({ end: "interrupted" }), "by hand", /<error message="by hand">by hand</],
    [
      "a server that lets nobody in",
      summaryOf({}, { clients_connected_ever: 0 }),
      undefined,
      /<failure message="none of 100 clients/,
    ],
    ["a run without thresholds", summaryOf(), undefined, /tests="1" failures="0".*\n.*\n/],
  ])("has a case for %s", (_what, summary, why, pattern) => {
    const xml = junitXml(summary, why);
    expectWellFormed(xml);
    expect(xml).toMatch(pattern);
    expect(xml).toMatch(/<testcase /);
  });

  it("escapes whatever others called their things", () => {
    expectWellFormed(junitXml(hostile(), HOSTILE));
  });
});

describe("summaryMarkdown()", () => {
  it("has the verdict, each threshold with its measured value, and the figures", () => {
    const text = summaryMarkdown(crossed());
    expect(text).toMatch(/^## ❌ FAIL: smoke\n\n2 of 3 thresholds crossed;.*\.\n/);
    expect(text).toContain("| <code>rtt: p(95)&#60;30</code> | **40.0 ms** | ❌ **crossed** |");
    expect(text).toContain("| <code>connect_failed: rate&#60;0.5</code> | 0.0722 | ✅ held |");
    expect(text).toMatch(/\| rtt \| 11\.0 \| 40\.0 \| 40\.0 \| 40\.0 \| 5 \|/);
    expect(text).toMatch(/\| Disconnects \| ClosedByClient 85, Silence 3 \|/);
  });

  it("says why a run is invalid or partial", () => {
    expect(summaryMarkdown(invalid())).toMatch(/^## ⚠️ INVALID: smoke\n\nThe figures are not the server's: send lag/);
    expect(summaryMarkdown(summaryOf({ end: "interrupted" }), "by hand")).toMatch(/^## ⚠️ PARTIAL: smoke\n\nBy hand;/);
  });

  it("lets no text of others become markup", () => {
    const text = summaryMarkdown(hostile(), HOSTILE);
    expect(text.replace(/<\/?(?:code|sub)>/g, "")).not.toMatch(/<|`|\]\(/);
    expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(1);
    for (const row of text.split("\n").filter((line) => line.startsWith("| <code>"))) {
      expect(row.match(/\|/g)).toHaveLength(4);
    }
  });
});

describe("annotations()", () => {
  it("are errors for what is crossed, one line each, escaped as GitHub reads it", () => {
    expect(annotations(crossed()).slice(0, 2)).toEqual([
      "::error title=utp-load smoke::threshold crossed: rtt: p(95)<30, measured 40.0 ms",
      "::error title=utp-load smoke::threshold crossed: ping: max<5, measured no samples",
    ]);
    expect(annotations(summaryOf({}, {}, { name: "a:b,c%" }))).toEqual([]);
    const lines = annotations(hostile());
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^::(error|warning) title=[^:,]*::[^\n\r]*$/);
    expect(lines[0]).toContain("%0A## no");
  });

  it("are warnings for what somebody should look at", () => {
    expect(annotations(summaryOf({ end: "interrupted" }), "by hand")).toEqual([
      "::warning title=utp-load smoke::partial: by hand",
    ]);
    expect(annotations(summaryOf({ laggingSeconds: 1 }))[0]).toMatch(/^::warning .*generator suspect: send lag/);
  });

  it("are ten of a kind at most, the last of which counts the rest", () => {
    const thresholds = Array.from({ length: 30 }, (_, ms) => ({ metric: "rtt", expression: `max<${ms}` }));
    const lines = annotations(summaryOf({}, {}, { thresholds }));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toMatch(/and 21 more/);
  });
});

import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pageAssets } from "../../../../src/report/html/page-assets.js";
import { MAX_POINTS } from "../../../../src/report/html/run-charts.js";
import type { ChartSpec } from "../../../../src/report/page/chart-spec.js";
import type { Sample } from "../../../../src/result/sample.js";
import { intervalOf, SUMS, snapshotOf, summaryOf } from "../../result/sample-run.js";
import { failed, NO_ASSETS, pageOf, seconds, sourceOf } from "./sample-report.js";

function chartsOf(page: string): ChartSpec[] {
  return JSON.parse(/<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)![1]!) as ChartSpec[];
}

/** What a person reads: without tags, blanks as one. */
const wordsOf = (page: string): string =>
  page
    .replace(/<(script|style)[^>]*>.*?<\/\1>/gs, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

const THRESHOLDS = [
  { metric: "rtt", expression: "p(95)<20" },
  { metric: "connect_failed", expression: "rate<0.5" },
  { metric: "ping", expression: "max<5" },
];

describe("htmlReport() tells", () => {
  const page = pageOf(sourceOf(seconds(), [failed(7)]), summaryOf({}, {}, { thresholds: THRESHOLDS }));
  const words = wordsOf(page);

  it("everything, in the order of what people look for", () => {
    const heads = [...page.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, head]) => head);
    expect(heads).toEqual([
      "Verdict",
      "What the numbers mean",
      "Joining",
      "Latency",
      "Messages",
      "The server's rhythm",
      "Ends of connections",
      "The generator itself",
      "Pipelines and scenarios",
      "The first of each kind of failure",
      "Profile and machine",
    ]);
  });

  it("the verdict with its reasons, and each threshold with what was measured", () => {
    expect(words).toContain("FAIL 2 of 3 thresholds crossed");
    expect(words).toContain("rtt p(95)&lt;20 ms 40.0 ms crossed");
    expect(words).toContain("connect_failed rate&lt;0.5 0.0722 held");
    expect(words).toContain("ping max&lt;5 ms no samples crossed");
    expect(page.match(/<tr class="bad"><th scope="row">(rtt|ping)</g)).toHaveLength(2);
  });

  it("each chart once, with its place, words for it and its figures as a table", () => {
    const charts = chartsOf(page);
    expect(charts.map(({ id }) => id)).toEqual([
      ..."clients joins connect failures rtt percentiles messages bytes server-interval disconnects".split(" "),
      ..."lateness cpu memory".split(" "),
    ]);
    for (const { id, xs, series } of charts) {
      expect(page.match(new RegExp(`id="chart-${id}"`, "g"))).toHaveLength(1);
      for (const { values } of series) expect(values).toHaveLength(xs.length);
    }
    expect(page.match(/<div class="plot" role="img" tabindex="0" aria-label="[^"]{40,}"/g)).toHaveLength(charts.length);
    expect(page.match(/<summary>The course in figures/g)).toHaveLength(charts.length - 1);
  });

  it("warm-up, ramp, stopping and stalls as shades", () => {
    const interval = chartsOf(page).find(({ id }) => id === "server-interval");
    expect(new Set(interval?.bands.map(({ kind }) => kind))).toEqual(new Set(["ramp", "stopping"]));
    const usual = summaryOf().latencyMs;
    usual.serverInterval = { ...usual.serverInterval, p50: 17, count: 3 };
    const stalled = chartsOf(pageOf(sourceOf(seconds()), { ...summaryOf(), latencyMs: usual }));
    expect(stalled.find(({ id }) => id === "server-interval")?.bands.map(({ kind }) => kind)).toContain("stall");
  });

  it("the first failure of each reason, step by step", () => {
    const lost = [
      failed(7),
      failed(3, { endedMs: 20_000 }),
      failed(9, { reason: "ClosedByServer", acceptMs: undefined }),
    ];
    const told = wordsOf(pageOf(sourceOf(seconds(), lost)));
    expect(told).toContain("Silence Client 3: the first of 2 clients whose first failure this was");
    expect(told).toContain("connect call 0.100 TCP open 0.101 1.00 upgraded 0.120 19.0 101 Switching Protocols");
    expect(told).toContain("connection lost 20.000 19,850 Silence: nothing came for 30 s");
    expect(told).toMatch(/ClosedByServer Client 9: the only client .* attempt failed 30\.150/);
  });

  it("pipelines, scenarios, profile and machine", () => {
    const sums = { ...SUMS, "messages_sent{scenario:fighter}": 40, "messages_sent{scenario:healer}": 60 };
    const told = wordsOf(pageOf(sourceOf(seconds(sums))));
    expect(told).toContain("Clients by scenario");
    // Of four seconds.
    expect(told).toMatch(/fighter 0 160 .* healer 0 240 /);
    expect(told).toMatch(/no pipeline 8,995 8,990/);
    expect(told).toMatch(/110: to 100 within 1 s, to 100 within 9 s/);
    expect(told).toMatch(/utp-load 0\.1\.0 Node\.js v/);
  });
});

describe("htmlReport() of little", () => {
  it("says in words what there is no chart of", () => {
    const page = pageOf(sourceOf([]), summaryOf({ whole: intervalOf(0, snapshotOf({})).total }));
    expect(chartsOf(page).flatMap(({ series }) => series)).toHaveLength(0);
    expect(wordsOf(page)).toMatch(/No second of this run was recorded/);
    expect(page).not.toMatch(/id="chart-/);
    expect(wordsOf(page)).not.toMatch(/undefined|NaN|\[object/);
  });

  it("says that a run is partial, and what of it is missing", () => {
    const ended = { end: "cut", why: "the run was killed" } as const;
    const source = { ...sourceOf(seconds()), ended, notes: ["the last 1 s is left out"] };
    const words = wordsOf(pageOf(source, summaryOf({ end: "cut" })));
    expect(words).toContain("PARTIAL the run was killed");
    expect(words).toContain("the last 1 s is left out");
  });
});

describe("htmlReport() is safe", () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
  const sums = { ...SUMS, [`disconnects{reason:${evil}}`]: 3, [`messages_sent{scenario:${evil}}`]: 1 };
  const summary = summaryOf({}, sums, { name: evil, thresholds: [{ metric: "rtt", expression: "p(95)<20" }] });
  summary.diagnosis = [{ code: "x", severity: "error", message: evil, evidence: evil }];
  const page = pageOf(sourceOf(seconds(sums), [failed(1, { detail: evil, reason: evil })], { name: evil }), summary);

  it("from what a server or a profile says: it never becomes markup", () => {
    expect(page).not.toMatch(/<img|<script>alert/);
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
    expect(JSON.stringify(chartsOf(page))).toContain("alert(1)");
  });

  it("from its own kind: a policy allows the scripts in it, and nothing from outside", () => {
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/);
    expect(page).not.toMatch(/\s(?:src|href)="(?!#)|url\(|@import|<link|<iframe/);
  });
});

describe("htmlReport() stays small", () => {
  const short = sourceOf(seconds());
  const [second] = [...short.samples()];

  /** Some hours, with something in every second that differs. */
  function* hours(): Generator<Sample> {
    for (let index = 0; index < 20_000; index++) {
      yield { ...second!, elapsedMs: (index + 1) * 1000, rssBytes: 1e8 + index, cpuPercent: (index * 7919) % 97 };
    }
  }
  const isBuilt = existsSync(new URL("../../../../dist/report-page.js", import.meta.url));
  if (!isBuilt) console.log("html-report: the size is of a page without scripts, nothing is built (npm run build)");

  it("also for a long run, and says that it draws extremes", () => {
    const page = pageOf({ ...short, samples: hours }, summaryOf(), isBuilt ? pageAssets("report-page") : NO_ASSETS);
    expect(page.length).toBeLessThan(400_000);
    for (const { xs, x } of chartsOf(page)) if (x === "seconds") expect(xs.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(wordsOf(page)).toContain("the lowest and the highest of every 40 seconds");
  });
});

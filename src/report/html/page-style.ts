// How our pages look: light, dark and on paper, from a phone's 360 pixels on. A style sheet as text; it loads no font and no picture.

/** Text on its background has a contrast of 4.5 : 1 at least, lines of charts 3 : 1. Red is for what failed. */
const LIGHT = `
  --page: #ffffff; --card: #f6f7f9; --line: #d9dde3; --text: #1b1f24; --text-quiet: #57606a; --link: #0b57b0;
  --good: #17693a; --good-back: #e3f4e8; --bad: #b3161f; --bad-back: #fdeaea; --warn: #7a4b00; --warn-back: #fdf1d8;
  --grid: #e6e9ee; --tone-low: #7aa5d8; --tone-mid: #2f74c0; --tone-high: #143f78; --tone-peak: #7c8592;
  --tone-other: #0f857b; --tone-third: #a1690b; --tone-quiet: #8a63b8; --tone-bad: #c8323a;
  --band-warmup: rgb(122 75 0 / 12%); --band-ramp: rgb(47 116 192 / 9%); --band-stopping: rgb(87 96 106 / 13%);
  --band-stall: rgb(200 50 58 / 20%);`;

const DARK = `
  --page: #14171b; --card: #1d2127; --line: #363c45; --text: #e6e9ed; --text-quiet: #a3acb8; --link: #7db4f5;
  --good: #6fce92; --good-back: #17301f; --bad: #ff8a8a; --bad-back: #3d1a1c; --warn: #ebb95c; --warn-back: #362a12;
  --grid: #2a3038; --tone-low: #47719f; --tone-mid: #5a9ce6; --tone-high: #b4d4fb; --tone-peak: #868f9c;
  --tone-other: #41bcb0; --tone-third: #dba24a; --tone-quiet: #b796e0; --tone-bad: #ff7b7b;
  --band-warmup: rgb(235 185 92 / 14%); --band-ramp: rgb(90 156 230 / 13%); --band-stopping: rgb(163 172 184 / 15%);
  --band-stall: rgb(255 123 123 / 26%);`;

const TONES = ["low", "mid", "high", "peak", "other", "third", "quiet", "bad"];
const BANDS = ["warmup", "ramp", "stopping", "stall"];

export const PAGE_STYLE = `
:root {${LIGHT} }
@media (prefers-color-scheme: dark) { :root:not([data-scheme="light"]) {${DARK} } }
@media print { :root:root {${LIGHT} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
header, main, footer, nav { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 19px; line-height: 1.3; margin: 44px 0 10px; letter-spacing: -0.005em; }
h3 { font-size: 15.5px; margin: 28px 0 2px; }
p { margin: 6px 0; max-width: 78ch; }
.quiet, figcaption { color: var(--text-quiet); }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 24px; top: 8px; background: var(--page); padding: 4px 8px; z-index: 2; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; padding: 10px 0; margin: 20px 0 0; border-block: 1px solid var(--line); }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
footer { margin-top: 48px; padding-bottom: 36px; font-size: 13px; color: var(--text-quiet); border-top: 1px solid var(--line); padding-top: 12px; }

.verdict { display: flex; gap: 6px 14px; align-items: baseline; flex-wrap: wrap; margin: 18px 0 6px; max-width: none; padding: 12px 16px; border-radius: 8px; border-left: 5px solid; }
.verdict strong { font-size: 19px; letter-spacing: 0.03em; }
.verdict.pass, .verdict.pass strong { color: var(--good); background: var(--good-back); border-color: var(--good); }
.verdict.fail, .verdict.fail strong { color: var(--bad); background: var(--bad-back); border-color: var(--bad); }
.verdict:is(.invalid, .partial), .verdict:is(.invalid, .partial) strong { color: var(--warn); background: var(--warn-back); border-color: var(--warn); }
.verdict span { color: var(--text); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 16px 0 0; }
.figures div { background: var(--card); border-radius: 8px; padding: 10px 14px; }
.figures dt { color: var(--text-quiet); font-size: 13px; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; line-height: 1.3; }
.figures dd small { display: block; font-size: 13px; font-weight: 400; color: var(--text-quiet); }

.word { font-weight: 600; white-space: nowrap; }
.word.good { color: var(--good); } .word.bad { color: var(--bad); } .word.warn { color: var(--warn); }
.findings { list-style: none; padding: 0; margin: 8px 0; }
.findings li { border-left: 4px solid var(--line); padding: 2px 0 2px 14px; margin: 12px 0; }
.findings li.error { border-color: var(--bad); } .findings li.warning { border-color: var(--warn); }

.scroll { overflow-x: auto; margin: 10px 0 4px; }
table { border-collapse: collapse; font-size: 14px; }
caption { text-align: left; color: var(--text-quiet); font-size: 13px; padding-bottom: 4px; white-space: nowrap; }
th, td { padding: 5px 0 5px 28px; text-align: right; border-bottom: 1px solid var(--line); vertical-align: baseline; overflow-wrap: normal; }
thead th { font-weight: 600; font-size: 13px; color: var(--text-quiet); white-space: nowrap; }
tbody th { font-weight: 500; }
td { white-space: nowrap; }
th:first-child { padding-left: 0; min-width: 11ch; text-align: left; }
.left { text-align: left; }
td.left { white-space: normal; min-width: 14ch; }
tr.bad th, tr.bad td { color: var(--bad); }
details { margin: 6px 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
pre { background: var(--card); border-radius: 8px; padding: 12px 14px; font: 12.5px/1.5 ui-monospace, "SF Mono", Consolas, monospace; overflow-x: auto; white-space: pre-wrap; }

figure { margin: 8px 0 0; min-width: 0; }
.chart { min-height: 250px; }
.plot { border-radius: 4px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 0 28px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 6px; font-size: 13px; min-height: 28px; align-items: center; }
.legend button { display: inline-flex; align-items: center; gap: 6px; font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; padding: 3px 6px; cursor: pointer; }
.legend button:hover { background: var(--card); }
.legend button[aria-pressed="false"] { color: var(--text-quiet); text-decoration: line-through; }
.legend button[aria-pressed="false"] .swatch { opacity: 0.35; }
.legend .value { font-weight: 600; }
.legend .where { color: var(--text-quiet); padding-left: 6px; }
.swatch { width: 16px; height: 0; border-top: 3px solid; }
.swatch.dashed { border-top-style: dashed; }
.swatch.bars { height: 10px; width: 10px; border-top: 0; background: currentcolor; }
${TONES.map((tone) => `.tone-${tone} { color: var(--tone-${tone}); border-color: var(--tone-${tone}); }`).join("\n")}
.bands { display: flex; max-width: none; flex-wrap: wrap; gap: 4px 14px; font-size: 13px; color: var(--text-quiet); }
.bands i { display: inline-block; width: 14px; height: 12px; margin-right: 6px; vertical-align: -1px; border: 1px solid var(--line); }
${BANDS.map((band) => `.band-${band} { background: var(--band-${band}); }`).join("\n")}

@media (max-width: 560px) {
  body { font-size: 14.5px; }
  header, main, footer, nav { padding-left: 14px; padding-right: 14px; }
  caption { white-space: normal; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  th, td { padding-left: 12px; }
  td.left { min-width: 8ch; }
}
@media print {
  nav, .skip { display: none; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  section section, figure, tr, .findings li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  .verdict, .figures div, i, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

// The frame of a page: one document that holds all it needs and asks nobody for anything. It knows nothing of what the page tells.
import { createHash } from "node:crypto";
import type { ChartSpec } from "../page/chart-spec.js";
import { embeddedJson, html, Markup } from "./markup.js";
import type { PageAssets } from "./page-assets.js";
import { PAGE_STYLE } from "./page-style.js";

export interface PageParts {
  /** Of the window and the bookmark. */
  readonly title: string;
  /** Header, navigation, main and footer. */
  readonly body: Markup;
  /** What the script draws into the `figure` of each id. */
  readonly charts: readonly ChartSpec[];
  /** It talks to the server that it came from, as a live page does. */
  readonly isLive?: boolean;
}

/** The whole document. Its policy lets run what is in it, by hash, and nothing else; so no request can leave it. */
export function pageText(
  { title, body, charts, isLive = false }: PageParts,
  { plotScript, plotStyle, pageScript }: PageAssets,
): string {
  const style = `${plotStyle}\n${PAGE_STYLE}`;
  const scripts = [plotScript, pageScript];
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src ${scripts.map((script) => `'${hashOf(script)}'`).join(" ")}; base-uri 'none'; form-action 'none'${isLive ? "; connect-src 'self'" : ""}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
<script type="application/json" id="charts">${embeddedJson(charts)}</script>
${scripts.map((script) => html`<script>${new Markup(script)}</script>\n`)}</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

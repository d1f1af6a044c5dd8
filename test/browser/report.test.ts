// report.html in headless Chromium: charts are drawn, nothing is asked of anybody, phones and keys get along. Pictures stay in .artifacts.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageAssets } from "../../src/report/html/page-assets.js";
import { complaintsOf, isChromiumAbsent, launchChromium } from "../support/headless-chromium.js";
import { failed, pageOf, seconds, sourceOf } from "../unit/report/html/sample-report.js";
import { SUMS, summaryOf } from "../unit/result/sample-run.js";

const ARTIFACTS = fileURLToPath(new URL("../.artifacts/", import.meta.url));
const PAGE = `${ARTIFACTS}report.html`;
const EVIL = `</script><img src="http://127.0.0.1:1/x" onerror="window.isHacked = true">`;

/** How many colours a canvas has: a blank one has none. */
function colorsOf(canvas: SVGElement | HTMLElement): number {
  if (!(canvas instanceof HTMLCanvasElement)) return 0;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint32Array(data.buffer);
  return new Set(pixels.filter((pixel) => pixel !== 0)).size;
}

describe.skipIf(isChromiumAbsent())("report.html in a browser", () => {
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true });
    const sums = { ...SUMS, [`disconnects{reason:${EVIL}}`]: 2 };
    const source = sourceOf(seconds(sums), [failed(7, { detail: EVIL })], { name: EVIL });
    writeFileSync(PAGE, pageOf(source, summaryOf({}, sums, { name: EVIL }), pageAssets("report-page")));
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  async function opened(options: object): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage(options);
    const troubles = complaintsOf(page);
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(PAGE).href) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(PAGE).href);
    return { page, troubles };
  }

  it.each([
    ["desktop", { viewport: { width: 1280, height: 900 } }],
    ["dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
    ["phone", { viewport: { width: 360, height: 780 }, isMobile: true }],
  ])("draws every chart, asks nobody, and fits: %s", async (name, options) => {
    const { page, troubles } = await opened(options);
    const charts = await page.locator(".chart").count();
    expect(charts).toBe(13);
    expect(await page.locator(".chart canvas").count()).toBe(charts);
    for (const canvas of await page.locator(".chart canvas").all()) {
      expect(await canvas.evaluate(colorsOf)).toBeGreaterThan(3);
    }
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    expect(await page.evaluate("window.isHacked")).toBeUndefined();
    await page.screenshot({ path: `${ARTIFACTS}report-${name}.png`, fullPage: true });
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("is read with the keyboard: arrow keys tell values, buttons hide a series", async () => {
    const { page, troubles } = await opened({ viewport: { width: 1280, height: 900 } });
    const chart = page.locator("#chart-rtt");
    await chart.locator(".plot").focus();
    await page.keyboard.press("End");
    expect(await chart.locator(".where").textContent()).toBe("at 4 s");
    await page.keyboard.press("ArrowLeft");
    expect(await chart.locator(".where").textContent()).toBe("at 3 s");
    expect(await chart.locator(".value").first().textContent()).toBe("11.0 ms");
    const button = chart.locator("button").first();
    await button.focus();
    await page.keyboard.press("Space");
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    expect(troubles).toEqual([]);
    await page.close();
  });

  it("shows a part of the run that is dragged over, and all again after two clicks", async () => {
    const { page } = await opened({ viewport: { width: 1280, height: 900 } });
    const plot = page.locator("#chart-rtt .u-over");
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width } = (await plot.boundingBox())!;
    const pointed = async (): Promise<string | null> => {
      await page.mouse.move(x + 10, y + 20);
      await page.mouse.move(x + 12, y + 20);
      return page.locator("#chart-rtt .where").textContent();
    };
    await page.mouse.move(x + width * 0.6, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.95, y + 20);
    await page.mouse.up();
    await expect.poll(pointed).toBe("at 3 s");
    await plot.dblclick();
    await expect.poll(pointed).toBe("at 1 s");
    await page.close();
  });

  it("shows all tables on paper, in light colours", async () => {
    const { page } = await opened({ viewport: { width: 900, height: 900 }, colorScheme: "dark" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("details:not([open])").count()).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.close();
  });
});

// The dashboard of a run in headless Chromium, used as a person would: it draws, it moves, its buttons change the run.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliProcess, expectBooksToBalance, parseSummary, startCli, temporaryFolder } from "../support/cli.js";
import { complaintsOf, isChromiumAbsent, launchChromium } from "../support/headless-chromium.js";

const CHARTS = ["clients", "rtt", "messages", "server-interval", "lateness", "cpu"];
const folder = temporaryFolder();

/** Starts a run with a dashboard; resolves once it says where. */
async function startWatched(...args: (string | number)[]): Promise<{ run: CliProcess; url: string }> {
  const flags = ["--dashboard", 0, "--json", "--no-progress", "--out", folder.path];
  const run = startCli(["run", ...args, ...flags]);
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    run.child.stderr?.on("data", (chunk) => {
      text += chunk;
      const found = /dashboard: (http:\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    run.ended.then((result) => reject(new Error(`the run ended early: ${JSON.stringify(result)}`)));
  });
  return { run, url };
}

describe.skipIf(isChromiumAbsent())("the dashboard in a browser", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  const textOf = async (page: Page, id: string): Promise<string> => (await page.textContent(`#${id}`)) ?? "";
  const soon = { timeout: 20_000, interval: 100 };
  const becomes = (page: Page, id: string) => expect.poll(() => textOf(page, id), soon);
  const connected = (page: Page) =>
    expect.poll(() => page.evaluate(`document.querySelector("#figures dd")?.firstChild.textContent`), soon);

  it("draws, moves, holds the run, changes its clients, and stops it", async () => {
    const { run, url } = await startWatched("-c", 10, "-r", "200ms", "-d", "60s");
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(url);
    await connected(page).toBe("10");
    for (const id of CHARTS) await page.waitForSelector(`#chart-${id} canvas`);
    const isDrawn = await page.evaluate(`(() => {
      const canvas = document.querySelector("#chart-messages canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    })()`);
    expect(isDrawn).toBe(true);
    const before = await textOf(page, "words");
    await becomes(page, "words").not.toBe(before);

    await page.fill("#count", "5");
    await page.click("#more");
    await connected(page).toBe("15");
    await page.fill("#count", "8");
    await page.click("#fewer");
    await connected(page).toBe("7");
    expect(await textOf(page, "answer")).toBe("8 clients leave");

    await page.fill("#count", "-3");
    await page.click("#more");
    await page.fill("#count", "");
    await page.click("#fewer");
    expect(await textOf(page, "answer")).toBe("8 clients leave");

    await page.click("#pause");
    await becomes(page, "phase").toBe("paused");
    await becomes(page, "figures").toContain("messages received0/s");
    await connected(page).toBe("7");
    await page.click("#pause");
    await becomes(page, "phase").toBe("running");
    await becomes(page, "figures").not.toContain("messages received0/s");

    await page.click("#stop");
    expect(await textOf(page, "stop")).toBe("Really stop?");
    await page.click("#stop");
    await becomes(page, "phase").toBe("ended");
    expect(await textOf(page, "words")).toContain("the load was changed by hand");
    const result = await run.ended;
    const summary = parseSummary(result);
    expectBooksToBalance(summary);
    expect(summary.run.adjusted).toBe(true);
    expect(summary.clients).toMatchObject({ planned: 15, started: 15, connected: 15 });
    expect([summary.partial, summary.disconnects.byReason]).toEqual([true, { ClosedByClient: 15 }]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("shows the end of a run that nobody touched", async () => {
    const { run, url } = await startWatched("-c", 3, "-d", "3s", "--threshold", "rtt: max<0.001");
    const page = await browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(url);
    await becomes(page, "thresholds").toContain("crossed rtt: max<0.001");
    await becomes(page, "phase").toBe("ended");
    expect(await textOf(page, "words")).toMatch(/crossed|figures are not/);
    expect(await page.isDisabled("#stop")).toBe(true);
    expect(parseSummary(await run.ended).run.adjusted).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

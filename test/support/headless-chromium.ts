// Headless Chromium as this machine has it, for tests in a browser. It installs none: where there is none, they are skipped.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PATH = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether there is none; says so once a file. */
export function isChromiumAbsent(): boolean {
  if (existsSync(PATH)) return false;
  console.log(`browser: no Chromium at ${PATH} (CHROMIUM_PATH names another), nothing is run`);
  return true;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ARGUMENTS });
}

/** Whatever a page complains of: errors on its console, exceptions, requests that failed. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

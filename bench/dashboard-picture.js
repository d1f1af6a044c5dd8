// `npm run pictures`: follows a run whose server stalls now and then, and takes its dashboard as docs/images/dashboard.png. Needs Chromium.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = new URL("../", import.meta.url);
const CLI = fileURLToPath(new URL("bin/utp-load.js", ROOT));
const IMAGES = fileURLToPath(new URL("docs/images/", ROOT));
const WATCHED_MS = 30_000;
const SIZE = { width: 1160, height: 1180 };

/** Resolves with what the pattern's group catches in what the command says. */
function start(args, stream, pattern) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said = new Promise((resolve) => {
    let text = "";
    child[stream].on("data", (chunk) => {
      text += chunk;
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, said };
}

const results = mkdtempSync(join(tmpdir(), "utp-load-picture-"));
const serve = start(
  ["serve", "--port", "0", "--echo", "--tick", "60", "--latency", "15ms", "--jitter", "10ms", "--stall", "700ms@11s"],
  "stdout",
  /listening on (\S+)/,
);
const run = start(
  [
    ...["run", await serve.said, "--clients", "100", "--ramp", "5s", "--duration", "2m", "--workers", "1"],
    ...["--threshold", "rtt: p(95)<80", "--threshold", "disconnects{reason:Silence}: count==0"],
    ...["--dashboard", "0", "--no-progress", "--out", results],
  ],
  "stderr",
  /dashboard: (\S+)/,
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: SIZE });
await page.goto(await run.said);
await page.waitForTimeout(WATCHED_MS);
mkdirSync(IMAGES, { recursive: true });
await page.screenshot({ path: join(IMAGES, "dashboard.png") });
await browser.close();
run.child.kill("SIGINT");
await new Promise((resolve) => run.child.once("close", resolve));
serve.child.kill();
rmSync(results, { recursive: true, force: true });

// `npm run pictures`: runs a load with a stall in it, and takes the top of its report.html as docs/images/report.png. Needs Chromium.
// `node bench/report-picture.js report.html` takes one that is there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const CLI = fileURLToPath(new URL("../bin/utp-load.js", import.meta.url));
const PICTURE = fileURLToPath(new URL("../docs/images/report.png", import.meta.url));
const SIZE = { width: 1100, height: 1500 };
const SERVER = "serve --port 0 --tick 60 --echo --latency 15ms --jitter 10ms --stall 900ms@20s".split(" ");
const LOAD = "--clients 100 --ramp 20/s --duration 45s --rate 2 --no-progress --quiet".split(" ");
const THRESHOLDS = [
  "rtt: p(95)<80",
  "rtt: max<500",
  "connect_failed: rate<0.01",
  "disconnects{reason:Silence}: count==0",
];

const folder = mkdtempSync(join(tmpdir(), "utp-load-picture-"));
try {
  await takePicture(process.argv[2] ?? (await madeReport()));
  console.log(`${PICTURE} written`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function madeReport() {
  const server = spawn(process.execPath, [CLI, ...SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(server.stdout, "data");
  const url = /ws:\S+/.exec(String(line))[0];
  const thresholds = THRESHOLDS.flatMap((threshold) => ["--threshold", threshold]);
  const run = spawn(process.execPath, [CLI, "run", url, ...LOAD, ...thresholds, "--out", folder], { stdio: "inherit" });
  await once(run, "exit");
  server.kill();
  return join(folder, "report.html");
}

async function takePicture(report) {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(pathToFileURL(resolve(report)).href);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
  await browser.close();
}

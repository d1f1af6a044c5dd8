// `npm run pictures`: runs the same load against a server and a slower one, and takes the top of their comparison.html as
// docs/images/comparison.png. Needs Chromium. `node bench/comparison-picture.js comparison.html` takes one that is there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const CLI = fileURLToPath(new URL("../bin/utp-load.js", import.meta.url));
const PICTURE = fileURLToPath(new URL("../docs/images/comparison.png", import.meta.url));
const SIZE = { width: 1100, height: 1300 };
const SERVER = "serve --port 0 --tick 60 --echo".split(" ");
/** What the slower server does more. */
const SLOWER = "--latency 10ms --jitter 3ms".split(" ");
const LOAD = "--clients 100 --ramp 20/s --duration 60s --rate 2 --ping-interval 1s --no-progress --quiet".split(" ");

const folder = mkdtempSync(join(tmpdir(), "utp-load-picture-"));
try {
  await takePicture(process.argv[2] ?? (await madeComparison()));
  console.log(`${PICTURE} written`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The names of the results stand in the picture, so they are given as seen from the folder. */
async function madeComparison() {
  await runAgainst([], "before");
  await runAgainst(SLOWER, "after");
  await once(start(["compare", "before", "after", "--html"]), "exit");
  return join(folder, "after", "comparison.html");
}

async function runAgainst(more, result) {
  const server = spawn(process.execPath, [CLI, ...SERVER, ...more], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(server.stdout, "data");
  const url = /ws:\S+/.exec(String(line))[0];
  await once(start(["run", url, ...LOAD, "--out", result]), "exit");
  server.kill();
}

function start(args) {
  return spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: "inherit" });
}

async function takePicture(comparison) {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(pathToFileURL(resolve(comparison)).href);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
  await browser.close();
}

// `npm run bench:merge`: results of 100 shards that never ran, 10,000 clients each, merged by the command line; prints time and memory.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeptSeries } from "../dist/analysis/kept-series.js";
import { seriesPointOf } from "../dist/analysis/observations.js";
import { summarize } from "../dist/analysis/summarize.js";
import { RunRecord } from "../dist/engine/run-record.js";
import { profileFrom } from "../dist/index.js";
import { encodeHistogram, newRecordingHistogram } from "../dist/metrics/histogram.js";
import { Journal } from "../dist/result/journal.js";
import { createResultsFolder } from "../dist/result/results-folder.js";
import { runFileOf } from "../dist/result/run-file.js";
import { VERSION } from "../dist/version.js";
import { makePlan, shareOfClients } from "../dist/workload/plan.js";

const SHARDS = Number(process.argv[2] ?? 100);
const CLIENTS = 10_000 * SHARDS;
const SECONDS = 60;
const RAMP_SECONDS = 10;
const RATE = 10;
const PAYLOAD_BYTES = 64;
/** Different values a second of a trend, each counted so often that the counts are those of all messages. */
const DRAWS = 2000;
const START_MS = Date.UTC(2026, 10, 23, 18);

const target = "ws://10.0.0.5:7777/";
const flags = { clients: String(CLIENTS), ramp: `${RAMP_SECONDS}s`, duration: `${SECONDS}s`, rate: String(RATE) };
const profile = profileFrom(target, flags);
const plan = makePlan(profile.stages);
const histogram = newRecordingHistogram();
let seed = 1;

function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

/** So many durations around `medianMs` with a long tail, encoded as a worker tells them. */
function trend(medianMs, count) {
  histogram.reset();
  const draws = Math.min(DRAWS, count);
  for (let draw = 0; draw < draws; draw++) {
    const valueUs = Math.round(medianMs * 1000 * Math.exp(2 * (random() + random() + random() - 1.5)));
    const times = Math.floor((count * (draw + 1)) / draws) - Math.floor((count * draw) / draws);
    histogram.recordValueWithCount(valueUs, times);
  }
  return encodeHistogram(histogram);
}

function outcomeOf({ number, startMs }, isOver) {
  const known = { number, startedMs: startMs, upgradeMs: startMs + 5.123, acceptMs: startMs + 21.789 };
  if (!isOver) return { ...known, sent: 0, answered: 0 };
  const messages = Math.floor(((SECONDS * 1000 - startMs) / 1000) * RATE);
  return { ...known, endedMs: SECONDS * 1000 + 1.5, endReason: "ClosedByClient", sent: messages, answered: messages };
}

/** What a shard's clients did in a second. */
function snapshotOf(clients, second) {
  const isLast = second === SECONDS - 1;
  const came = clients.filter(({ startMs }) => Math.floor(startMs / 1000) === second);
  const there = clients.filter(({ startMs }) => startMs < (second + 1) * 1000).length;
  const messages = there * RATE;
  const sums = { messages_planned: messages, messages_sent: messages, messages_received: messages };
  Object.assign(sums, { messages_answered: messages, bytes_sent: messages * PAYLOAD_BYTES });
  Object.assign(sums, { "pipeline_sent{pipeline:0}": messages, "pipeline_received{pipeline:0}": messages });
  const trends = { server_interval: trend(50, messages), ping: trend(9, there / 5) };
  for (const name of ["rtt", "rtt_uncorrected"]) trends[name] = trend(10, messages);
  trends.send_lag = trend(0.4, messages);
  if (came.length > 0) {
    const names = ["clients_started", "clients_connected_ever", "connect_attempts", "connect_established"];
    for (const name of names) sums[name] = came.length;
    for (const phase of ["tcp", "upgrade", "utp", "total"]) trends[`connect_${phase}`] = trend(8, came.length);
  }
  if (isLast) {
    const reasons = ["disconnects", "disconnects{reason:ClosedByClient}", "disconnects_unity{reason:Default}"];
    for (const name of reasons) sums[name] = clients.length;
    trends.session_duration = trend(55_000, clients.length);
  }
  const outcomes = isLast ? clients.map((client) => outcomeOf(client, true)) : came.map((c) => outcomeOf(c, false));
  const connected = isLast ? 0 : there;
  const gauges = { clients_connected: connected, clients_connected_peak: there };
  return { sums, gauges, trends, eventLoopDelay: trend(1, 1000), outcomes };
}

/** The folder that a shard leaves behind. */
function writeShard(shared, index) {
  const shard = { index, count: SHARDS };
  const clients = shareOfClients(plan.clients, shard);
  const record = new RunRecord(profile, { ...plan, clients }, 1, START_MS);
  const known = { id: "arena", target, version: VERSION, node: process.version, workers: 1, processes: 1, shard };
  const run = runFileOf({ ...known, ...record.start, profile, flags: [], settings: [] });
  const { path } = createResultsFolder(join(shared, `shard-${index}`));
  const journal = new Journal(path, run, fail);
  const series = new KeptSeries();
  const ended = { end: "completed", why: undefined };
  for (let second = 0; second < SECONDS; second++) {
    const parts = [{ index: 0, snapshot: snapshotOf(clients, second) }];
    const nowMs = START_MS + (second + 1) * 1000;
    const isLast = second === SECONDS - 1;
    const interval = isLast ? record.addLast(parts, nowMs, true, ended, []) : record.add(parts, nowMs, false);
    journal.onInterval(interval);
    series.add(seriesPointOf(interval));
  }
  journal.finish(summarize({ ...record.figures(), ...ended }, profile, known, series.points));
}

const MEBIBYTE = 2 ** 20;
const bytesIn = (folder) => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
const mebibytes = (bytes) => `${Math.round(bytes / MEBIBYTE)} MiB`;

/** `utp-load merge` as a user types it, with what its process needed at most. */
async function merge(shared, out) {
  const tell =
    "const used = process.resourceUsage(); console.error('used', used.maxRSS, used.userCPUTime + used.systemCPUTime)";
  const tellAtEnd = `process.on('exit', () => { ${tell} })`;
  const cli = fileURLToPath(new URL("../bin/utp-load.js", import.meta.url));
  const words = ["--import", `data:text/javascript,${tellAtEnd}`, cli, "merge", shared, "--out", out, "--json"];
  const startedMs = performance.now();
  const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  child.stderr.on("data", (chunk) => {
    told += chunk;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const seconds = (performance.now() - startedMs) / 1000;
  if (code !== 0) fail(`merge ended with exit code ${code}: ${told}`);
  const [, peakKib, cpuUs] = /used (\d+) (\d+)/.exec(told);
  return { seconds, cpuSeconds: cpuUs / 1e6, peakBytes: peakKib * 1024 };
}

function fail(why) {
  console.error(`bench: ${why}`);
  process.exit(1);
}

const shared = mkdtempSync(join(os.tmpdir(), "utp-load-merge-"));
try {
  for (let index = 0; index < SHARDS; index++) writeShard(shared, index);
  const out = join(shared, "merged");
  const { seconds, cpuSeconds, peakBytes } = await merge(shared, out);
  const { clients, messages, verdict } = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  if (clients.connected !== CLIENTS) fail(`${clients.connected} of ${CLIENTS} clients are in the merged result`);
  console.log(`${os.cpus()[0]?.model.trim()}, Node ${process.version}, ${os.platform()}`);
  console.log(`${SHARDS} shards of ${CLIENTS / SHARDS} clients, ${SECONDS} s at ${RATE} messages a second each`);
  console.log(`  a shard's result   ${mebibytes(bytesIn(join(shared, "shard-0")))}`);
  console.log(`  the merged result  ${mebibytes(bytesIn(out))}`);
  console.log(`  time to merge      ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU`);
  console.log(`  memory at most     ${mebibytes(peakBytes)}`);
  console.log(`  ${verdict}: ${clients.connected} clients, ${messages.sent} messages`);
} finally {
  rmSync(shared, { recursive: true, force: true });
}

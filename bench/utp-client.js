// The same load as bare-client.js by utp-load's own clients, in one worker thread as in a run and with every metric on.
// Prints one JSON line: what it cost to connect and to play.
import { randomFillSync } from "node:crypto";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { profileFrom } from "../dist/cli/profile-from.js";
import { ClientPool } from "../dist/engine/client-pool.js";
import { WORKER_LIMITS } from "../dist/engine/worker-pool.js";
import { DeadlineQueue } from "../dist/time/deadline-queue.js";
import { WebSocketTransport } from "../dist/transport/websocket.js";

const FOREVER_MS = 3_600_000;
/** The pool is made before the clock starts, as the bare client's code is loaded before its own does. */
const HEAD_START_MS = 200;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2], resourceLimits: WORKER_LIMITS });
  worker.on("message", (result) => process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)));
  worker.on("error", (error) => {
    throw error;
  });
} else await load(JSON.parse(workerData));

async function load({ port, clients, rate, bytes, seconds, connectRate }) {
  const { parentPort } = await import("node:worker_threads");
  const url = `ws://127.0.0.1:${port}/`;
  const scheduler = new DeadlineQueue();
  const profile = profileFrom(url, { rate: String(rate), size: String(bytes) });
  const rssBefore = process.memoryUsage.rss();
  const fromMs = scheduler.nowMs() + HEAD_START_MS;
  const pool = new ClientPool({
    profile,
    clients: Array.from({ length: clients }, (_, number) => ({
      number,
      startMs: (number / connectRate) * 1000,
      stopMs: FOREVER_MS,
    })),
    plannedClients: clients,
    url,
    address: "127.0.0.1",
    originMs: fromMs,
    originEpochMs: performance.timeOrigin + fromMs,
    scheduler,
    transportFactory: () => new WebSocketTransport(),
    newToken: () => randomFillSync(new Uint8Array(8)),
    onDone: () => undefined,
    onLog: () => undefined,
    onFailed: (end) => {
      throw new Error(`a client failed: ${end.reason} ${end.detail}`);
    },
  });
  await sleep(HEAD_START_MS - 20);
  const connecting = process.cpuUsage();
  while (pool.connected < clients) await sleep(5);
  const connectCpu = process.cpuUsage(connecting);
  const connectSeconds = (scheduler.nowMs() - fromMs) / 1000;
  // The first second warms up: code is compiled, buffers find their size.
  await sleep(1000);
  pool.takeSnapshot();
  const playing = process.cpuUsage();
  const total = { messages_sent: 0, messages_answered: 0 };
  // The snapshots of a real run, once a second, are part of the price.
  for (let second = 0; second < seconds; second++) {
    await sleep(1000);
    const { sums } = pool.takeSnapshot();
    for (const name of Object.keys(total)) total[name] += sums[name] ?? 0;
  }
  const { user, system } = process.cpuUsage(playing);
  parentPort.postMessage({
    cpuUsPerEcho: (user + system) / total.messages_answered,
    bytesPerClient: (process.memoryUsage.rss() - rssBefore) / clients,
    connectsPerSecond: clients / connectSeconds,
    connectsPerCpuSecond: clients / ((connectCpu.user + connectCpu.system) / 1e6),
    sent: total.messages_sent,
    echoed: total.messages_answered,
  });
}

function sleep(forMs) {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

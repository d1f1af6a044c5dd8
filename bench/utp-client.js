// The same load as bare-client.js by utp-load's own clients, in one thread and with every metric on. Prints one JSON line.
import { randomFillSync } from "node:crypto";
import { profileFrom } from "../dist/cli/profile-from.js";
import { ClientPool } from "../dist/engine/client-pool.js";
import { DeadlineQueue } from "../dist/time/deadline-queue.js";
import { WebSocketTransport } from "../dist/transport/websocket.js";

const { port, clients, rate, bytes, seconds, connectRate } = JSON.parse(process.argv[2]);
const url = `ws://127.0.0.1:${port}/`;
const FOREVER_MS = 3_600_000;
const rssBefore = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const scheduler = new DeadlineQueue();
const fromMs = scheduler.nowMs();
const pool = new ClientPool({
  profile: profileFrom(url, { rate: String(rate), size: String(bytes) }),
  clients: Array.from({ length: clients }, (_, number) => ({
    number,
    startMs: (number / connectRate) * 1000,
    stopMs: FOREVER_MS,
  })),
  plannedClients: clients,
  url,
  address: "127.0.0.1",
  originMs: fromMs,
  scheduler,
  transportFactory: () => new WebSocketTransport(),
  newToken: () => randomFillSync(new Uint8Array(8)),
  onDone: () => undefined,
  onFailed: (end) => {
    throw new Error(`a client failed: ${end.reason} ${end.detail}`);
  },
});

let connectCpu;
let connectSeconds;
const waiting = setInterval(() => {
  if (pool.connected < clients) return;
  clearInterval(waiting);
  connectCpu = process.cpuUsage(cpuBefore);
  connectSeconds = (scheduler.nowMs() - fromMs) / 1000;
  setTimeout(measure, 1000);
}, 5);

function measure() {
  pool.takeSnapshot();
  const cpu = process.cpuUsage();
  let answered = 0;
  let sent = 0;
  // The snapshots of a real run, once a second, are part of the price.
  const seconds_ = setInterval(() => {
    const { sums } = pool.takeSnapshot();
    answered += sums.messages_answered ?? 0;
    sent += sums.messages_sent ?? 0;
  }, 1000);
  setTimeout(() => {
    clearInterval(seconds_);
    const { user, system } = process.cpuUsage(cpu);
    const { sums } = pool.takeSnapshot();
    answered += sums.messages_answered ?? 0;
    sent += sums.messages_sent ?? 0;
    const result = {
      cpuUsPerEcho: (user + system) / answered,
      bytesPerClient: (process.memoryUsage.rss() - rssBefore) / clients,
      connectsPerSecond: clients / connectSeconds,
      connectsPerCpuSecond: clients / ((connectCpu.user + connectCpu.system) / 1e6),
      sent,
      echoed: answered,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  }, seconds * 1000);
}

// Entry of a worker thread: one client pool, driven by the main thread's messages.
import { randomFillSync } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { TOKEN_BYTES } from "../protocol/wire.js";
import { DeadlineQueue } from "../time/deadline-queue.js";
import { WebSocketTransport } from "../transport/websocket.js";
import { openBotStage } from "./bot-stage.js";
import { ClientPool } from "./client-pool.js";
import type { FromWorker, ToWorker, WorkerJob } from "./worker-messages.js";

const port = parentPort;
if (port === null) throw new Error("worker-main is the entry of a worker thread, not a program");
const job = workerData as WorkerJob;
const scheduler = new DeadlineQueue();
let pool: ClientPool | undefined;
let failedTold = false;

/** One allocation for many tokens: each token is a view that lives as long as its connection. */
const TOKENS_PER_BLOCK = 64;
let block = new Uint8Array(0);
function newToken(): Uint8Array {
  if (block.length === 0) block = randomFillSync(new Uint8Array(TOKEN_BYTES * TOKENS_PER_BLOCK));
  const token = block.slice(0, TOKEN_BYTES);
  block = block.subarray(TOKEN_BYTES);
  return token;
}

function tell(message: FromWorker): void {
  port!.postMessage(message);
}

const bots =
  job.botCell === undefined
    ? undefined
    : await openBotStage(job.profile, job.botCell, (line) => tell({ type: "log", line }));

function start(atEpochMs: number): void {
  pool = new ClientPool({
    ...job,
    ...(bots !== undefined && { bots }),
    originMs: atEpochMs - performance.timeOrigin,
    originEpochMs: atEpochMs,
    scheduler,
    transportFactory: () => new WebSocketTransport(),
    newToken,
    onDone: (clients) => tell({ type: "done", clients }),
    onFailed: (end) => {
      if (failedTold) return;
      failedTold = true;
      tell({ type: "failed", reason: end.reason, detail: end.detail });
    },
    onLog: (line) => tell({ type: "log", line }),
  });
}

function blockThread(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

port.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "start":
      return start(message.atEpochMs);
    case "snapshot":
      return tell({ type: "snapshot", id: message.id, snapshot: pool?.takeSnapshot() ?? EMPTY });
    case "pause":
      return pool?.pauseAll();
    case "resume":
      return pool?.resumeAll();
    case "add":
      return pool?.add(message.clients);
    case "remove":
      return pool?.removeLast(message.count);
    case "leave":
      return pool?.leaveAll();
    case "cut":
      return pool?.cutAll();
    case "block":
      return blockThread(message.forMs);
  }
});
const EMPTY = { sums: {}, gauges: {}, trends: {} };
tell({ type: "ready" });

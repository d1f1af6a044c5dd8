// Runs a server until a signal, or the end of the process that started it: says where it listens, and what it counts if asked.
import type { UnityLimit } from "../server/server-options.js";
import { UtpServer, type UtpServerOptions } from "../server/utp-server.js";
import { stopWish } from "./stop-wish.js";

const STATS_MS = 1000;

/**
 * Resolves when the server has stopped. The first signal disconnects everybody, with a short grace; the second ends it at once.
 *
 * @throws {EnvironmentError} If the port is in use or the host is no address of this machine.
 */
export async function runServe(options: UtpServerOptions, withStats: boolean): Promise<void> {
  const server = await UtpServer.listen(options);
  print(`listening on ${server.url}`);
  const capacity = capacityLine(options);
  if (capacity !== undefined) print(capacity);
  const startedMs = Date.now();
  const timer = withStats ? setInterval(() => print(statsLine(server, startedMs)), STATS_MS) : undefined;
  await stopWish(() => server.close(0));
  clearInterval(timer);
  await server.close();
  // The channel would keep this process alive.
  if (process.connected) process.disconnect();
}

/** How many clients the receive queue of a server with a tick serves: protocol page 14.2 and 14.3. */
export function capacityLine({ tickHz = 60, queuePackets = 512, limits }: UtpServerOptions): string | undefined {
  if (tickHz === 0) return undefined;
  const bites = (limit: UnityLimit): boolean => limits === undefined || limits.includes(limit);
  if (!bites("reads"))
    return `${tickHz} updates a second; the limit on reads is off: the queue serves any number of clients`;
  const idle = Math.floor(queuePackets / 2);
  return (
    `${tickHz} updates a second; a queue of ${queuePackets} serves ${idle} idle clients, ` +
    `about ${Math.floor(queuePackets / 4)} at one message per update; those beyond get no answer`
  );
}

function statsLine(server: UtpServer, startedMs: number): string {
  const nowMs = Date.now();
  return JSON.stringify({ time: new Date(nowMs).toISOString(), uptimeMs: nowMs - startedMs, ...server.stats() });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

// What a run says it has sent and received is what the server received and sent, to the last message: on sockets, over several workers.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UtpServer } from "../../src/server/index.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { expectBooksToBalance, parseSummary, runCli, temporaryFolder } from "../support/cli.js";

let folder: ReturnType<typeof temporaryFolder>;
let server: UtpServer | undefined;
let runs = 0;
beforeAll(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => folder.remove());

describe("client and server have counted the same", () => {
  it.each<[string, ServerBehaviour, (string | number)[]]>([
    ["echoes", { tickHz: 0, echo: true }, ["--clients", 50, "--rate", 40, "--workers", 2]],
    [
      "echoes of native clients at 60 Hz",
      { tickHz: 60, queuePackets: 4096, echo: true },
      ["--clients", 20, "--client", "native"],
    ],
    [
      "echoes that come late",
      { tickHz: 0, echo: true, faults: { latencyMs: 80, jitterMs: 120 } },
      ["--clients", 20, "--rate", 30],
    ],
    [
      "broadcasts",
      { tickHz: 30, queuePackets: 4096, broadcast: { payloadBytes: 200, hz: 30 } },
      ["--clients", 20, "--rate", 5],
    ],
  ])("%s", async (_what, behaviour, load) => {
    server = await UtpServer.listen(behaviour);
    const out = join(folder.path, `run-${runs++}`);
    const flags = ["--ramp", "1s", "--duration", "3s", "--json", "--no-progress", "--out", out];
    const summary = parseSummary(await runCli(["run", server.url, ...load, ...flags], { cwd: folder.path }));
    expectBooksToBalance(summary);
    const { messages, clients } = summary;
    const stats = server.stats();
    expect(clients.connected).toBe(clients.planned);
    expect(stats.messagesIn).toBe(messages.sent);
    expect(stats.payloadBytesIn).toBe(messages.payloadBytesSent);
    // Sent to clients that had left: they count it as such, or the server still held it.
    const unread = stats.faults.discarded + stats.unsentPackets + (messages.protocolDrops.afterClose ?? 0);
    expect(stats.messagesOut - messages.received).toBeGreaterThanOrEqual(0);
    expect(stats.messagesOut - messages.received).toBeLessThanOrEqual(unread);
  });
});

// Scripts on real sockets against an echo server, played as each kind of client: answers, journeys, scenarios side by side.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClientPool } from "../../src/engine/client-pool.js";
import type { SnapshotTotal } from "../../src/metrics/snapshot.js";
import type { Match, Payload, Step } from "../../src/profile/scenario.js";
import { DEFAULT_PARAMETERS } from "../../src/protocol/parameters.js";
import { UtpServer } from "../../src/server/index.js";
import { playPool, scenarioOf } from "../support/played-pool.js";

const KINDS = ["patient", "native", "webgl"] as const;
const CLIENTS = 20;

let server: UtpServer;
let logins: string[] = [];

beforeAll(async () => {
  server = await UtpServer.listen({
    tickHz: 0,
    echo: true,
    onConnect: (_peer, payload) => logins.push(new TextDecoder().decode(payload)),
  });
});
afterAll(async () => {
  await server.close();
});

const text = (value: string): Payload => ({
  kind: "fields",
  fields: [{ type: "text", value: { from: "literal", value } }],
});
const send = (value: string): Step => ({ do: "send", pipelineId: 0, payload: text(value) });
const echo = (startsWith: string): Match => ({
  pipelineId: undefined,
  startsWithHex: Buffer.from(startsWith).toString("hex"),
  block: undefined,
  fields: [],
});
const expectEcho = (startsWith: string): Step => ({
  do: "expect",
  match: echo(startsWith),
  timeoutMs: 5000,
  capture: [],
  rtt: true,
  required: true,
});
const reconnect: Step = { do: "reconnect", after: { kind: "fixed", ms: 20 } };
const disconnect: Step = { do: "disconnect" };

function expectBalance(total: SnapshotTotal, clients: number): void {
  expect(total.sum("clients_connected_ever")).toBe(clients);
  expect(total.sum("connect_established")).toBe(total.sum("disconnects"));
  expect(total.byTag("disconnects", "reason")).toEqual({ ClosedByClient: total.sum("disconnects") });
  expect(total.sum("messages_planned")).toBe(total.sum("messages_sent") + total.sum("dropped_sends"));
}

describe.each(KINDS)("a %s client", (client) => {
  it("logs in, asks, is answered, leaves, comes back and goes on", async () => {
    logins = [];
    const steps = [send("who"), expectEcho("who"), reconnect, send("again"), expectEcho("again"), disconnect];
    const scenarios = [scenarioOf({ connectPayload: text("login"), steps })];
    const { total } = await playPool(ClientPool, { url: server.url, clients: CLIENTS, scenarios, client });
    expectBalance(total, CLIENTS);
    expect(total.sum("reconnects")).toBe(CLIENTS);
    expect([total.sum("checks_passed"), total.sum("checks_failed")]).toEqual([2 * CLIENTS, 0]);
    expect(total.trend("rtt").totalCount).toBe(2 * CLIENTS);
    expect(total.sum("messages_answered")).toBe(2 * CLIENTS);
    expect(logins).toEqual(new Array(2 * CLIENTS).fill("login"));
  });

  it("may leave as soon as it is connected", async () => {
    const scenarios = [
      scenarioOf({ steps: [{ do: "repeat", times: 3, steps: [reconnect] }, send("bye"), disconnect] }),
    ];
    const { total } = await playPool(ClientPool, { url: server.url, clients: 5, scenarios, client });
    expectBalance(total, 5);
    expect([total.sum("connect_established"), total.sum("messages_planned")]).toEqual([20, 5]);
  });
});

describe("scenarios side by side", () => {
  it("are played by their share of the clients, and counted apart and together", async () => {
    const marked = { kind: "marked", sizeBytes: 32 } as const;
    const runner = scenarioOf({
      name: "runner",
      weight: 3,
      tags: { team: "red" },
      steps: [{ do: "every", intervalMs: 50, pipelineId: 0, payload: marked }],
    });
    const talker = scenarioOf({
      name: "talker",
      steps: [send("hey"), expectEcho("hey"), { do: "log", text: "heard" }],
    });
    const options = { url: server.url, clients: CLIENTS, scenarios: [runner, talker], stopMs: 1000 };
    const { total, logged } = await playPool(ClientPool, options);
    expectBalance(total, CLIENTS);
    const parts = ["{scenario:runner}", "{scenario:talker}"];
    expect(parts.map((tag) => total.sum(`clients_started${tag}`))).toEqual([15, 5]);
    for (const name of ["messages_sent", "messages_received", "wire_bytes_sent", "connect_established"]) {
      expect(total.sum(name)).toBe(parts.reduce((sum, tag) => sum + total.sum(name + tag), 0));
      expect(total.sum(`${name}{team:red}`)).toBe(total.sum(`${name}{scenario:runner}`));
    }
    expect(parts.map((tag) => total.trend(`rtt${tag}`).totalCount)).toEqual([total.trend("rtt").totalCount - 5, 5]);
    expect(total.sum("messages_sent{scenario:runner}")).toBeGreaterThan(15 * 15);
    expect([logged.length, total.sum("script_logs")]).toEqual([5, 5]);
    expect(logged[0]).toMatch(/^client \d+ \(talker\): heard$/);
  });

  it("imitate the client that each says, and only the patient ones tell who would have given up", async () => {
    const settings = { updateHz: 60, connectBudgetMs: 20_000, pingIntervalMs: 0 };
    const hasty = { ...DEFAULT_PARAMETERS, connectTimeoutMs: 0.001, maxConnectAttempts: 1 };
    const patient = scenarioOf({
      name: "patient",
      steps: [disconnect],
      playedAs: { ...settings, client: "patient", parameters: hasty },
    });
    const browser = scenarioOf({
      name: "browser",
      steps: [disconnect],
      playedAs: { ...settings, client: "webgl", parameters: DEFAULT_PARAMETERS },
    });
    const options = { url: server.url, clients: CLIENTS, scenarios: [patient, browser], client: "native" } as const;
    const { total } = await playPool(ClientPool, options);
    // The patient ones have no time for an answer either: their settings are their own.
    expect(total.sum("clients_connected_ever{scenario:browser}")).toBe(CLIENTS / 2);
    const givenUp = Object.values(total.byTag("give_ups_webgl", "reason")).reduce((sum, count) => sum + count, 0);
    expect(givenUp).toBe(CLIENTS / 2);
  });
});

// An Indexed Job and its merge Job as Kubernetes would start them, from what `deploy kubernetes` prints; and with a pod that dies.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunFile } from "../../src/result/run-file.js";
import type { Summary } from "../../src/result/summary.js";
import {
  ENDED,
  expectBooksToBalance,
  parseSummary,
  runCli,
  startServe,
  temporaryFolder,
  waitForSample,
} from "../support/cli.js";
import { KubernetesPods, saidBy } from "../support/kubernetes-pods.js";

const SHARDS = 3;
const CLIENTS = 10;
const INVALID = 111;
const TOO_LATE = 104;

let server: Awaited<ReturnType<typeof startServe>>;
let folder = temporaryFolder();
beforeAll(async () => {
  server = await startServe(["--tick", 0, "--echo"]);
});
afterAll(() => server.child.kill());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function profile(hold: string): string {
  return `name: arena
target: ${server.url}
stages:
  - { duration: 500ms, target: ${CLIENTS} }
  - { duration: ${hold}, target: ${CLIENTS} }
scenarios:
  player:
    feeders: { players: { file: data/players.csv, order: unique } }
    steps: [{ every: 100ms, send: { marked: 32 } }]
`;
}

/** The pods of a profile that is kept with its data in a folder of a team. */
async function deployed(hold: string): Promise<KubernetesPods> {
  const team = join(folder.path, "team");
  mkdirSync(join(team, "data"), { recursive: true });
  const names = Array.from({ length: CLIENTS }, (_, number) => `player${number}\n`);
  writeFileSync(join(team, "data", "players.csv"), `name\n${names.join("")}`);
  writeFileSync(join(team, "load.yaml"), profile(hold));
  const args = ["kubernetes", "load.yaml", "--shards", SHARDS, "--image", "registry.example.com/utp-load:0.1.0"];
  const printed = await runCli(["deploy", ...args], { cwd: team });
  expect([printed.code, printed.stderr]).toEqual([0, ""]);
  return new KubernetesPods(printed.stdout, folder.path);
}

const json = <Content>(path: string): Content => JSON.parse(readFileSync(path, "utf8")) as Content;

const summaryOf = (pods: KubernetesPods, index: number): Summary =>
  json(join(pods.results, `shard-${index}`, "summary.json"));

/** Only what a busy machine may say of itself. */
function expectNoShardAmiss({ generator }: Summary): void {
  expect(generator.why.filter((why) => why.includes("part of the generator"))).toEqual([]);
}

describe("an Indexed Job", { timeout: 150_000 }, () => {
  it("plays the plan in pods, and the merge Job that started with them makes one result", async () => {
    const pods = await deployed("3s");
    const merging = pods.startMerge();
    const shards = await Promise.all(pods.startShards().map(({ ended }) => ended));
    for (const { code } of shards) expect(ENDED, saidBy(shards)).toContain(code);
    const merged = await merging.ended;
    expect(ENDED, saidBy([...shards, merged])).toContain(merged.code);
    expect(merged.stderr).toContain("all shards are over");

    const whole = JSON.parse(pods.merged("summary.json")) as Summary;
    const parts = [0, 1, 2].map((index) => summaryOf(pods, index));
    expect(parts.map(({ clients }) => clients.planned)).toEqual([4, 3, 3]);
    expect(whole.clients).toMatchObject({ planned: CLIENTS, started: CLIENTS, connected: CLIENTS, aliveAtEnd: 0 });
    expect(whole.partial).toBe(false);
    for (const of of ["planned", "sent", "answered"] as const) {
      expect(whole.messages[of]).toBe(parts.reduce((sum, { messages }) => sum + messages[of], 0));
    }
    expect(whole.latencyMs.rtt.count).toBe(whole.messages.answered);
    expectBooksToBalance(whole);
    expectNoShardAmiss(whole);
    const { plan, parts: named } = JSON.parse(pods.merged("run.json")) as RunFile;
    expect(plan).toMatchObject({ clients: CLIENTS, shard: null, processes: SHARDS });
    expect(named?.map(({ shard }) => shard?.index)).toEqual([0, 1, 2]);
  });

  it("with a pod that dies and starts again: it is too late, its part is merged, and the whole is invalid by its name", async () => {
    const pods = await deployed("12s");
    const merging = pods.startMerge();
    const [first, killed, last] = pods.startShards();
    const lost = join(pods.results, "shard-1");
    await waitForSample(lost, ({ clientsConnected, elapsedMs }) => clientsConnected === 3 && Number(elapsedMs) > 2500);
    killed!.child.kill("SIGKILL");
    await killed!.ended;
    const again = await pods.startShard(1).ended;
    expect([again.code, again.stderr]).toEqual([
      TOO_LATE,
      expect.stringContaining("must be of a run that has not begun"),
    ]);

    const others = await Promise.all([first!.ended, last!.ended]);
    for (const { code } of others) expect(ENDED, saidBy(others)).toContain(code);
    const merged = await merging.ended;
    expect([merged.code, merged.stderr]).toEqual([INVALID, expect.stringContaining("waiting for shard 1 (running)")]);

    const whole = JSON.parse(pods.merged("summary.json")) as Summary;
    expect(whole).toMatchObject({ verdict: "invalid", partial: true });
    expect(whole.generator.why[0]).toMatch(/^part of the generator was lost: shard 1\/3: /);
    expect(whole.clients).toMatchObject({ planned: CLIENTS, connected: CLIENTS, aliveAtEnd: 3 });
    const before = readFileSync(join(lost, "samples.ndjson"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const sentBefore = before.reduce((sum, { messages_sent: sent = 0 }) => sum + sent, 0);
    expect(sentBefore).toBeGreaterThan(20);
    const sentByOthers = [0, 2].reduce((sum, index) => sum + summaryOf(pods, index).messages.sent, 0);
    expect(whole.messages.sent).toBe(sentByOthers + sentBefore);
    expectBooksToBalance(whole);
    expect(parseSummary(await runCli(["report", join(pods.results, "merged"), "--json"]))).toEqual(whole);
  });
});

// A run that others watch: Prometheus' text while it goes on, OpenTelemetry's exports, and what is told where they fail.
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ENDED, parseSummary, startCli, temporaryFolder } from "../support/cli.js";
import { attributesOf, otlpReceiver } from "../support/otlp-receiver.js";
import { prometheusFamilies } from "../support/prometheus-families.js";

const folder = temporaryFolder();
const QUICK = ["run", "-c", 5, "-r", "200ms", "--rate", 20, "--json", "--no-progress", "--out", folder.path];

afterEach(() => folder.remove());

/** Resolves with what the pattern's group caught in the process's log. */
function logged(child: ReturnType<typeof startCli>["child"], pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr?.on("data", (chunk) => {
      text += chunk;
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

describe("--prometheus", () => {
  it("shows a run while it goes on, and its port is free afterwards", async () => {
    const { child, ended } = startCli([...QUICK, "-d", "3s", "--prometheus", 0]);
    const url = await logged(child, /metrics at (http:\S+)/);
    let families = prometheusFamilies(await (await fetch(url)).text());
    while (!families.has("utp_rtt_seconds")) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      families = prometheusFamilies(await (await fetch(url)).text());
    }
    const { buckets, count } = families.get("utp_rtt_seconds")!.metrics[0]!;
    expect(Number(count)).toBeGreaterThan(10);
    expect(buckets?.["+Inf"]).toBe(count);
    expect(families.get("utp_clients_connected")?.metrics[0]?.value).toBe("5");
    expect((await fetch(new URL("/", url))).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    const result = await ended;
    expect(ENDED).toContain(result.code);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("is refused before anything is sent where the port is in use", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as { port: number };
    const { code, stdout } = await startCli([...QUICK, "-d", "1s", "--prometheus", port]).ended;
    blocker.close();
    expect([code, JSON.parse(stdout).error.code]).toEqual([104, "E_ENVIRONMENT"]);
    expect(JSON.parse(stdout).error.message).toContain(`127.0.0.1:${port}`);
  });
});

describe("OTEL_EXPORTER_OTLP_ENDPOINT", () => {
  it("receives the run every interval, and all of it at the end", async () => {
    const receiver = await otlpReceiver();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_RESOURCE_ATTRIBUTES: "build=7",
    };
    const result = await startCli([...QUICK, "-d", "3s"], { env }).ended;
    await receiver.close();
    expect(receiver.complaints).toEqual([]);
    expect(receiver.exports.length).toBeGreaterThan(2);
    expect(receiver.headers[0]?.["api-key"]).toBe("a b");
    expect(receiver.resources[0]).toMatchObject({ "service.name": "utp-load", build: "7" });
    const summary = parseSummary(result);
    const last = receiver.exports.at(-1)!;
    expect(last.get("utp.messages_sent")?.sum?.dataPoints[0]?.asDouble).toBe(summary.messages.sent);
    expect(last.get("utp.rtt")?.histogram?.dataPoints[0]?.count).toBe(String(summary.latencyMs.rtt.count));
    const reasons = last
      .get("utp.disconnects")
      ?.sum?.dataPoints.map(({ attributes, asDouble }) => [attributesOf(attributes).reason, asDouble]);
    expect(Object.fromEntries(reasons ?? [])).toEqual(summary.disconnects.byReason);
  });

  it("is tried again at the end; what failed is told once and counted", async () => {
    const receiver = await otlpReceiver((index) => (index < 2 ? 503 : 200));
    const env = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.endpoint}/v1/metrics` };
    const { stderr } = await startCli([...QUICK, "-d", "1s"], { env }).ended;
    await receiver.close();
    expect(receiver.exports.length).toBe(1);
    expect(stderr.match(/were not taken by .*HTTP 503/g)?.length).toBe(1);
    expect(stderr).toContain("of 3 exports 2 failed");
  });

  it("that nobody listens at costs a run nothing but a line", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_METRIC_EXPORT_INTERVAL: "1000" };
    const { code, stderr } = await startCli([...QUICK, "-d", "2s"], { env }).ended;
    expect(ENDED).toContain(code);
    expect(stderr.match(/were not taken by/g)?.length).toBe(1);
  });
});

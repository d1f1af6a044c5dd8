// A receiver of OpenTelemetry metrics over HTTP, strict about what it takes. For tests only.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: {
    readonly isMonotonic: boolean;
    readonly aggregationTemporality: number;
    readonly dataPoints: NumberPoint[];
  };
  readonly gauge?: { readonly dataPoints: NumberPoint[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: HistogramPoint[] };
}

export interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export interface NumberPoint extends Point {
  readonly asDouble: number;
}

export interface HistogramPoint extends Point {
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** The metrics of each export that was taken, by name. */
  readonly exports: Map<string, ReceivedMetric>[];
  readonly resources: Record<string, string>[];
  readonly headers: IncomingMessage["headers"][];
  /** What was wrong with what came. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** @param answer The status of export `index`; 200 takes it. */
export async function otlpReceiver(answer: (index: number) => number = () => 200): Promise<OtlpReceiver> {
  const exports: Map<string, ReceivedMetric>[] = [];
  const resources: Record<string, string>[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const complaints: string[] = [];
  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    const status = answer(headers.length - 1);
    const body = await textOf(request);
    if (request.method !== "POST" || request.url !== "/v1/metrics") complaints.push(`${request.method} ${request.url}`);
    if (request.headers["content-type"] !== "application/json") complaints.push("no JSON by its content type");
    if (status === 200) {
      const { resource, metrics } = decoded(body, complaints);
      resources.push(resource);
      exports.push(metrics);
    }
    response.writeHead(status, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { endpoint: `http://127.0.0.1:${port}`, exports, resources, headers, complaints, close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

function decoded(
  body: string,
  complaints: string[],
): { resource: Record<string, string>; metrics: Map<string, ReceivedMetric> } {
  const { resourceMetrics } = JSON.parse(body);
  if (resourceMetrics.length !== 1 || resourceMetrics[0].scopeMetrics.length !== 1) complaints.push("not one scope");
  const { resource, scopeMetrics } = resourceMetrics[0];
  const metrics = new Map<string, ReceivedMetric>();
  for (const metric of scopeMetrics[0].metrics as ReceivedMetric[]) {
    if (metrics.has(metric.name)) complaints.push(`${metric.name} comes twice`);
    metrics.set(metric.name, metric);
    complaints.push(...complaintsAbout(metric));
  }
  return { resource: attributesOf(resource.attributes), metrics };
}

function complaintsAbout({ name, sum, gauge, histogram }: ReceivedMetric): string[] {
  const found: string[] = [];
  if ([sum, gauge, histogram].filter(Boolean).length !== 1) found.push(`${name} is not of one kind`);
  if ((sum ?? histogram)?.aggregationTemporality !== (gauge ? undefined : 2)) found.push(`${name} is not cumulative`);
  for (const point of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
    if (!/^\d{19}$/.test(point.timeUnixNano) || point.startTimeUnixNano > point.timeUnixNano)
      found.push(`${name}: times`);
  }
  for (const { count, bucketCounts, explicitBounds } of histogram?.dataPoints ?? []) {
    const inBuckets = bucketCounts.reduce((total, text) => total + BigInt(text), 0n);
    if (BigInt(count) !== inBuckets) found.push(`${name}: ${count} samples, ${inBuckets} in buckets`);
    if (bucketCounts.length !== explicitBounds.length + 1) found.push(`${name}: buckets do not fit their bounds`);
    if (explicitBounds.some((bound, index) => index > 0 && bound <= explicitBounds[index - 1]!))
      found.push(`${name}: bounds`);
  }
  return found;
}

export function attributesOf(attributes: Point["attributes"]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}

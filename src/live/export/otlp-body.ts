// Families as the body of an OTLP/HTTP export in its JSON encoding (opentelemetry-proto, ExportMetricsServiceRequest). Pure.
import type { ExportUnit } from "./export-names.js";
import type { Buckets, Family } from "./run-metrics.js";

export interface OtlpContext {
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
  /** All counts began here, ms since the epoch. */
  readonly startMs: number;
  /** And are of this moment. */
  readonly nowMs: number;
}

/** UCUM, as OpenTelemetry writes units. */
const UNITS: Readonly<Record<ExportUnit, string>> = { seconds: "s", bytes: "By", ratio: "1", "1": "1" };
/** AGGREGATION_TEMPORALITY_CUMULATIVE; the encoding wants the number. */
const CUMULATIVE = 2;

/** The JSON text; 64-bit numbers are texts in it, as the encoding has them. */
export function otlpBody(families: readonly Family[], context: OtlpContext): string {
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(context.resource) },
        scopeMetrics: [
          {
            scope: { name: "utp-load", version: context.version },
            metrics: families.map((family) => metricOf(family, context)),
          },
        ],
      },
    ],
  });
}

function metricOf(family: Family, context: OtlpContext): object {
  const head = { name: `utp.${family.name}`, description: family.help, unit: UNITS[family.unit] };
  if (family.kind === "histogram") {
    const dataPoints = family.series.map(({ labels, value }) => ({
      ...pointOf(labels, context),
      ...bucketsOf(value),
    }));
    return { ...head, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  const dataPoints = family.series.map(({ labels, value }) => ({ ...pointOf(labels, context), asDouble: value }));
  if (family.kind === "gauge") return { ...head, gauge: { dataPoints } };
  return { ...head, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
}

function pointOf(labels: Readonly<Record<string, string>>, { startMs, nowMs }: OtlpContext): object {
  return {
    attributes: attributesOf(labels),
    startTimeUnixNano: nanoseconds(startMs),
    timeUnixNano: nanoseconds(nowMs),
  };
}

function bucketsOf({ bounds, counts, sum, count }: Buckets): object {
  return { count: String(count), sum, bucketCounts: counts.map(String), explicitBounds: bounds };
}

function attributesOf(values: Readonly<Record<string, string>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

function nanoseconds(epochMs: number): string {
  return String(BigInt(Math.round(epochMs * 1000)) * 1000n);
}

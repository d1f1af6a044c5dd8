// Reads thresholds in k6's grammar; refuses what cannot be judged and says what can. It judges nothing.
//
//   line        = metric ":" expression                             the command line's form
//   metric      = NAME [ "{" TAG ":" VALUE "}" ]                    VALUE: everything up to the closing brace
//   expression  = aggregation operator number
//   aggregation = avg | min | max | med | p(0..100) | count | rate | value
//   operator    = < | <= | > | >= | == | === | !=
import { UsageError } from "../errors.js";
import { COUNTER_NAMES, GAUGE_NAMES, type MetricName, RATE_NAMES, TREND_NAMES } from "./names.js";
import { nearestName } from "./nearest-name.js";

/** One threshold as people write it: `metric` may carry a tag in braces, `expression` is such as `p(95)<80`. */
export interface ThresholdSpec {
  readonly metric: string;
  readonly expression: string;
  /** Stop the run as soon as it is crossed. */
  readonly abortOnFail?: boolean;
  /** Not before this much of the run has passed. */
  readonly delayAbortEvalMs?: number;
  /** Of a metric that the profile makes itself; without it the metric is one that every run has. */
  readonly type?: MetricType;
}

export type MetricType = "trend" | "counter" | "rate" | "gauge";
export type Aggregation = "avg" | "min" | "max" | "med" | "p" | "count" | "rate" | "value";
export type Operator = "<" | "<=" | ">" | ">=" | "==" | "===" | "!=";

export interface Threshold {
  /** A {@link MetricName}, or one of the profile's own. */
  readonly name: string;
  readonly type: MetricType;
  readonly tag: { readonly name: string; readonly value: string } | undefined;
  readonly aggregation: Aggregation;
  /** 0..100, of `p(N)` only. */
  readonly percentile: number | undefined;
  readonly operator: Operator;
  readonly limit: number;
}

/** What each type of metric can be asked for, as k6 has it; `count` of a trend is its number of samples. */
const AGGREGATIONS: Record<MetricType, readonly Aggregation[]> = {
  trend: ["avg", "min", "max", "med", "p", "count"],
  counter: ["count", "rate"],
  rate: ["rate"],
  gauge: ["value"],
};

const NAMES_BY_TYPE: Record<MetricType, readonly MetricName[]> = {
  trend: TREND_NAMES,
  counter: COUNTER_NAMES,
  rate: RATE_NAMES,
  gauge: GAUGE_NAMES,
};
const METRIC_NAMES = Object.values(NAMES_BY_TYPE).flat();

/** Tags that are recorded, a metric; a tag that is not would always find nothing, so it is refused. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  disconnects: ["reason"],
  connect_failed: ["reason"],
  protocol_drops: ["why"],
  dropped_sends: ["why"],
  messages_sent: ["pipeline"],
  messages_received: ["pipeline"],
  pipeline_sent: ["pipeline"],
  pipeline_received: ["pipeline"],
  pipeline_resent: ["pipeline"],
  pipeline_duplicates: ["pipeline"],
  pipeline_dropped: ["pipeline"],
  pipeline_out_of_window: ["pipeline"],
  pipeline_reassembled: ["pipeline"],
};

const METRIC = /^([^{}]*?)\s*(?:\{\s*([^:{}]*?)\s*:\s*(.*?)\s*\})?$/;
const EXPRESSION = /^(?:p\s*\(\s*([^)]*?)\s*\)|([a-z]+))\s*(<=|>=|===|==|!=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+))$/;
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)$/;

/**
 * Splits and checks `METRIC: EXPRESSION` of the command line.
 *
 * @throws {UsageError} If it is not that, or `readThreshold` refuses its parts.
 */
export function parseThreshold(line: string): ThresholdSpec {
  const spec = splitThreshold(line);
  readThreshold(spec);
  return spec;
}

/**
 * Splits `METRIC: EXPRESSION`, checks neither.
 *
 * @throws {UsageError} If it is not that.
 */
export function splitThreshold(line: string): ThresholdSpec {
  // A tag has a colon of its own, and its value may have more: the one behind the braces counts.
  const colonAt = line.indexOf(":", line.includes("{") ? line.indexOf("}") : 0);
  if (colonAt < 0 || (line.includes("{") && !line.includes("}"))) {
    throw refused(
      line,
      `"METRIC: EXPRESSION"`,
      line,
      "Write it as 'rtt: p(95)<80' or 'disconnects{reason:Silence}: count==0'",
    );
  }
  return { metric: line.slice(0, colonAt).trim(), expression: line.slice(colonAt + 1).trim() };
}

/**
 * Reads a threshold into its parts.
 *
 * @param profileTags Tags that parts of the clients carry, such as `scenario`; "any": they were checked before.
 * @throws {UsageError} If metric, tag, aggregation, operator or number cannot be judged; the hint lists what can.
 */
export function readThreshold(spec: ThresholdSpec, profileTags: readonly string[] | "any" = []): Threshold {
  const { metric, expression } = spec;
  const whole = `${metric}: ${expression}`;
  const { name, type, tag } = readMetric(spec, whole, profileTags);
  const found = EXPRESSION.exec(expression.trim());
  if (found === null) {
    const unit = builtInType(name) === "trend" ? "; numbers have no unit: times are in ms" : "";
    const hint = `${name} can be asked for ${listed(type)}, as in '${exampleOf(type)}'; operators are < <= > >= == === !=${unit}`;
    throw refused(whole, "an aggregation, an operator and a number", expression, hint);
  }
  const [, percentileText, word = "p", operator, limit] = found;
  const allowed = AGGREGATIONS[type];
  if (!allowed.includes(word as Aggregation) || (word === "p" && percentileText === undefined)) {
    const hint = `${name} is a ${type}: write ${listed(type)}, as in '${exampleOf(type)}'`;
    throw refused(whole, `${listed(type)} for the ${type} ${name}`, word, hint);
  }
  return {
    name,
    type,
    tag,
    aggregation: word as Aggregation,
    percentile: percentileText === undefined ? undefined : readPercentile(percentileText, whole),
    operator: operator as Operator,
    limit: Number(limit),
  };
}

/** What the figure behind a threshold is counted in; a profile's own metrics have plain numbers. */
export function unitOf({ metric, expression }: ThresholdSpec): "ms" | "share" | "perSecond" | "none" {
  const type = builtInType(METRIC.exec(metric.trim())?.[1] ?? metric);
  const word = EXPRESSION.exec(expression.trim())?.[2];
  if (type === "trend" && word !== "count") return "ms";
  if (type === "rate") return "share";
  return word === "rate" ? "perSecond" : "none";
}

function builtInType(name: string): MetricType | undefined {
  return (Object.keys(NAMES_BY_TYPE) as MetricType[]).find((key) =>
    (NAMES_BY_TYPE[key] as readonly string[]).includes(name),
  );
}

function readMetric(
  { metric, type: ownType }: ThresholdSpec,
  whole: string,
  profileTags: readonly string[] | "any",
): Pick<Threshold, "name" | "type" | "tag"> {
  const [, typed = metric, tagName, tagValue] = METRIC.exec(metric.trim()) ?? [];
  const type = builtInType(typed) ?? ownType;
  if (type === undefined) {
    const nearest = nearestName(typed, METRIC_NAMES);
    const hint = `${nearest === undefined ? "" : `Did you mean ${nearest}? `}Metrics: ${METRIC_NAMES.join(", ")}`;
    throw refused(whole, "a known metric", typed, hint);
  }
  const name = typed;
  if (tagName === undefined) return { name, type, tag: undefined };
  const tags = [...(TAGS[name] ?? []), ...(profileTags === "any" ? [tagName] : profileTags)];
  if (!tags.includes(tagName) || tagValue === undefined || tagValue === "") {
    const hint = tags.length === 0 ? `${name} has no tags: leave the braces out` : `Write ${name}{${tags[0]}:VALUE}`;
    throw refused(whole, tags.length === 0 ? "a metric without a tag" : `tagged by ${tags.join(" or ")}`, metric, hint);
  }
  return { name, type, tag: { name: tagName, value: tagValue } };
}

function readPercentile(text: string, whole: string): number {
  const percentile = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (percentile >= 0 && percentile <= 100) return percentile;
  throw refused(whole, "a percentile of 0 to 100", `p(${text})`, "Write p(95), or p(99.9)");
}

function listed(type: MetricType): string {
  return AGGREGATIONS[type].map((word) => (word === "p" ? "p(N)" : word)).join(", ");
}

function exampleOf(type: MetricType): string {
  return { trend: "p(95)<80", counter: "count<10", rate: "rate<0.01", gauge: "value>=100" }[type];
}

function refused(whole: string, rule: string, got: string, hint: string): UsageError {
  return new UsageError(`Cannot use threshold "${whole.trim()}": it must be ${rule}, got ${JSON.stringify(got)}`, hint);
}

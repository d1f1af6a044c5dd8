// Runs of a server that exists in numbers only: seconds that resemble their neighbours, a drift, hitches, a machine that is a little
// faster today. Seeded. For tests of the comparison.
import type { ComparedTrend } from "../../../src/comparison/figures.js";
import type { BucketCounts, RunFacts, SecondFacts } from "../../../src/comparison/run-facts.js";
import { seededRandom } from "../../support/random.js";

export interface SimulatedServer {
  readonly clients: number;
  /** Of the ramp and at full load. */
  readonly rampSeconds: number;
  readonly holdSeconds: number;
  /** Median of the answers' time, ms, and its scatter: standard deviation of the logarithm. */
  readonly rttMs: number;
  readonly rttScatter: number;
  /** How far a second is off (standard deviation of the logarithm), and how much of it the next one keeps, 0..1. */
  readonly wander: number;
  readonly memory: number;
  /** Most that the level changes from start to end of a run, either way. */
  readonly drift: number;
  /** Standard deviation of the logarithm between runs. */
  readonly betweenRuns: number;
  /** Share of seconds with a hitch that a tenth of the samples waits for, and its length. */
  readonly hitches: number;
  readonly hitchMs: number;
  readonly failures: number;
  readonly losses: number;
}

export const SERVER: SimulatedServer = {
  clients: 100,
  rampSeconds: 5,
  holdSeconds: 55,
  rttMs: 40,
  rttScatter: 0.25,
  wander: 0.03,
  memory: 0.6,
  drift: 0.04,
  betweenRuns: 0.01,
  hitches: 0.03,
  hitchMs: 60,
  failures: 0.004,
  losses: 0.004,
};

const SAMPLES_A_SECOND = { rtt: 100, ping: 20, server_interval: 40 } as const;

/** One run; the same seed gives the same run. */
export function simulatedRun(server: SimulatedServer, seed: number): RunFacts {
  const uniform = seededRandom(seed);
  const normal = normals(uniform);
  const level = levels(server, uniform, normal);
  const seconds = level.map((factor, index) => second(server, index, factor, uniform, normal));
  const count = (share: number): number =>
    Array.from({ length: server.clients }).filter(() => uniform() < share).length;
  const connectsFailed = count(server.failures);
  const connectionsMade = server.clients - connectsFailed;
  const connectionsLost = Math.min(connectionsMade, count(server.losses));
  return { seconds, connectsFailed, connectsFinished: server.clients, connectionsLost, connectionsMade };
}

/** By how much each second is slower than the server is: an autoregressive process on a slope. */
function levels(server: SimulatedServer, uniform: () => number, normal: () => number): number[] {
  const seconds = server.rampSeconds + server.holdSeconds;
  const run = server.betweenRuns * normal();
  const slope = server.drift * (2 * uniform() - 1);
  let away = server.wander * normal();
  return Array.from({ length: seconds }, (_, index) => {
    away = server.memory * away + Math.sqrt(1 - server.memory ** 2) * server.wander * normal();
    return Math.exp(run + slope * (index / seconds - 0.5) + away);
  });
}

function second(
  server: SimulatedServer,
  index: number,
  factor: number,
  uniform: () => number,
  normal: () => number,
): SecondFacts {
  const isRamp = index < server.rampSeconds;
  const share = isRamp ? (index + 1) / server.rampSeconds : 1;
  const isHitch = uniform() < server.hitches;
  const answerMs = (): number => {
    const usual = server.rttMs * factor * Math.exp(server.rttScatter * normal());
    return isHitch && uniform() < 0.1 ? usual + server.hitchMs * uniform() : usual;
  };
  const times = (count: number, draw: () => number): number[] => Array.from({ length: Math.ceil(count * share) }, draw);
  const trends: Partial<Record<ComparedTrend, BucketCounts>> = {
    rtt: bucketsOf(times(SAMPLES_A_SECOND.rtt, answerMs)),
    ping: bucketsOf(times(SAMPLES_A_SECOND.ping, answerMs)),
    server_interval: bucketsOf(
      times(SAMPLES_A_SECOND.server_interval, () => 50 * factor ** 0.2 * Math.exp(0.02 * normal())),
    ),
    ...(isRamp && { connect_total: bucketsOf(times(server.clients / server.rampSeconds, () => 3 * answerMs())) }),
  };
  const messagesReceived = Math.round(server.clients * 10 * share * (1 + 0.002 * normal()));
  return { segment: isRamp ? 0 : 1, lengthMs: 1000 + 2 * normal(), messagesReceived, trends };
}

/** Values to three digits, as a histogram keeps them: the upper end of steps that are a 256th of a power of two. */
export function bucketsOf(valuesMs: readonly number[]): BucketCounts {
  const sorted = Float64Array.from(valuesMs).sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const valueMs of sorted) {
    const step = 2 ** (Math.floor(Math.log2(Math.max(valueMs, 0.001))) - 8);
    const bucket = Math.ceil(valueMs / step) * step;
    if (values.at(-1) === bucket) counts[counts.length - 1]!++;
    else counts[values.push(bucket) - 1] = 1;
  }
  return { valuesMs: values, counts };
}

/** Box and Muller. */
function normals(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

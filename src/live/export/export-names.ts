// What the metrics of a run are called in other systems: units, words and bounds of buckets. Data, and nothing that counts.
import { COUNTER_NAMES, TREND_NAMES, type TrendName } from "../../metrics/names.js";

/** Base units; "1": a number of things, or a profile's own measure. */
export type ExportUnit = "seconds" | "bytes" | "ratio" | "1";

/** Of times up to a minute, in seconds: fine where a game's round trips lie. */
const TIME_BOUNDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1,
  1.5, 2, 3, 5, 7.5, 10, 30, 60,
];
/** Of sessions, in seconds. */
const SESSION_BOUNDS = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400];
/** Of a trend that a profile made up, in its own measure. */
const OWN_BOUNDS = [
  0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
];

const HELP: Readonly<Record<string, string>> = {
  connect_tcp: "From the connect call to the open TCP connection",
  connect_tls: "The TLS handshake",
  connect_upgrade: "From the upgrade request to the 101",
  connect_utp: "From the first Connection Request to the Connection Accept",
  connect_total: "From the instant planned for an attempt to the Connection Accept",
  rtt: "From the instant at which a message should have been sent to its answer",
  rtt_uncorrected: "From the instant at which a message was sent to its answer",
  ping: "WebSocket ping to pong",
  pipeline_rtt: "From a packet's first transmission on a reliable pipeline to its ack",
  server_interval: "Between two reads of one client that brought messages",
  send_lag: "From the instant at which a message should have been sent to the instant at which it was",
  session_duration: "From the Accept to the end of the connection",
  connect_attempts: "Attempts started",
  connect_established: "Attempts that were accepted",
  connect_failed_attempts: "Attempts that failed",
  connect_failures: "Attempts that failed, by reason",
  messages_planned: "Messages planned",
  messages_sent: "Messages sent by the application",
  messages_received: "Messages received by the application",
  messages_answered: "Received messages that answered one of ours",
  bytes_sent: "Payload sent, bytes",
  bytes_received: "Payload received, bytes",
  wire_bytes_sent: "WebSocket frames sent, bytes",
  wire_bytes_received: "WebSocket frames received, bytes",
  disconnects: "Connections that ended",
  dropped_sends: "Planned messages that were not sent",
  protocol_drops: "Packets that arrived and had no effect",
  reconnects: "Attempts after a lost connection",
  checks_passed: "Expected answers that came in time",
  checks_failed: "Expected answers that did not come in time",
  clients_connected: "Clients that are connected now",
};

const TRENDS: ReadonlySet<string> = new Set(TREND_NAMES);

/** Whether this is a trend of times that every run has; else a profile made it up. */
export function isTimeTrend(name: string): name is TrendName {
  return TRENDS.has(name);
}

/** One sentence about a metric. */
export function helpOf(name: string): string {
  return HELP[name] ?? `What a run counts as ${name}`;
}

/** Of a counter's values. */
export function unitOfCounter(name: string): ExportUnit {
  return (COUNTER_NAMES as readonly string[]).includes(name) && name.includes("bytes") ? "bytes" : "1";
}

/** Upper ends of the buckets of a trend, in the unit of its export. */
export function boundsOf(trend: string): readonly number[] {
  if (!isTimeTrend(trend)) return OWN_BOUNDS;
  return trend === "session_duration" ? SESSION_BOUNDS : TIME_BOUNDS;
}

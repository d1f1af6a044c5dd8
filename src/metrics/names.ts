// The one list of metric names: thresholds, tags of histograms.hlog and exports all use it. Data only.

/** Distributions, in milliseconds to people and in microseconds inside. */
export const TREND_NAMES = [
  "connect_tcp",
  "connect_tls",
  "connect_upgrade",
  "connect_utp",
  "connect_total",
  "rtt",
  "rtt_uncorrected",
  "ping",
  "pipeline_rtt",
  "server_interval",
  "send_lag",
  "session_duration",
] as const;
export type TrendName = (typeof TREND_NAMES)[number];

/** Sums that only grow. */
export const COUNTER_NAMES = [
  "connect_attempts",
  "messages_sent",
  "messages_received",
  "bytes_sent",
  "bytes_received",
  "wire_bytes_sent",
  "wire_bytes_received",
  "disconnects",
  "dropped_sends",
  "protocol_drops",
  "pipeline_sent",
  "pipeline_received",
  "pipeline_resent",
  "pipeline_duplicates",
  "pipeline_dropped",
  "pipeline_out_of_window",
  "pipeline_reassembled",
  "reconnects",
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

/** Shares of yes among yes and no. */
export const RATE_NAMES = ["connect_failed", "checks"] as const;
export type RateName = (typeof RATE_NAMES)[number];

/** Values of the moment. */
export const GAUGE_NAMES = ["clients_connected"] as const;
export type GaugeName = (typeof GAUGE_NAMES)[number];

export type MetricName = TrendName | CounterName | RateName | GaugeName;

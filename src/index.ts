// The public API: a run and a comparison from code. Clients and the server have entries of their own: utp-load/client and utp-load/server.
export { profileFrom } from "./cli/profile-from.js";
export type { ClientKind } from "./client/session-types.js";
export { type CompareResultsOptions, compareResults } from "./comparison/compare-results.js";
export type { Comparison } from "./comparison/comparison.js";
export type { RunControl } from "./engine/run-control.js";
export type { Interval, RunEnd } from "./engine/run-types.js";
export { ConnectionError, EnvironmentError, ProfileError, UsageError, UtpLoadError } from "./errors.js";
export type { Profile, Stage, ThresholdSpec } from "./profile/profile.js";
export type { Distribution, Summary } from "./result/summary.js";
export { begin, type RunOptions, type RunOutcome, run, type StartedRun } from "./run.js";
export { VERSION } from "./version.js";

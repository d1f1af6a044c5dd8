// What a report is made of: the parts of a result that it reads. Types only; a result folder that was opened is one.
import type { ClientOutcome } from "../../metrics/client-outcome.js";
import type { SnapshotTotal } from "../../metrics/snapshot.js";
import type { RunFile } from "../../result/run-file.js";
import type { Sample } from "../../result/sample.js";
export interface ReportSource {
  readonly run: RunFile;
  readonly ended: { readonly why: string | undefined };
  readonly notes: readonly string[];
  samples(): Iterable<Sample>;
  intervals(): Iterable<{ readonly isWarmup: boolean; readonly total: SnapshotTotal }>;
  outcomes(): readonly ClientOutcome[];
}

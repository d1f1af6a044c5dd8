// The wish to stop a command that makes several runs: for the run under way and all that follow. It listens to no signal.
import type { StartedRun } from "../run.js";

export class RunStop {
  isWanted = false;
  current: StartedRun | undefined;

  interrupt(): void {
    this.isWanted = true;
    this.current?.interrupt();
  }
}

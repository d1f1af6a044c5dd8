// Ctrl-C and its like, for whatever can be stopped in two steps. It ends no process itself.

/** Signals that ask for a graceful stop: Ctrl-C, and what engines and init systems send. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * The first signal lets every client leave, the second ends it now.
 *
 * @returns Stops listening.
 */
export function interruptOnSignals(started: { interrupt(): void }, log: (line: string) => void): () => void {
  let signals = 0;
  const onSignal = (): void => {
    signals++;
    if (signals === 1) log("stopping: clients leave, then results are written; once more to stop now");
    started.interrupt();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
}

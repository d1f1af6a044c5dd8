// How a command that runs on and on is told to stop: signals, or the end of the process that started it. Stops nothing itself.

/** Resolves when the command shall stop; `again` is called for each later wish. */
export function stopWish(again: () => void): Promise<void> {
  let wishes = 0;
  return new Promise((resolve) => {
    const wish = (): void => (wishes++ === 0 ? resolve() : again());
    process.on("SIGTERM", wish);
    if (!process.connected) process.on("SIGINT", wish);
    else {
      // Embedded in a run: its end is the end of the channel between the two, and a Ctrl-C is the run's matter.
      process.on("disconnect", wish);
      process.on("SIGINT", () => undefined);
    }
  });
}

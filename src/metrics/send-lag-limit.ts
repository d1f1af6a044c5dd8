// How late a send may be before it is the generator's fault. One rule for the books, the verdict and the virtual users.

/** As late as a timer on a healthy machine may be, whatever the rate. */
export const MIN_LAG_LIMIT_MS = 10;
/** A longer wait between sends forgives more. */
const LAG_SHARE_OF_INTERVAL = 0.25;

/**
 * Send lag p99 beyond this is too late: a quarter of the send interval, at least 10 ms.
 *
 * @param intervalMs Of the fastest schedule; undefined: nothing is sent on a schedule.
 */
export function lagLimitMs(intervalMs: number | undefined): number {
  return Math.max(MIN_LAG_LIMIT_MS, (intervalMs ?? 0) * LAG_SHARE_OF_INTERVAL);
}

// Sequence numbers of 16 bits: which of two is newer, and which number without bounds one stands for. Pure functions.

/** Half of the 16-bit space, less one: the largest distance at which a number counts as newer. */
const NEWER_WITHIN = 32_767;

/** Unity compares 16 bits of an id with all its bits where it takes times: they end with this id (protocol page, 6.4.2). */
export const LAST_TIMED_ID = 0xffff;

/**
 * Whether `sequence` is newer than `last`, both 0..65535. At a distance of exactly 32768 only the smaller of the two is.
 *
 * @see protocol page, 6.3
 */
export function isNewer(sequence: number, last: number): boolean {
  return sequence > last ? sequence - last <= NEWER_WITHIN : last - sequence > NEWER_WITHIN;
}

/**
 * The id whose low 16 bits are `wire` and that is nearest to `referenceId`; of two equally near ones the lower. Ids start at 0, so
 * `FF FF` seen from -1 is -1, "none". For a window up to 2040 this is Unity's cycle rule.
 *
 * @see protocol page, 6.4.2
 */
export function nearestId(wire: number, referenceId: number): number {
  return referenceId + (((wire - referenceId) << 16) >> 16);
}

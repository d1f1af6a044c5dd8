// What went wrong with values while a scenario ran: counted, for a value never ends a client. Decides nothing.

/** One of a scenario and worker; its clients add to it. */
export class ValueFaults {
  /** Values that their encoding does not hold: wrapped, or cut to whole numbers, as the encoder does. */
  outOfRange = 0;
  /** Texts in the place of a number that spell none: written as 0. */
  notNumbers = 0;
  /** Variables read before anything set them: 0, an empty text, equal to nothing. */
  unset = 0;
  /** Texts longer than their fixed string: cut at its end. */
  textsCut = 0;
  /** Fields of messages that their metric cannot take: infinite, not a number, or, but for a gauge, negative. */
  unusable = 0;
}

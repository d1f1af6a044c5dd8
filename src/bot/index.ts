// utp-load/bot: what a bot in JavaScript is given and what it gives back. Types only; bots run inside the workers of a run.
import type { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import type { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";

export type { DataStreamReader, DataStreamWriter };

/** What a script exports as `bot`: called once a client, before it connects for the first time. */
export type BotFactory = (context: BotContext) => Bot;

/**
 * One client's handlers; each may be left out, and each may be async. What one throws, or a promise that it leaves behind rejects with,
 * ends this client with `ScriptError`.
 */
export interface Bot {
  /** A connection is up: the first, or one more. Timers are set here. */
  onConnected?(): unknown;
  /**
   * A message of the server arrived.
   *
   * @param payload Its bytes; the bot's own, to be kept as long as it likes.
   * @param pipeline The name of its pipeline where the profile's preset has one, else its number; 0: none.
   */
  onMessage?(payload: Uint8Array, pipeline: string | number): unknown;
  /**
   * The connection is over; its timers have stopped. The scenario's `reconnect` decides whether the client comes back, unless the bot
   * asks for it itself, here or before.
   *
   * @param reason As in docs/errors.md: `ClosedByServer`, `Silence`, ...; `ClosedByClient` where the bot or the plan ended it.
   */
  onDisconnected?(reason: string): unknown;
}

/** A message that left. Opaque: it is given back to `answered`. */
export interface SentMessage {
  /** When it was intended to leave, ms since the plan's start. */
  readonly intendedMs: number;
}

export interface BotTimer {
  /** It does not fire any more. Harmless when it has fired or stopped before. */
  stop(): void;
}

/** Everything that a bot may ask and do. Wrong arguments throw, and so end the bot. */
export interface BotContext {
  /** The client's number in the whole run, from 0. */
  readonly client: number;
  /** Name of its scenario. */
  readonly scenario: string;
  /** What the scenario's `values` say, by name. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** The client's row of each feeder: `rows.players.token`. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Time since the plan's start on the run's own clock, ms. */
  readonly nowMs: number;
  readonly isConnected: boolean;

  /** The next number of the client's own stream, 0 <= n < 1: the same in every run with the same seed. */
  random(): number;

  /**
   * Sends a message. It is intended for now, or inside of a timer for the moment that the timer was set for.
   *
   * @param pipeline Number, or name in the profile's preset; default 0: none.
   * @returns Undefined: it did not leave, which is counted.
   */
  send(payload: Uint8Array, pipeline?: string | number): SentMessage | undefined;
  /**
   * Sends bytes that carry a mark: an echo of it is known by its bytes and is a sample of `rtt` by itself.
   *
   * @param sizeBytes At least 16.
   * @returns False: it did not leave, which is counted.
   */
  sendMarked(sizeBytes: number, pipeline?: string | number): boolean;
  /** The answer to a message has come, now: a sample of `rtt`. Counts once a message. */
  answered(message: SentMessage): void;
  /** A passed or a failed check. */
  check(isPassed: boolean): void;

  /** Calls back once, so many ms after now, or after the moment of the timer that this is called in. Only while connected. */
  after(delayMs: number, action: () => unknown): BotTimer;
  /**
   * Calls back on a schedule that waits for nothing, as `every` of a profile does: the clients of a run are spread evenly over one
   * interval. A call that is more than a second late is left out and counts as a dropped send. Only while connected.
   *
   * @param intervalMs At least 1.
   */
  every(intervalMs: number, action: () => unknown): BotTimer;

  /** Adds to a counter that the scenario's `metrics` name. */
  count(metric: string, by?: number): void;
  /** Sets a gauge. */
  gauge(metric: string, value: number): void;
  /** A sample of a trend, >= 0. */
  trend(metric: string, value: number): void;
  /** Writes a line into the log; a worker shows 10 a second. */
  log(text: string): void;

  /** Leaves, and stays away. */
  disconnect(): void;
  /** Leaves, and connects again so long after; in `onDisconnected`: connects again. */
  reconnect(afterMs?: number): void;

  /** A writer of Unity's encodings over a buffer of this size, default 1400 bytes; `reset()` and write again, `written` is sent. */
  writer(capacityBytes?: number): DataStreamWriter;
  /** A reader of Unity's encodings. */
  reader(bytes: Uint8Array): DataStreamReader;
}

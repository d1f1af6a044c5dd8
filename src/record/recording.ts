// What is kept of one client's play: its own messages with their times, not how UTP carried them. Types, and counters at zero.

/** Who sent something. */
export type Side = "client" | "server";

/** One message of the game, whole and once, as its receiver got it. */
export interface RecordedMessage {
  readonly from: Side;
  /** Since the client's Connection Accept passed by, ms, >= 0. */
  readonly atMs: number;
  /** 0: none. */
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

/** Who ended the connection, and by what; `nobody`: it was there to the end of the recording. */
export interface RecordedEnd {
  readonly by: Side | "nobody";
  /** Such as `UTP Disconnect` or `WebSocket Close 1000`. */
  readonly how: string;
  /** As in {@link RecordedMessage}; before the accept it is 0. */
  readonly atMs: number;
}

/** What passed by and is in no message. Each is counted, none is changed or held back. */
export const UNREAD_WORDS = {
  bytes: "bytes that are no WebSocket",
  frames: "frames that are compressed, too large or of an unknown kind",
  textMessages: "text messages",
  notUtp: "binary messages that are not UTP",
  otherToken: "UTP messages of another token",
  unexpected: "UTP messages that this side does not send, or not then",
  unknownPipeline: "packets of pipelines that --pipelines does not name",
  unusable: "packets that were late, cut short or of a message that is not whole",
  outOfWindow: "packets outside of the reliable window",
  tooLarge: "messages larger than UTP carries",
  notKept: "messages beyond the most that a profile holds",
} as const;

export type Unread = keyof typeof UNREAD_WORDS;
export type UnreadCounts = Record<Unread, number>;

export function noneUnread(): UnreadCounts {
  const counts = Object.keys(UNREAD_WORDS).map((kind) => [kind, 0]);
  return Object.fromEntries(counts) as UnreadCounts;
}

/** Everything that was unread, in words: `nothing`, or `bytes that are no WebSocket 40, text messages 3`. */
export function unreadText(counts: Readonly<UnreadCounts>): string {
  const parts = Object.entries(UNREAD_WORDS).filter(([kind]) => counts[kind as Unread] > 0);
  return parts.map(([kind, words]) => `${words} ${counts[kind as Unread]}`).join(", ") || "nothing";
}

/** One connection through the proxy, or of a capture. */
export interface Recording {
  /** The client as the terminal names it: address and port, or `connection 0`. */
  readonly client: string;
  /** Path and query of the upgrade request; undefined: none came. */
  readonly path: string | undefined;
  /** Names of the request's headers beyond those of the upgrade. */
  readonly headerNames: readonly string[];
  /** Since the recording began, ms; undefined: it never got in, and there is nothing to play back. */
  readonly acceptedMs: number | undefined;
  readonly connectPayload: Uint8Array | undefined;
  /** In the order in which they came by. */
  readonly messages: readonly RecordedMessage[];
  readonly end: RecordedEnd;
  /** Largest UTP packet either way, bytes. */
  readonly largestPacketBytes: number;
  readonly unread: Readonly<UnreadCounts>;
}

/** Messages of one side, and their bytes. */
export interface MessageTotals {
  readonly messages: number;
  readonly bytes: number;
}

export function totalsOf(recordings: readonly Recording[], from: Side): MessageTotals {
  let messages = 0;
  let bytes = 0;
  for (const { messages: all } of recordings) {
    for (const message of all) {
      if (message.from !== from) continue;
      messages++;
      bytes += message.payload.length;
    }
  }
  return { messages, bytes };
}

/** What a person can do about what is unread; undefined: nothing. */
export function unreadHint({ unknownPipeline, unusable, outOfWindow }: Readonly<UnreadCounts>): string | undefined {
  if (unknownPipeline + unusable + outOfWindow === 0) return undefined;
  return "Does --pipelines say what the game creates, with its sizes and windows? See docs/record.md";
}

/** `1 client`, `2 clients`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

export function unreadOf(recordings: readonly Recording[]): UnreadCounts {
  const sum = noneUnread();
  for (const { unread } of recordings) for (const kind of Object.keys(sum) as Unread[]) sum[kind] += unread[kind];
  return sum;
}

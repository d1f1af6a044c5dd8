// What a player does, as the engine runs it: every value resolved, every unit in the name. Plain data: it crosses threads and stands in
// run.json. Types only; the language that people write is in docs/profiles.md.
import type { FixedStringSize } from "../protocol/datastream/fixed-string.js";
import type { ClientSettings } from "./client-settings.js";

/** A number, a text, raw bytes as hex, or a truth value. */
export type Literal = number | string | boolean;

/** Where a value comes from. Variables are a client's own: captured, set by a feeder (`feeder.column`), or built in (`client`, `iteration`). */
export type ValueSource =
  | { readonly from: "literal"; readonly value: Literal }
  | { readonly from: "variable"; readonly name: string }
  /** 0, 1, 2, ... per client and field; `start` and `step` are numbers. */
  | { readonly from: "counter"; readonly start: number; readonly step: number }
  /** Uniform, from the client's seeded stream; both ends included, whole numbers where both ends are. */
  | { readonly from: "random"; readonly min: number; readonly max: number }
  /** Milliseconds: since the plan's start, or since the epoch. */
  | { readonly from: "time"; readonly clock: "run" | "epoch" };

/** The encodings of Unity's DataStreamWriter by their names there, and raw bytes. */
export type ScalarEncoding =
  | "byte"
  | "short"
  | "ushort"
  | "int"
  | "uint"
  | "long"
  | "ulong"
  | "shortNetworkByteOrder"
  | "ushortNetworkByteOrder"
  | "intNetworkByteOrder"
  | "uintNetworkByteOrder"
  | "float"
  | "double"
  | "packedInt"
  | "packedUInt"
  | "packedLong"
  | "packedULong"
  | "packedFloat"
  | "packedDouble";

/** Packed differences to a baseline, by the names of Unity's DataStreamWriter. */
export type DeltaEncoding =
  | "packedIntDelta"
  | "packedUIntDelta"
  | "packedLongDelta"
  | "packedULongDelta"
  | "packedFloatDelta"
  | "packedDoubleDelta";

/** One field of a payload. `name` lets `expect` and `decode` speak of it. */
export type PayloadField =
  | { readonly type: ScalarEncoding; readonly name?: string; readonly value: ValueSource }
  | {
      readonly type: DeltaEncoding;
      readonly name?: string;
      readonly value: ValueSource;
      /** What the receiver has already. */
      readonly baseline: ValueSource;
    }
  | { readonly type: "rawBits"; readonly name?: string; readonly bitCount: number; readonly value: ValueSource }
  | {
      readonly type: "fixedString";
      readonly name?: string;
      readonly size: FixedStringSize;
      readonly value: ValueSource;
    }
  /** UTF-8 without a length. */
  | { readonly type: "text"; readonly name?: string; readonly value: ValueSource }
  /** Raw bytes as hex, of a literal or of a file read when the profile was. */
  | { readonly type: "bytes"; readonly name?: string; readonly hex: string }
  /** Seeded filling up to this whole size; the payload is never shorter. */
  | { readonly type: "padTo"; readonly sizeBytes: number }
  | { readonly type: "flush" };

export type Payload =
  /** The marked payload of a quick load: an echo is known by its bytes. */
  | { readonly kind: "marked"; readonly sizeBytes: number }
  | { readonly kind: "fields"; readonly fields: readonly PayloadField[] };

/** Fields of a message from the server, read in order; what does not fit is no match. */
export interface DecodeBlock {
  readonly name: string;
  /** Pipeline id; undefined: any. */
  readonly pipelineId: number | undefined;
  readonly fields: readonly DecodeField[];
  /** Metrics made of every message that this block reads. */
  readonly metrics: readonly DecodeMetric[];
}

export interface DecodeField {
  readonly type: ScalarEncoding | "rawBits" | "fixedString" | "skip";
  readonly name: string | undefined;
  /** `rawBits`: bits; `skip`: bytes; `fixedString`: its size; undefined elsewhere. */
  readonly size: number | undefined;
  /** The message is only of this block if the field has this value. */
  readonly equals: Literal | undefined;
}

export interface DecodeMetric {
  readonly name: string;
  readonly kind: MetricKind;
  /** Name of a field of the block; undefined: 1 for a counter, the message's size in bytes for the others. */
  readonly field: string | undefined;
}

/** What an `expect` waits for. All parts that are given must hold. */
export interface Match {
  readonly pipelineId: number | undefined;
  /** The message starts with these bytes, hex. */
  readonly startsWithHex: string | undefined;
  /** It is one of this decode block, and these fields have these values. */
  readonly block: string | undefined;
  readonly fields: readonly { readonly name: string; readonly value: ValueSource }[];
}

/** Milliseconds, >= 0; a negative draw counts as 0. */
export type WaitTime =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: "normal"; readonly meanMs: number; readonly stdDevMs: number }
  | { readonly kind: "exponential"; readonly meanMs: number };

export interface Condition {
  readonly left: ValueSource;
  readonly operator: "==" | "!=" | "<" | "<=" | ">" | ">=";
  readonly right: ValueSource;
}

export type Step =
  | { readonly do: "send"; readonly pipelineId: number; readonly payload: Payload }
  /** `rtt`: the wait counts as a round trip, from the last send's intended time. A miss is a failed check; `required` ends the client. */
  | {
      readonly do: "expect";
      readonly match: Match;
      readonly timeoutMs: number;
      readonly capture: readonly { readonly variable: string; readonly field: string }[];
      readonly rtt: boolean;
      readonly required: boolean;
    }
  | { readonly do: "wait"; readonly time: WaitTime }
  /** Until so long after the connection came up; what is past is waited for no more. Times of steps behind it do not drift. */
  | { readonly do: "at"; readonly sinceConnectedMs: number }
  /** Open loop, beside the steps that follow: a schedule that waits for no answer, until the connection or the script ends. */
  | { readonly do: "every"; readonly intervalMs: number; readonly pipelineId: number; readonly payload: Payload }
  | { readonly do: "repeat"; readonly times: number | undefined; readonly steps: readonly Step[] }
  | { readonly do: "if"; readonly condition: Condition; readonly then: readonly Step[]; readonly else: readonly Step[] }
  | { readonly do: "choose"; readonly options: readonly { readonly weight: number; readonly steps: readonly Step[] }[] }
  | { readonly do: "set"; readonly variable: string; readonly value: ValueSource }
  | { readonly do: "disconnect" }
  /** Leaves and connects again after a time; the script goes on behind it once connected. */
  | { readonly do: "reconnect"; readonly after: WaitTime }
  | { readonly do: "log"; readonly text: string };

/** Rows of names and values, one row a client. */
export interface Feeder {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** `unique`: row n for client n, a client beyond the last row is not started; `cyclic`: n modulo the rows; `random`: seeded by client. */
  readonly order: "unique" | "cyclic" | "random";
}

/** When a client whose connection ended by itself comes back. */
export interface ReconnectPolicy {
  /** Reasons (without their numbers) after which it does; empty: never. */
  readonly reasons: readonly string[];
  /** Most reconnects of one client. */
  readonly maxReconnects: number;
  /** Wait before the k-th, from 0: min(first * factor^k, max), then plus or minus `jitterShare` of it, uniform and seeded. */
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitterShare: number;
}

export type MetricKind = "counter" | "gauge" | "trend";

/** A bot in JavaScript that plays in place of steps. */
export interface BotScript {
  /** As the profile names it, and where that is on this machine. */
  readonly file: string;
  readonly path: string;
  /** What the profile tells the bot, by name. */
  readonly values: Readonly<Record<string, Literal>>;
  /** Metrics that it may make. */
  readonly metrics: readonly { readonly name: string; readonly kind: MetricKind }[];
}

/** One kind of player. */
export interface Scenario {
  readonly name: string;
  /** Share of the clients, > 0, relative to the other scenarios. */
  readonly weight: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Sent with the Connection Request; undefined: nothing. */
  readonly connectPayload: Payload | undefined;
  /** Empty where a bot plays. */
  readonly steps: readonly Step[];
  readonly bot?: BotScript;
  /** Which client it imitates, with the settings of that; undefined: the profile's. */
  readonly playedAs?: ClientSettings;
  /** Its clients start and leave so much later than the stages say; undefined: 0. */
  readonly startMs?: number;
  readonly decode: readonly DecodeBlock[];
  readonly feeders: readonly Feeder[];
  readonly reconnect: ReconnectPolicy | undefined;
}

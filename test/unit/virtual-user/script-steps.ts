// Short ways to write the steps of a scenario in tests. Data only.
import type { Match, Payload, Step, ValueSource } from "../../../src/profile/scenario.js";

export const literal = (value: number | string | boolean): ValueSource => ({ from: "literal", value });
export const variable = (name: string): ValueSource => ({ from: "variable", name });

/** A payload of bytes. */
export const bytesOf = (...values: (number | ValueSource)[]): Payload => ({
  kind: "fields",
  fields: values.map((value) => ({ type: "byte", value: typeof value === "number" ? literal(value) : value })),
});

export const send = (...values: (number | ValueSource)[]): Step => ({
  do: "send",
  pipelineId: 0,
  payload: bytesOf(...values),
});
export const wait = (ms: number): Step => ({ do: "wait", time: { kind: "fixed", ms } });
export const at = (sinceConnectedMs: number): Step => ({ do: "at", sinceConnectedMs });
export const every = (intervalMs: number, payload: Payload = bytesOf(1)): Step => ({
  do: "every",
  intervalMs,
  pipelineId: 0,
  payload,
});
export const marked = (sizeBytes = 16): Payload => ({ kind: "marked", sizeBytes });
export const repeat = (times: number | undefined, ...steps: Step[]): Step => ({ do: "repeat", times, steps });
export const log = (text: string): Step => ({ do: "log", text });
export const set = (name: string, value: ValueSource): Step => ({ do: "set", variable: name, value });
export const reconnect = (ms: number): Step => ({ do: "reconnect", after: { kind: "fixed", ms } });
export const when = (left: ValueSource, value: number, then: Step[], otherwise: Step[]): Step => ({
  do: "if",
  condition: { left, operator: "==", right: literal(value) },
  then,
  else: otherwise,
});

type Expect = Extract<Step, { do: "expect" }>;

/** Waits for a message that starts with this byte; by default 100 ms, no round trip, not required. */
export const expectByte = (byte: number, parts: Partial<Expect> = {}): Step => ({
  do: "expect",
  match: matchOf({ startsWithHex: byte.toString(16).padStart(2, "0") }),
  timeoutMs: 100,
  capture: [],
  rtt: false,
  required: false,
  ...parts,
});

export const matchOf = (parts: Partial<Match>): Match => ({
  pipelineId: undefined,
  startsWithHex: undefined,
  block: undefined,
  fields: [],
  ...parts,
});

// What a WebSocket close code says about the server that sent it. A table in words, no decisions.

const MEANINGS: Readonly<Record<number, string>> = {
  1000: "normal end",
  1001: "going away: the server or a proxy shuts down",
  1002: "protocol error: it did not like a frame",
  1003: "unsupported data: it takes no binary messages",
  1005: "no code given",
  1007: "invalid data: it expected text of its own kind",
  1008: "policy violation: it expected something else from a client, often a login",
  1009: "message too big",
  1011: "the server failed by itself",
  1012: "the server restarts",
  1013: "try again later: too busy",
  1014: "a proxy got a bad answer from the server behind it",
};

/** Codes that a server sends when it does not understand what UTP says. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008]);

/** The code with its meaning: `1003 (unsupported data: it takes no binary messages)`. */
export function describeCloseCode(code: number): string {
  if (code >= 4000 && code <= 4999) return `${code} (a code of the application's own)`;
  const meaning = MEANINGS[code];
  return meaning === undefined ? String(code) : `${code} (${meaning})`;
}

/** Whether the code says that the server did not understand our bytes. */
export function isNotUnderstood(code: number): boolean {
  return NOT_UNDERSTOOD.has(code);
}

// The verdicts a probe can end in: a closed set, each described in docs/probe.md. Types and the list only.

export const VERDICT_CODES = [
  "healthy",
  "host-not-found",
  "nothing-listens",
  "no-answer",
  "connection-failed",
  "local-limit",
  "plain-server",
  "tls-server",
  "certificate-not-trusted",
  "tls-failed",
  "no-upgrade-answer",
  "closed-at-upgrade",
  "not-websocket",
  "unwanted-header",
  "bad-upgrade-answer",
  "bad-request",
  "wrong-path",
  "redirected",
  "unauthorized",
  "forbidden",
  "gateway-error",
  "upgrade-rejected",
  "not-utp",
  "no-accept",
  "other-version",
  "closed-before-accept",
  "refused",
  "message-refused",
  "approval-entities",
  "approval-gameobjects",
  "disconnected",
  "connection-lost",
  "went-silent",
  "bad-frames",
  "at-limit",
  "unclean-close",
  "interrupted",
] as const;

export type VerdictCode = (typeof VERDICT_CODES)[number];

/** What the walk means, in words for a person. Only `healthy` is exit code 0. */
export interface Verdict {
  readonly code: VerdictCode;
  /** What is the case. Whole sentences. */
  readonly message: string;
  /** What to do next. Whole sentences. */
  readonly next: string;
}

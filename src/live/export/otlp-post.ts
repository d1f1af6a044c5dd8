// One OTLP/HTTP export on the network. It tries once; what a failure means is for others to decide.
import type { OtlpSettings } from "./otlp-settings.js";

/** Why an export did not arrive, in words. */
export interface ExportFailure {
  readonly why: string;
  /** The same request may well succeed in a moment. */
  readonly mayRetry: boolean;
}

/** By the protocol's specification. */
const RETRYABLE_STATUS = [429, 502, 503, 504];
/** An answer that is longer is not read to its end. */
const MAX_ANSWER_CHARACTERS = 64 * 1024;

/**
 * Sends `body`; undefined: all of it was taken. Never rejects.
 *
 * @param signal Ends it early.
 */
export async function otlpPost(
  { url, headers }: OtlpSettings,
  body: string,
  signal: AbortSignal,
): Promise<ExportFailure | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body,
      signal,
      redirect: "error",
    });
    const text = (await response.text()).slice(0, MAX_ANSWER_CHARACTERS);
    if (!response.ok) {
      return { why: `HTTP ${response.status}`, mayRetry: RETRYABLE_STATUS.includes(response.status) };
    }
    const why = rejectedPart(text);
    return why === undefined ? undefined : { why, mayRetry: false };
  } catch (error) {
    return { why: causeOf(error), mayRetry: true };
  }
}

/** A receiver may take a part only, and says so in its answer. */
function rejectedPart(text: string): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: { rejectedDataPoints?: string | number; errorMessage?: string };
    };
    const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0);
    return rejected > 0 ? `${rejected} points were rejected: ${partialSuccess?.errorMessage ?? ""}` : undefined;
  } catch {
    // An empty answer, or one in another encoding, has nothing to add to its status.
    return undefined;
  }
}

/** fetch itself says only that it failed; why stands below. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : error.message;
}

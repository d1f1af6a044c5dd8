// The flags of `probe`, from text to checked values. Reads the file of --ca and nothing else; connects to nothing.
import { UsageError } from "../errors.js";
import type { ProbeOptions } from "../probe/probe.js";
import { formatDuration, parseDuration } from "../profile/duration.js";
import { checkHeaders } from "../transport/websocket-target.js";
import { certificateFile } from "./certificate-file.js";
import { checkedUrl } from "./checked-url.js";

/** As yargs gives them: a flag that was written twice is an array. */
export interface ProbeFlags {
  readonly url: string;
  readonly hold: Text;
  readonly "connect-timeout": Text;
  readonly size: Text;
  readonly header?: readonly string[] | undefined;
  readonly ca?: Text | undefined;
  readonly insecure?: boolean | undefined;
}

type Text = string | readonly string[];

const MAX_HOLD_MS = 24 * 3_600_000;
const MAX_LIMIT_MS = 600_000;
/** Largest payload of one message: 1400 less what the stack of a native client reserves, ws and wss. */
const MAX_MESSAGE_BYTES = { "ws:": 1376, "wss:": 1308 } as const;
/** Written by the upgrade itself, or such that a body would follow. */
const RESERVED_HEADER = /^(?:upgrade|connection|content-length|transfer-encoding|sec-websocket-.*)$/i;

/** @throws {UsageError} That names the flag, the rule and the value. */
export function probeOptions(flags: ProbeFlags): Omit<ProbeOptions, "signal"> {
  const url = checkedUrl(flags.url, (rule, got, hint) => wrong("the URL", rule, got, hint));
  return {
    url: url.href,
    holdMs: duration("hold", flags.hold, 0, MAX_HOLD_MS),
    limitMs: duration("connect-timeout", flags["connect-timeout"], 1, MAX_LIMIT_MS),
    messageBytes: messageBytes(flags.size, url.protocol),
    headers: headers(flags.header ?? []),
    ca: flags.ca === undefined ? undefined : certificate(single("ca", flags.ca)),
    insecure: flags.insecure === true,
  };
}

function duration(flag: string, value: Text, minMs: number, maxMs: number): number {
  const text = single(flag, value);
  const durationMs = parseDuration(text);
  if (durationMs === undefined || durationMs < minMs || durationMs > maxMs) {
    const rule = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
    throw wrong(`--${flag}`, rule, text, "Write a number with its unit: 500ms, 12s, 1m30s");
  }
  return durationMs;
}

function messageBytes(value: Text, protocol: string): number {
  const text = single("size", value);
  const max = MAX_MESSAGE_BYTES[protocol === "wss:" ? "wss:" : "ws:"];
  if (!/^\d+$/.test(text) || Number(text) > max) {
    throw wrong("--size", `a whole number of bytes from 0 to ${max}`, text, "0 sends no data message");
  }
  return Number(text);
}

function headers(lines: readonly string[]): [string, string][] {
  const parsed = lines.map((line): [string, string] => {
    const colonAt = line.indexOf(":");
    if (colonAt <= 0) throw wrong("--header", "'NAME: VALUE'", line, "As in --header 'Authorization: Bearer abc'");
    const name = line.slice(0, colonAt).trim();
    if (RESERVED_HEADER.test(name)) {
      throw wrong("--header", "one that the upgrade does not write itself", name, "Leave it out");
    }
    return [name, line.slice(colonAt + 1).trim()];
  });
  checkHeaders(parsed);
  return parsed;
}

function certificate(path: string): string {
  return certificateFile(path, (rule, got, hint) => wrong("--ca", rule, got, hint));
}

function single(flag: string, value: Text): string {
  if (typeof value === "string") return value;
  throw wrong(`--${flag}`, "given once", value.join(" and "), "Leave one of them out");
}

function wrong(thing: string, rule: string, got: string, hint: string): UsageError {
  return new UsageError(`Cannot probe: ${thing} must be ${rule}, got ${JSON.stringify(got)}`, hint);
}

// Checks the target, the headers and the source addresses of a run. Opens no socket and looks up no name.
import { isIP } from "node:net";
import { FIELDS } from "../profile/fields.js";
import { shownHeaderValue } from "../result/secret-headers.js";
import type { SettingReader, Source } from "./setting-reader.js";
import { schemeHint } from "./target-scheme.js";
import { isOwnAddress, type Machine } from "./this-machine.js";

const URL_RULE = "a ws:// or wss:// URL, or embedded";
const ARGUMENT: Source = { kind: "flag", label: "the target", place: "argument" };

/** `embedded` or the URL as written. */
export function resolveTarget(reader: SettingReader, argument: string | undefined): string {
  const spec = { flag: "target", key: "target", field: FIELDS.target } as const;
  if (argument === undefined) {
    const { value, source } = reader.read(spec, "embedded", "embedded");
    return checkTarget(reader, value, source);
  }
  reader.note("target", argument, ARGUMENT);
  return checkTarget(reader, argument, ARGUMENT);
}

function checkTarget(reader: SettingReader, target: string, source: Source): string {
  if (target === "embedded") return target;
  const wrong = (rule: string, hint: string) => reader.error(source, rule, target, hint);
  const hint = schemeHint(target);
  if (hint !== undefined) throw wrong(URL_RULE, hint);
  if (!URL.canParse(target))
    throw wrong("a URL with a host, a port from 1 to 65535 and a path", "As in ws://127.0.0.1:7777/");
  const url = new URL(target);
  if (url.port === "0") throw wrong("a URL with a port from 1 to 65535", "As in ws://127.0.0.1:7777/");
  if (url.hash !== "")
    throw wrong("a URL without #", "WebSocket URLs have no fragment: a # in the path is written %23");
  if (url.username !== "" || url.password !== "") {
    const hidden = target.replace(/\/\/[^@]*@/, "//...@");
    const hint = "Send them as a header: --header 'Authorization: Basic ...'";
    throw reader.error(source, "a URL without user and password", hidden, hint);
  }
  return target;
}

/** RFC 9110 names; a longer one can end a Unity server's process. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,125}$/;
const HEADER_NAME_RULE = "a name of 1 to 125 letters, digits and hyphens, a colon and a value";
/** Written by the upgrade itself, or such that a body would follow. */
const RESERVED_HEADER = /^(?:upgrade|connection|content-length|transfer-encoding|sec-websocket-.*)$/i;
/** Visible Latin-1, blanks and tabs. */
const HEADER_VALUE = /^[\t\x20-\x7e\xa0-\xff]*$/;

/** Headers of the profile, those of the flags over them by name. */
export function resolveHeaders(reader: SettingReader): [string, string][] {
  const headers = new Map<string, [string, string]>();
  const add = (name: string, value: string, source: Source): void => {
    checkHeader(reader, name, value, source);
    reader.note(`headers.${name}`, shownHeaderValue(name, value), source);
    headers.set(name.toLowerCase(), [name, value]);
  };
  const typed = reader.raw("header");
  const parsed = (typed?.values ?? []).map((line) => splitHeader(reader, line, typed!.source));
  const typedNames = new Set(parsed.map(([name]) => name.toLowerCase()));
  for (const [name, value] of Object.entries(reader.fromProfile<Record<string, string>>("headers")?.value ?? {})) {
    if (!typedNames.has(name.toLowerCase())) add(name, value, reader.profileSource(["headers", name]));
  }
  for (const [name, value] of parsed) add(name, value, typed!.source);
  return [...headers.values()];
}

function splitHeader(reader: SettingReader, line: string, source: Source): [string, string] {
  const colonAt = line.indexOf(":");
  if (colonAt < 0) throw reader.error(source, "'NAME: VALUE'", line);
  return [line.slice(0, colonAt).trim(), line.slice(colonAt + 1).trim()];
}

function checkHeader(reader: SettingReader, name: string, value: string, source: Source): void {
  if (!HEADER_NAME.test(name)) throw reader.error(source, HEADER_NAME_RULE, name);
  if (RESERVED_HEADER.test(name)) {
    throw reader.error(
      source,
      "a header that the upgrade does not write itself",
      name,
      "Remove it: the client sends it",
    );
  }
  if (!HEADER_VALUE.test(value)) throw reader.error(source, `a value of visible Latin-1 characters for ${name}`, value);
}

/** Source addresses, each an address of this machine. */
export function resolveLocalAddresses(reader: SettingReader, machine: Machine): string[] {
  const typed = reader.raw("local-address");
  const fromProfile = reader.fromProfile<string[]>("localAddresses");
  const source = typed?.source ?? fromProfile?.source;
  if (source === undefined) return [];
  const addresses = typed?.values.flatMap((text) => text.split(",")).map((text) => text.trim()) ?? fromProfile!.value;
  for (const address of addresses) {
    if (isIP(address) !== 0 && isOwnAddress(machine, address)) continue;
    const own = machine.addresses.join(", ");
    throw reader.error(source, "an IP address of this machine", address, `Addresses here: ${own}`);
  }
  reader.note("localAddresses", addresses.join(","), source);
  return addresses;
}

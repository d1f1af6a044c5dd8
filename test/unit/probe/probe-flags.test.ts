// The flags of `probe`: what is read, and what is refused with the flag, the rule and the value named.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ProbeFlags, probeOptions } from "../../../src/cli/probe-flags.js";
import { UtpLoadError } from "../../../src/errors.js";

const CA = fileURLToPath(new URL("../../fixtures/tls/ca.pem", import.meta.url));
const KEY = fileURLToPath(new URL("../../fixtures/tls/server-key.pem", import.meta.url));
const DEFAULTS: ProbeFlags = { url: "ws://127.0.0.1:7777/", hold: "12s", "connect-timeout": "5s", size: "64" };

function refusal(flags: Partial<ProbeFlags>): { code: string; message: string; hint: string } {
  try {
    probeOptions({ ...DEFAULTS, ...flags });
  } catch (error) {
    if (error instanceof UtpLoadError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("probeOptions()", () => {
  it("reads the defaults", () => {
    expect(probeOptions(DEFAULTS)).toEqual({
      url: "ws://127.0.0.1:7777/",
      holdMs: 12_000,
      limitMs: 5000,
      messageBytes: 64,
      headers: [],
      ca: undefined,
      insecure: false,
    });
  });

  it("reads the rest", () => {
    const flags = {
      url: "wss://a.example/p?q=1",
      hold: "1m30s",
      size: "0",
      header: ["A: b: c"],
      ca: CA,
      insecure: true,
    };
    const options = probeOptions({ ...DEFAULTS, ...flags, "connect-timeout": "500ms" });
    expect(options).toMatchObject({ url: flags.url, holdMs: 90_000, limitMs: 500, messageBytes: 0, insecure: true });
    expect(options.headers).toEqual([["A", "b: c"]]);
    expect(options.ca).toContain("BEGIN CERTIFICATE");
  });

  it.each<[Partial<ProbeFlags>, RegExp, RegExp]>([
    [{ url: "127.0.0.1:7777" }, /the URL.*"127\.0\.0\.1:7777"/, /ws:\/\/127\.0\.0\.1:7777/],
    [{ url: "http://a/" }, /the URL/, /write ws:\/\/a\//],
    [{ url: "https://a/" }, /the URL/, /write wss:\/\/a\//],
    [{ url: "udp://a/" }, /the URL/, /UTP over WebSocket only.*Use WebSockets of UnityTransport/],
    [{ url: "tcp://a/" }, /the URL/, /give a ws:\/\/ or wss:\/\/ URL/],
    [{ url: "ws://" }, /the URL/, /host/],
    [{ url: "ws://a:99999/" }, /the URL/, /port/],
    [{ url: "ws://a:0/" }, /the URL/, /port/],
    [{ url: "ws://a/#b" }, /without #/, /%23/],
    [{ url: "ws://me:secret@a/" }, /user and password/, /Authorization/],
    [{ hold: "12" }, /--hold.*0s to 24h.*"12"/, /12s/],
    [{ hold: "-1s" }, /--hold/, /unit/],
    [{ hold: "25h" }, /--hold/, /unit/],
    [{ hold: ["1s", "2s"] }, /--hold must be given once/, /Leave one/],
    [{ "connect-timeout": "0s" }, /--connect-timeout.*1ms to 10m/, /unit/],
    [{ "connect-timeout": "11m" }, /--connect-timeout/, /unit/],
    [{ size: "1377" }, /--size.*0 to 1376.*"1377"/, /0 sends no/],
    [{ size: "1309", url: "wss://a/" }, /--size.*0 to 1308/, /0 sends no/],
    [{ size: "-1" }, /--size/, /0 sends no/],
    [{ size: "1.5" }, /--size/, /0 sends no/],
    [{ size: "many" }, /--size/, /0 sends no/],
    [{ header: ["no colon"] }, /--header.*'NAME: VALUE'/, /As in/],
    [{ header: ["Upgrade: x"] }, /--header.*"Upgrade"/, /Leave it out/],
    [{ header: [`${"x".repeat(126)}: v`] }, /header name/, /Shorten/],
    [{ header: ["A: b\nC: d"] }, /one line/, /line breaks/],
    [{ ca: "/no/such/file" }, /--ca.*\/no\/such\/file/, /ENOENT/],
    [{ ca: KEY }, /--ca.*PEM file with a certificate/, /openssl/],
  ])("refuses %j", (flags, message, hint) => {
    const refused = refusal(flags);
    expect(refused).toMatchObject({ code: "E_USAGE", message: expect.stringMatching(message) });
    expect(refused.hint).toMatch(hint);
    expect(refused.message).not.toMatch(/\.$/);
  });
});

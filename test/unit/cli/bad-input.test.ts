import { describe, expect, it } from "vitest";
import { errorExitCode } from "../../../src/cli/exit.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { ProfileError, UsageError, type UtpLoadError } from "../../../src/errors.js";
import { machineWith } from "./machine.js";

const URL = "ws://127.0.0.1:7777/";

/** Message and hint of the refusal. */
function refusal(
  argument: string | undefined,
  flags: Record<string, unknown>,
  environment: Record<string, string> = {},
  files: Record<string, string> = {},
): { error: UtpLoadError; text: string } {
  try {
    resolveRun({ argument, flags, environment }, machineWith(files));
  } catch (error) {
    const ours = error as UtpLoadError;
    expect(errorExitCode(ours), String(ours.stack)).toBe(104);
    expect(ours.message).toMatch(/^Cannot (?:start|load profile): /);
    expect(ours.message).not.toMatch(/\.$/);
    return { error: ours, text: `${ours.message}\n${ours.hint}` };
  }
  throw new Error("was taken");
}

describe("flags", () => {
  const cases: [flags: Record<string, unknown>, ...parts: string[]][] = [
    [{ clients: "-5" }, "--clients must be an integer from 1 to 1000000", "got -5"],
    [{ clients: "0" }, "--clients", "got 0"],
    [{ clients: "1000001" }, "--clients", "got 1000001"],
    [{ clients: "2.5" }, "--clients", "got 2.5"],
    [{ clients: "NaN" }, "--clients", 'got "NaN"'],
    [{ clients: "" }, "--clients", 'got ""'],
    [{ clients: "0x10" }, "--clients", 'got "0x10"'],
    [{ clients: "1e9" }, "--clients", "got 1000000000"],
    [{ rate: "-1" }, "--rate must be a number from 0 to 1000", "got -1"],
    [{ rate: "1001" }, "--rate"],
    [{ rate: "Infinity" }, "--rate", 'got "Infinity"'],
    [{ size: "-1" }, "--size must be a whole number of bytes", "got -1"],
    [{ size: "1400" }, "--size must be at most 1376 bytes", "got 1400", "--max-message-size"],
    [{ "max-message-size": "64" }, "size (the default) must be at most 40 bytes", "got 64"],
    [{ "max-message-size": "1473" }, "--max-message-size", "from 64 to 1472"],
    [{ duration: "0s" }, "--duration must be a duration such as 10s", 'got "0s"'],
    [{ duration: "30" }, "--duration", 'got "30"'],
    [{ duration: "-5s" }, "--duration", 'got "-5s"'],
    [{ duration: "1000h" }, "--duration", "to 744h"],
    [{ ramp: "0/s" }, "--ramp must be a duration such as 10s", "500/s"],
    [{ ramp: "x" }, "--ramp"],
    [{ ramp: "0.000001/s" }, "--ramp must be fast enough for 10 clients"],
    [{ warmup: "31s" }, "--warmup must be shorter than the whole plan of 31s", 'got "31s"'],
    [{ seed: "-1" }, "--seed must be an integer from 0"],
    [{ pipeline: "256" }, "--pipeline must be an integer from 0 to 255", "got 256"],
    [{ pipeline: "3" }, "--pipeline must be 0, for the profile creates no pipelines", "got 3"],
    [{ pipeline: "relyable" }, "--pipeline must be 0", 'got "relyable"'],
    [{ pipeline: "reliable", size: "1361" }, "--size must be at most 1360 bytes", "got 1361"],
    [{ pipeline: "unreliable", size: "6149" }, "--size must be at most 6148 bytes", "got 6149"],
    [{ client: "browser" }, "--client must be one of patient, native and webgl", 'got "browser"'],
    [{ workers: "0" }, "--workers must be an integer from 1 to 256"],
    [{ heartbeat: "-1ms" }, "--heartbeat must be a duration"],
    [{ "connect-timeout": "0s" }, "--connect-timeout must be a duration"],
    [{ "ping-interval": "1ms" }, "--ping-interval", "or unity, or off"],
    [{ "connect-payload": "abc" }, "--connect-payload must be hex:"],
    [{ "connect-payload": `utf8:${"x".repeat(1362)}` }, "--connect-payload must be at most 1361 bytes", "got 1362"],
    [{ "connect-payload": "file:none.bin" }, "--connect-payload must be a file that can be read", "none.bin", "ENOENT"],
    [{ header: ["Upgrade: x"] }, "--header", "the upgrade does not write itself", '"Upgrade"'],
    [{ header: ["Sec-WebSocket-Key: x"] }, "--header", "Sec-WebSocket-Key"],
    [{ header: ["no colon"] }, "--header must be 'NAME: VALUE'", "no colon"],
    [{ header: [`${"x".repeat(126)}: y`] }, "--header must be a name of 1 to 125"],
    [{ header: ["A: b\r\nC: d"] }, "--header must be a value of visible Latin-1 characters for A"],
    [{ ca: "none.pem" }, "--ca must be a file that can be read", "none.pem"],
    [{ ca: "not-a.pem" }, "--ca must be a PEM file with a certificate", "not-a.pem"],
    [{ "local-address": ["10.0.0.6"] }, "--local-address must be an IP address of this machine", "10.0.0.5"],
    [{ "local-address": ["10.0.0.5,nonsense"] }, "--local-address", '"nonsense"'],
    [{ threshold: ["rt: p(95)<80"] }, "--threshold", '"rt: p(95)<80"', "Did you mean rtt?"],
    [{ threshold: ["rtt: p(195)<80"] }, "--threshold", "p(195)"],
    [{ threshold: ["disconnects{reason:Silense}: count==0"] }, "one of ClosedByClient,", "Did you mean Silence?"],
    [
      { threshold: ["disconnects{reason:WebSocketClose}: count==0"] },
      "WebSocketClose:CODE, such as WebSocketClose:1001",
    ],
    [{ threshold: ["connect_failed{reason:Timeout}: rate<1"] }, "its reason must be one of", '"Timeout"'],
    [{ threshold: ["messages_sent{pipeline:reliable}: count>1"] }, "its pipeline must be one of 0, got"],
    [{ threshold: ["nonsense"] }, "--threshold", "nonsense"],
    [{ env: ["novalue"] }, "--env must be K=V", "novalue"],
    [{ out: "" }, "--out"],
    [{ target: URL }, "the target must be given once", "--target"],
  ];
  it.each(cases)("%j", (flags, ...parts) => {
    const { error, text } = refusal(URL, flags);
    expect(error).toBeInstanceOf(UsageError);
    for (const part of parts) expect(text).toContain(part);
  });

  it("that nothing is wrong with are taken", () => {
    const flags = { "local-address": ["10.0.0.5,127.0.0.9"], ca: "ca.pem", header: ["X: y"], seed: "0", rate: "0" };
    const { profile } = resolveRun({ argument: "wss://h/", flags, environment: {} }, machineWith()).run;
    expect(profile.localAddresses).toEqual(["10.0.0.5", "127.0.0.9"]);
    expect(profile.ca).toContain("BEGIN CERTIFICATE");
  });
});

describe("targets", () => {
  const cases: [argument: string, ...parts: string[]][] = [
    ["http://127.0.0.1:7777/", "the target must be a ws:// or wss:// URL", "write ws://127.0.0.1:7777/"],
    ["https://game.example/", "write wss://game.example/"],
    [
      "udp://127.0.0.1:7777",
      "a ws:// or wss:// URL",
      "UTP over WebSocket only, UTP over UDP is framed differently",
      "Use WebSockets of UnityTransport",
      "WebSocketNetworkInterface",
    ],
    ["tcp://127.0.0.1:7777", "a ws:// or wss:// URL", "UTP over WebSocket only"],
    ["ws://", "a URL with a host"],
    ["ws://h:0/", "a port from 1 to 65535"],
    ["ws://h:70000/", "a port from 1 to 65535"],
    ["ws://h/#x", "a URL without #"],
    ["ws://user:word@h/", "without user and password", 'got "ws://...@h/"'],
    ["127.0.0.1:7777", "readable file", "ws://127.0.0.1:7777"],
    ["none.yaml", "none.yaml must be a readable file, got no such file"],
    ["shoter-60hz", "shoter-60hz must be a readable file, got no such file", "Did you mean shooter-60hz?"],
  ];
  it.each(cases)("%s", (argument, ...parts) => {
    const { text } = refusal(argument, {});
    for (const part of parts) expect(text).toContain(part);
  });

  it("without a scheme in a flag", () => {
    expect(refusal(undefined, { target: "localhost:7777" }).text).toContain("ws://localhost:7777");
  });
});

describe("environment variables", () => {
  const cases: [name: string, value: string, ...parts: string[]][] = [
    ["UTP_LOAD_CLIENTS", "-4", "UTP_LOAD_CLIENTS must be an integer", "got -4"],
    ["UTP_LOAD_RATE", "fast", 'got "fast"'],
    ["UTP_LOAD_CONNECT_TIMEOUT", "5", "UTP_LOAD_CONNECT_TIMEOUT must be a duration"],
    ["UTP_LOAD_JSON", "maybe", "UTP_LOAD_JSON must be true or false", 'got "maybe"'],
    ["UTP_LOAD_THRESHOLD", "rtt: max<1\nnope: max<1", "UTP_LOAD_THRESHOLD", "nope"],
    ["UTP_LOAD_TARGET", "http://h/", "write ws://h/"],
  ];
  it.each(cases)("%s=%j", (name, value, ...parts) => {
    const { error, text } = refusal(undefined, {}, { [name]: value });
    expect(error).toBeInstanceOf(UsageError);
    expect(text).toContain(name);
    for (const part of parts) expect(text).toContain(part);
  });
});

describe("profiles, beyond what their language rules out", () => {
  const cases: [profile: string, ...parts: string[]][] = [
    ["rate: 1\ntarget: http://h/", "load.yaml:2:9: target must be a ws:// or wss:// URL", "ws://h/"],
    ["clients: 1\ntarget: udp://h:7777", "load.yaml:2:9: target must be a ws:// or wss:// URL", "UTP over UDP"],
    ["size: 1400", "load.yaml:1:7: size must be at most 1376 bytes"],
    ["headers: { Host: a, Connection: b }", "load.yaml:1:33: headers.Connection"],
    ["thresholds:\n  rt: ['max<1']", "load.yaml:2:8: thresholds.rt[0]", "Did you mean rtt?"],
    ["thresholds: { rtt: ['rate<1'] }", "load.yaml:1:21: thresholds.rtt[0]", '"rate"'],
    ["stages: [{ duration: 1s, target: 0 }]", "load.yaml:1:9: stages must be stages of which one reaches a client"],
    ["stages: [{ duration: 0s, target: 1 }]", "stages must be stages that last longer than 0s"],
    [
      `stages:\n${"  - { duration: 1s, target: 1000000 }\n  - { duration: 1s, target: 0 }\n".repeat(2)}`,
      "start at most 1000000 clients in all",
      "got 2000000",
    ],
    ["localAddresses: [10.0.0.6]", "load.yaml:1:17: localAddresses must be an IP address of this machine"],
    ["tls: { ca: none.pem }", "load.yaml:1:12: tls.ca must be a file that can be read"],
    ["warmup: 10m", "load.yaml:1:9: warmup must be shorter than the whole plan"],
  ];
  it.each(cases)("%j", (profile, ...parts) => {
    const { error, text } = refusal("load.yaml", {}, {}, { "load.yaml": profile });
    expect(error).toBeInstanceOf(ProfileError);
    for (const part of parts) expect(text).toContain(part);
  });
});

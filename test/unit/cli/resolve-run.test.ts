// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of profiles are written like this
import { describe, expect, it } from "vitest";
import { type RunDecision, resolveRun } from "../../../src/cli/resolve-run.js";
import { machineWith } from "./machine.js";

const URL = "ws://127.0.0.1:7777/";

interface Given {
  argument?: string;
  flags?: Record<string, unknown>;
  environment?: Record<string, string>;
  profile?: string;
}

function resolve({ argument, flags = {}, environment = {}, profile }: Given): RunDecision {
  const machine = machineWith(profile === undefined ? {} : { "games/load.yaml": profile });
  const subject = profile === undefined ? argument : "games/load.yaml";
  return resolveRun({ argument: subject, flags, environment }, machine);
}

describe("precedence", () => {
  const profile =
    "rate: 1\nclients: 100\nduration: 1m\nheaders: { A: one, B: two }\nthresholds: { rtt: [max<1], ping: [max<2] }";
  const cases: [what: string, given: Given, rate: number, source: string][] = [
    ["the default", { argument: URL }, 10, "default"],
    ["the profile over the default", { profile }, 1, "games/load.yaml:1:7"],
    ["the environment over the profile", { profile, environment: { UTP_LOAD_RATE: "2" } }, 2, "UTP_LOAD_RATE"],
    [
      "the flag over the environment",
      { profile, environment: { UTP_LOAD_RATE: "2" }, flags: { rate: "3" } },
      3,
      "--rate",
    ],
    ["the last of several flags", { profile, flags: { rate: ["3", "4"] } }, 4, "--rate"],
    ["an empty variable is none", { profile, environment: { UTP_LOAD_RATE: "" } }, 1, "games/load.yaml:1:7"],
  ];
  it.each(cases)("takes %s", (_, given, rate, source) => {
    const { run } = resolve(given);
    expect(run.profile.ratePerSecond).toBe(rate);
    expect(run.settings.find(({ name }) => name === "rate")).toEqual({
      name: "rate",
      value: expect.any(String),
      source,
    });
  });

  it("replaces headers by name and thresholds by metric", () => {
    const { run } = resolve({ profile, flags: { header: ["b: three"], threshold: ["rtt: p(95)<80", "rtt: max<9"] } });
    expect(run.profile.headers).toEqual([
      ["A", "one"],
      ["b", "three"],
    ]);
    expect(run.profile.thresholds).toEqual([
      { metric: "ping", expression: "max<2" },
      { metric: "rtt", expression: "p(95)<80" },
      { metric: "rtt", expression: "max<9" },
    ]);
  });

  it("fills variables from --env before the environment", () => {
    const text = "clients: ${PLAYERS:-5}\nname: ${NAME}";
    const { run } = resolve({ profile: text, environment: { PLAYERS: "7", NAME: "x" }, flags: { env: ["NAME=y"] } });
    expect(run.profile).toMatchObject({ name: "y", stages: [{ target: 7 }, { target: 7 }] });
    expect(run.environment).toEqual({ NAME: "y" });
  });
});

describe("what is run", () => {
  const cases: [what: string, given: Given, name: string, target: string][] = [
    ["nothing named: the smoke profile", {}, "smoke", "embedded"],
    ["flags alone: the smoke profile with them", { flags: { clients: "3" } }, "smoke", "embedded"],
    ["a URL", { argument: URL }, "quick", URL],
    ["the word embedded", { argument: "embedded" }, "quick", "embedded"],
    ["--target alone", { flags: { target: URL } }, "quick", URL],
    ["UTP_LOAD_TARGET alone", { environment: { UTP_LOAD_TARGET: URL } }, "quick", URL],
    ["a file, by its name", { profile: "target: wss://h/" }, "load", "wss://h/"],
    ["a profile without a target", { profile: "rate: 1" }, "load", "embedded"],
    ["a profile and --target", { profile: "target: wss://h/", flags: { target: URL } }, "load", URL],
    ["a ready profile by name", { argument: "soak" }, "soak", "embedded"],
    ["a name of its own", { profile: "name: mine" }, "mine", "embedded"],
  ];
  it.each(cases)("%s", (_, given, name, target) => {
    expect(resolve(given).run.profile).toMatchObject({ name, target });
  });
});

describe("the load over time", () => {
  const stages = "stages: [{ duration: 10s, target: 50 }, { duration: 20s, target: 5 }]";
  const cases: [what: string, given: Given, stages: [durationMs: number, target: number][]][] = [
    ["10 clients, 1 s and 30 s", { argument: URL }, [[1000, 10], [30_000, 10]]],
    ["ramp by default clients/50 s", { argument: URL, flags: { clients: "100" } }, [[2000, 100], [30_000, 100]]],
    ["ramp by default 10 s at most", { argument: URL, flags: { clients: "5000" } }, [[10_000, 5000], [30_000, 5000]]],
    [
      "clients a second",
      { argument: URL, flags: { clients: "2000", ramp: "500/s", duration: "10s" } },
      [[4000, 2000], [10_000, 2000]],
    ],
    ["all at once", { argument: URL, flags: { ramp: "0s" } }, [[0, 10], [30_000, 10]]],
    ["stages", { profile: stages }, [[10_000, 50], [20_000, 5]]],
    ["a flag in place of stages", { profile: stages, flags: { duration: "1s" } }, [[1000, 50], [1000, 50]]],
    ["a variable in place of stages", { profile: stages, environment: { UTP_LOAD_CLIENTS: "3" } }, [[1000, 3], [30_000, 3]]],
  ]; // biome-ignore format: one row a case
  it.each(cases)("%s", (_, given, expected) => {
    const { run } = resolve(given);
    expect(run.profile.stages).toEqual(expected.map(([durationMs, target]) => ({ durationMs, target })));
  });

  it("says that flags replaced the stages", () => {
    expect(resolve({ profile: stages, flags: { clients: "3" } }).notes).toEqual([
      "--clients in place of the profile's stages",
    ]);
    expect(resolve({ profile: stages }).notes).toEqual([]);
  });
});

describe("kinds of client", () => {
  it("patient: the whole time to connect, pings every 5 s", () => {
    const { profile } = resolve({ argument: URL, flags: { "connect-timeout": "20s" } }).run;
    expect(profile).toMatchObject({ client: "patient", connectBudgetMs: 20_000, pingIntervalMs: 5000 });
    expect(profile.parameters).toMatchObject({ connectTimeoutMs: 1000, maxConnectAttempts: 60 });
  });

  it("native: Unity's own times and pings", () => {
    const { profile } = resolve({ argument: URL, flags: { client: "native", "connect-timeout": "2s" } }).run;
    expect(profile).toMatchObject({ client: "native", connectBudgetMs: 120_000, pingIntervalMs: 0, updateHz: 60 });
    expect(profile.parameters).toMatchObject({ connectTimeoutMs: 2000, maxConnectAttempts: 60 });
  });

  const pings: [client: string, interval: string, pingIntervalMs: number][] = [
    ["patient", "off", 0],
    ["patient", "unity", 500],
    ["patient", "250ms", 250],
    ["native", "off", 0],
    ["native", "unity", 0],
    ["webgl", "1s", 1000],
  ];
  it.each(pings)("%s with --ping-interval %s", (client, interval, pingIntervalMs) => {
    const { run } = resolve({ argument: URL, flags: { client, "ping-interval": interval } });
    expect(run.profile.pingIntervalMs).toBe(pingIntervalMs);
  });
});

describe("bytes", () => {
  const largest: [argument: string, flags: Record<string, string>, bytes: number][] = [
    ["ws://h/", {}, 1376],
    ["wss://h/", {}, 1308],
    ["wss://h/", { client: "native" }, 1308],
    ["wss://h/", { client: "webgl" }, 1376],
    ["embedded", {}, 1376],
    ["ws://h/", { "max-message-size": "1472" }, 1448],
  ];
  it.each(largest)("%s %j carries %i bytes and no more", (argument, flags, bytes) => {
    expect(resolve({ argument, flags: { ...flags, size: String(bytes) } }).run.profile.payloadBytes).toBe(bytes);
    expect(() => resolve({ argument, flags: { ...flags, size: String(bytes + 1) } })).toThrow(/--size must be/);
  });

  it("says that small messages have no mark", () => {
    expect(resolve({ argument: URL, flags: { size: "15" } }).notes.join()).toContain("rtt stays empty");
    expect(resolve({ argument: URL, flags: { size: "16" } }).notes).toEqual([]);
  });

  const warmups: [warmup: string, ramp: string, thresholds: string, told: string][] = [
    [
      "2s",
      "2s",
      "{ connect_failed: [rate<1], connect_utp: [max<1], rtt: [max<9] }",
      "connect_failed, connect_utp will",
    ],
    ["1999ms", "2s", "{ connect_failed: [rate<1] }", ""],
    ["2s", "2s", "{ rtt: [max<9], connect_attempts: [count>0] }", ""],
    ["0s", "0s", "{ connect_failed: [rate<1] }", ""],
  ];
  it.each(warmups)("a warm-up of %s over a ramp of %s with %s: %j", (warmup, ramp, thresholds, told) => {
    const text = resolve({ profile: `warmup: ${warmup}\nramp: ${ramp}\nthresholds: ${thresholds}` }).notes.join();
    expect(told === "" ? text === "" : text.includes(told), text).toBe(true);
  });

  it("a warm-up over the last rise of all stages is told, one between two rises is not", () => {
    const stages =
      "stages: [{ duration: 1s, target: 1 }, { duration: 1s, target: 1 }, { duration: 1s, target: 2 }, { duration: 9s, target: 2 }]";
    const notesWith = (warmup: string) =>
      resolve({ profile: `${stages}\nwarmup: ${warmup}\nthresholds: { connect_total: [max<1] }` }).notes.length;
    expect([notesWith("2s"), notesWith("3s")]).toEqual([0, 1]);
  });

  const payloads: [text: string, hex: string | undefined][] = [
    ["hex:0aFf", "0aff"],
    ["hex:", undefined],
    ["utf8:é", "c3a9"],
    ["file:not-a.pem", "68656c6c6f"],
  ];
  it.each(payloads)("connect payload %s", (text, hex) => {
    expect(resolve({ argument: URL, flags: { "connect-payload": text } }).run.profile.connectPayloadHex).toBe(hex);
  });

  it("reads files of a profile beside it", () => {
    const files = { "games/load.yaml": "connectPayload: file:ticket\ntls: { ca: own.pem }", "games/ticket": "A" };
    const machine = machineWith({ ...files, "games/own.pem": "-----BEGIN CERTIFICATE-----" });
    const { run } = resolveRun({ argument: "games/load.yaml", flags: {}, environment: {} }, machine);
    expect(run.profile).toMatchObject({ connectPayloadHex: "41", ca: "-----BEGIN CERTIFICATE-----" });
  });
});

describe("the machine and the output", () => {
  const workers: [flags: Record<string, string>, cores: number, workers: number][] = [
    [{ clients: "100" }, 4, 3],
    [{ clients: "100" }, 1, 1],
    [{ clients: "2" }, 16, 2],
    [{ clients: "100", workers: "8" }, 4, 8],
    [{ clients: "2", workers: "8" }, 4, 2],
  ];
  it.each(workers)("%j on %i cores: %i workers", (flags, cores, expected) => {
    const { run } = resolveRun({ argument: URL, flags, environment: {} }, machineWith({}, { cores }));
    expect(run.workers).toBe(expected);
  });

  const colors: [flags: object, environment: Record<string, string>, isTerminal: boolean, color: boolean][] = [
    [{}, {}, true, true],
    [{}, {}, false, false],
    [{ "no-color": true }, {}, true, false],
    [{}, { NO_COLOR: "1" }, true, false],
    [{}, { NO_COLOR: "" }, true, true],
    [{}, { CI: "true" }, true, false],
    [{}, { UTP_LOAD_NO_COLOR: "1" }, true, false],
  ];
  it.each(colors)("colour with %j %j on a terminal %j: %j", (flags, environment, isTerminal, color) => {
    const request = { argument: URL, flags: { ...flags }, environment };
    expect(resolveRun(request, machineWith({}, { isTerminal })).run.color).toBe(color);
  });

  it("switches come from flags and variables", () => {
    const given = { argument: URL, flags: { quiet: true, json: true }, environment: { UTP_LOAD_FAIL_FAST: "yes" } };
    expect(resolve(given).run).toMatchObject({ quiet: true, json: true, progress: false, failFast: true });
    const off = { argument: URL, flags: { json: false }, environment: { UTP_LOAD_JSON: "1", UTP_LOAD_QUIET: "no" } };
    expect(resolve(off).run).toMatchObject({ quiet: false, json: false, progress: true, failFast: false });
  });

  it("a variable that looks like a slip is named, others may belong to somebody else", () => {
    const environment = { UTP_LOAD_CLIENS: "5", UTP_LOAD_SERVICE_HOST: "10.0.0.1" };
    expect(resolve({ argument: URL, environment }).notes).toEqual([
      "UTP_LOAD_CLIENS is not a setting and was not used: did you mean UTP_LOAD_CLIENTS?",
    ]);
  });

  it("path MTU discovery is a client's own matter, off unless asked for", () => {
    const discovery = (profile: string) => resolve({ profile }).run.profile.parameters.performPathMtuDiscovery;
    expect([discovery("rate: 1"), discovery("transport: { pathMtuDiscovery: true }")]).toEqual([false, true]);
  });

  it("server settings go with the embedded target only", () => {
    const profile = "server: { tick: 60, drop: 1% }";
    expect(resolve({ profile }).run.server).toMatchObject({ tickHz: 60, dropRatio: 0.01, echo: true });
    const shared = resolve({ profile, flags: { heartbeat: "2s", "max-message-size": "1000" } }).run.server;
    expect(shared).toMatchObject({ heartbeatMs: 2000, disconnectTimeoutMs: 30_000, maxMessageSize: 1000 });
    const away = resolve({ profile, flags: { target: URL } });
    expect(away.run.server).toBeUndefined();
    expect(away.notes.join()).toContain("server settings are not used");
  });
});

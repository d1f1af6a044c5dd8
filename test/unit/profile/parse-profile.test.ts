// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of profiles are written like this
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProfileError } from "../../../src/errors.js";
import { parseProfile } from "../../../src/profile/parse-profile.js";

/** The message of the refusal; fails where the profile is taken. */
function refusal(text: string, variables = {}): string {
  try {
    parseProfile(text, "load.yaml", variables);
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  throw new Error(`was taken: ${text}`);
}

describe("parseProfile()", () => {
  it("reads every key of the language", () => {
    const text = `
name: full
target: wss://game.example:7777/path
client: native
stages: [{ duration: 1m30s, target: 5 }, { duration: "0", target: 0 }]
rate: 0.5
size: 0
pipelines: [[{ stage: fragmentation, payloadCapacity: 6148 }, unreliableSequenced], [{ stage: reliableSequenced, window: 64, minimumResend: 50ms, maximumResend: 1s, initialMask: zeros }], []]
pipeline: 3
warmup: 500ms
seed: 4294967295
gracefulStop: 2s
connectPayload: hex:0aFF
headers: { X-Key: value }
localAddresses: [127.0.0.1]
tls: { ca: ca.pem, insecure: true }
transport: { connectTimeout: 1s, maxConnectAttempts: 2, heartbeat: 0s, disconnectTimeout: 0s, maxMessageSize: 1000, pathMtuDiscovery: true, pingInterval: unity, updateHz: 30 }
thresholds: { rtt: ["p(95)<80", { threshold: "max<1", abortOnFail: true, delayAbortEval: 1s }] }
server: { tick: 60, echo: false, queue: 128, latency: 20ms, jitter: 5ms, drop: 2.5%, maxConnections: 7 }
`;
    const { input } = parseProfile(text, "load.yaml");
    expect(input.stages).toEqual([
      { duration: 90_000, target: 5 },
      { duration: 0, target: 0 },
    ]);
    expect(input.pipelines).toEqual([
      [{ stage: "fragmentation", payloadCapacityBytes: 6148 }, { stage: "unreliableSequenced" }],
      [
        {
          stage: "reliableSequenced",
          window: 64,
          minimumResendMs: 50,
          maximumResendMs: 1000,
          initialMask: "zeros",
        },
      ],
      [],
    ]);
    expect(input.transport).toMatchObject({
      connectTimeout: 1000,
      pathMtuDiscovery: true,
      pingInterval: "unity",
      updateHz: 30,
    });
    expect(input.server).toMatchObject({ drop: 0.025, latency: 20, tick: 60, maxConnections: 7 });
    expect(input.thresholds?.rtt?.[1]).toEqual({ threshold: "max<1", abortOnFail: true, delayAbortEval: 1000 });
  });

  const good: [text: string, input: object][] = [
    ["{}", {}],
    ["ramp: 500/s", { ramp: { clientsPerSecond: 500 } }],
    ["ramp: 10s", { ramp: { durationMs: 10_000 } }],
    ["transport: { pingInterval: 5s }", { transport: { pingInterval: { intervalMs: 5000 } } }],
    ["transport: { pingInterval: off }", { transport: { pingInterval: "off" } }],
    ['{\n\t"clients": 5,\n\t"duration": "1m"\n}', { clients: 5, duration: 60_000 }],
  ];
  it.each(good)("reads %j", (text, input) => {
    expect(parseProfile(text, "load.yaml").input).toEqual(input);
  });

  const bad: [text: string, ...parts: string[]][] = [
    ["cleints: 5", "load.yaml:1:1", "unknown key cleints", "did you mean clients?"],
    ["rate: 1\ntransport:\n  hartbeat: 1s", "load.yaml:3:3", "hartbeat in transport", "did you mean heartbeat?"],
    ["heartbeat: 1s", "load.yaml:1:1", "did you mean transport.heartbeat?"],
    ["stages: [{ duration: 1s, targt: 5 }]", "load.yaml:1:26", "targt in stages[0]", "did you mean target?"],
    ["thresholds: { rtt: [{ treshold: max<1 }] }", "load.yaml:1:23", "treshold", "did you mean threshold?"],
    ["xyzzy: 1", "load.yaml:1:1: unknown key xyzzy"],
    ["rate: 1\nclients: -5", "load.yaml:2:10", "clients must be an integer from 1 to 1000000", "got -5"],
    ["clients: 0", "got 0"],
    ["clients: 1.5", "got 1.5"],
    ["clients: 1000001", "got 1000001"],
    ["clients: .nan", "got NaN"],
    ["clients: .inf", "got Infinity"],
    ["clients: many", 'got "many"'],
    ["clients:", "got null"],
    ["rate: -1", "rate must be a number from 0 to 1000"],
    ["rate: 1001", "got 1001"],
    ["size: 30000000", "size must be a whole number of bytes from 0 to 24115775"],
    ["duration: 10", "duration must be a duration such as 10s", "got 10"],
    ["duration: 0s", "from 1ms to 744h"],
    ["duration: 9999h", "from 1ms to 744h"],
    ["ramp: 0/s", "ramp must be a duration such as 10s", "500/s"],
    ["client: browser", "client must be one of patient, native and webgl"],
    ["seed: -1", "seed must be an integer from 0 to 4294967295"],
    ["name: a/b", "name must be 1 to 64 letters"],
    ["connectPayload: hex:abc", "connectPayload must be hex:"],
    ["stages: []", "stages must be a list of at least one stage"],
    [
      "stages: [{ duration: 1s }]",
      "load.yaml:1:10",
      "stages[0] must be an object with duration and target, or with duration, arrivals and stay",
    ],
    ["clients: 5\nstages: [{ duration: 1s, target: 5 }]", "load.yaml:2:9", "stages must be left out where clients"],
    ["thresholds: { rtt: p(95)<80 }", "thresholds.rtt must be a metric's list of expressions"],
    ["thresholds: { rtt: [] }", "thresholds.rtt must be a metric's list"],
    ["thresholds: { rtt: [5] }", "thresholds.rtt[0] must be an expression"],
    ["server: { drop: 1 }", "server.drop must be a percentage"],
    ["server: { drop: 101% }", 'got "101%"'],
    ["headers: { X: 5 }", "headers.X must be a text, in quotes"],
    ["", "a profile must be an object of profile keys", "got null"],
    ["- clients", "a profile must be an object"],
    ["clients: 1\nclients: 2", "load.yaml:2:1", "unique"],
    ["clients: [1\nrate: 2", "load.yaml:2:1"],
    ["\tclients: 1", "load.yaml:1:1", "Tabs"],
    ["clients: *c", "load.yaml:1", "alias"],
    ["clients: 1\n---\nclients: 2", "load.yaml:2:1", "one document"],
    ["target: ${HOST}", "load.yaml:1:9", "variable HOST must have a value"],
  ];
  it.each(bad)("refuses %j", (text, ...parts) => {
    const message = refusal(text);
    expect(message).toMatch(/^Cannot load profile: /);
    expect(message).not.toMatch(/\.$/);
    for (const part of parts) expect(message).toContain(part);
  });

  it("tells all problems at once, in the order of the file", () => {
    const lines = refusal("rate: -1\ncleints: 2\nsize: x").split("\n");
    expect(lines[0]).toContain("3 problems");
    expect(lines.slice(1).map((line) => line.trim().split(" ", 1)[0])).toEqual([
      "load.yaml:1:7:",
      "load.yaml:2:1:",
      "load.yaml:3:7:",
    ]);
  });

  it("shortens long values", () => {
    expect(refusal(`client: ${"x".repeat(5000)}`).length).toBeLessThan(200);
  });

  it("locates values, and what is nearest to those that were not written", () => {
    const { locate, written } = parseProfile("rate: 5\nstages:\n  - duration: 1s\n    target: 7\n", "load.yaml");
    expect(locate(["rate"])).toBe("load.yaml:1:7");
    expect(locate(["stages", 0, "target"])).toBe("load.yaml:4:13");
    expect(locate(["stages", 5])).toBe("load.yaml:3:3");
    expect(written(["stages", 0, "duration"])).toBe("1s");
  });

  it("refuses any text with a ProfileError, or takes it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          parseProfile(text, "load.yaml");
        } catch (error) {
          expect(error).toBeInstanceOf(ProfileError);
        }
      }),
    );
  });
});

describe("variables", () => {
  const variables = { N: "7", HOST: "ws://h/", YES: "true", EMPTY: "" };
  const cases: [text: string, input: object][] = [
    ["clients: ${N}", { clients: 7 }],
    ["clients: ${M:-5}", { clients: 5 }],
    ["clients: ${N:-5}", { clients: 7 }],
    ["target: ${HOST}path", { target: "ws://h/path" }],
    ['name: "${N}"', { name: "7" }],
    ["name: v${N}", { name: "v7" }],
    ["tls: { insecure: '${YES}' }", {}],
    ["connectPayload: utf8:$${N}", { connectPayload: "utf8:${N}" }],
    ["connectPayload: utf8:${EMPTY}", { connectPayload: "utf8:" }],
    ["headers: { '${N}': x }", { headers: { "${N}": "x" } }],
  ];
  it.each(cases)("fills %j", (text, input) => {
    if (Object.keys(input).length === 0) expect(refusal(text, variables)).toContain("must be true or false");
    else expect(parseProfile(text, "load.yaml", variables).input).toEqual(input);
  });
});

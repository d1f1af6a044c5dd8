// The flags of `serve`: what each becomes, and every value that is refused with the flag, the rule and the value.
import { describe, expect, it } from "vitest";
import { capacityLine } from "../../../src/cli/run-serve.js";
import { serverOptions } from "../../../src/cli/serve-flags.js";
import { UsageError } from "../../../src/errors.js";
import { bytes } from "../../support/bytes.js";

describe("flags of serve", () => {
  it("have Unity's defaults", () => {
    expect(serverOptions({})).toEqual({
      port: 7777,
      host: "127.0.0.1",
      path: "/",
      tickHz: 60,
      limits: ["accept", "reads", "fin", "control", "send"],
      echo: false,
      parameters: { maxMessageSize: 1400 },
      faults: { latencyMs: 0, jitterMs: 0, dropRatio: 0, duplicateRatio: 0 },
    });
  });

  it.each([
    [{ port: "0" }, { port: 0 }],
    [{ "ws-path": "/game?x" }, { path: "/game?x" }],
    [{ tick: "0" }, { tickHz: 0, limits: [] }],
    [{ limits: "send,fin" }, { limits: ["fin", "send"] }],
    [{ limits: "none" }, { limits: [] }],
    [{ tick: "0", limits: "none" }, { limits: [] }],
    [{ queue: "128" }, { queuePackets: 128 }],
    [{ echo: true }, { echo: true }],
    [{ broadcast: "100@0.5" }, { broadcast: { payloadBytes: 100, hz: 0.5 } }],
    [{ latency: "20ms", jitter: "1s" }, { faults: { latencyMs: 20, jitterMs: 1000, dropRatio: 0, duplicateRatio: 0 } }],
    [
      { drop: "1%", duplicate: "0.5%" },
      { faults: { latencyMs: 0, jitterMs: 0, dropRatio: 0.01, duplicateRatio: 0.005 } },
    ],
    [{ "max-connections": "0" }, { maxConnections: 0 }],
    [
      { heartbeat: "0", "disconnect-timeout": "1m" },
      { parameters: { maxMessageSize: 1400, heartbeatTimeoutMs: 0, disconnectTimeoutMs: 60_000 } },
    ],
    [{ "accept-payload": "hex:cafe" }, { acceptPayload: Buffer.from(bytes("CA FE")) }],
    [{ "accept-payload": "utf8:hé" }, { acceptPayload: Buffer.from("hé") }],
    [{ "kick-after": "5s" }, { kickAfterMs: 5000 }],
    [{ "mtu-discovery": "2.5.2" }, { mtuProbes: "2.5.2" }],
    [
      { "refuse-with": "close", "early-data": "queue" },
      { refuseWith: "close", earlyData: "queue" },
    ],
    [{ seed: "7" }, { seed: 7 }],
    [{ pipelines: "none" }, { pipelines: "none" }],
    [{ pipelines: "ngo" }, { pipelines: "ngo" }],
    [
      { pipelines: '[["fragmentation", {"stage": "reliableSequenced", "window": 64, "maximumResend": "500ms"}], []]' },
      {
        pipelines: [[{ stage: "fragmentation" }, { stage: "reliableSequenced", window: 64, maximumResendMs: 500 }], []],
      },
    ],
  ])("%j become %j", (flags, options) => {
    expect(serverOptions(flags)).toMatchObject(options);
  });

  it("keep a stall's two durations", () => {
    expect(serverOptions({ stall: "1s@10s" }).faults).toMatchObject({ stall: { forMs: 1000, everyMs: 10_000 } });
  });

  it("keep both humps of a latency", () => {
    const faults = { latencyMs: 20, slow: { latencyMs: 80, ratio: 0.1 } };
    expect(serverOptions({ latency: "20ms,80ms@10%" }).faults).toMatchObject(faults);
  });

  it.each([
    ["port", "65536", "a whole number from 0 to 65535"],
    ["port", "-1", "a whole number from 0 to 65535"],
    ["port", "http", "a whole number from 0 to 65535"],
    ["tick", "-1", "an integer from 0 to 1000"],
    ["tick", "1e9", "an integer from 0 to 1000"],
    ["tick", "0x10", "an integer from 0 to 1000"],
    ["tick", "59.9", "an integer from 0 to 1000"],
    ["queue", "0", "a whole number from 2 to 65536"],
    ["queue", "999999999999", "a whole number from 2 to 65536"],
    ["limits", "everything", "none, or some of accept,reads,fin,control,send"],
    ["limits", "fin,,send", "none, or some of accept,reads,fin,control,send"],
    ["latency", "-5ms", "a duration"],
    ["latency", "5", "a duration"],
    ["latency", "20ms,80ms", "two and the share of the second"],
    ["latency", "20ms,80ms@110%", "two and the share of the second"],
    ["latency", "20ms,80@10%", "two and the share of the second"],
    ["jitter", "2h", "a duration"],
    ["drop", "1", "a percentage from 0% to 100%"],
    ["drop", "200%", "a percentage from 0% to 100%"],
    ["duplicate", "-1%", "a percentage from 0% to 100%"],
    ["stall", "10s@1s", "FOR@EVERY"],
    ["stall", "1s", "FOR@EVERY"],
    ["stall", "0s@1s", "FOR@EVERY"],
    ["broadcast", "1377@20", "BYTES@HZ, 1 to 1376 bytes"],
    ["broadcast", "100@0", "BYTES@HZ"],
    ["broadcast", "100", "BYTES@HZ"],
    ["max-connections", "-1", "a whole number from 0 to 1000000"],
    ["heartbeat", "never", "a duration"],
    ["max-message-size", "1473", "a whole number of bytes from 64 to 1472"],
    ["accept-payload", "hex:abc", "hex:"],
    ["accept-payload", "file:nowhere.bin", "a file that can be read"],
    ["kick-after", "soon", "a duration"],
    ["tls-cert", "nowhere.pem", "given together with --tls-cert"],
    ["ws-path", "game", "a slash and at most 124 printable ASCII characters"],
    ["pipelines", "unity", 'none, ngo, or a list with the stages of each pipeline, got "unity"'],
    ["pipelines", "[[fragmentation]]", "none, ngo, or JSON with the stages of each pipeline"],
    ["seed", "-1", "an integer from 0 to"],
    ["mtu-discovery", "2.7.0", "one of 2.5.0, 2.5.2, 2.6.0"],
    ["refuse-with", "reset", "one of disconnect, close"],
  ])("refuse --%s %s", (flag, value, rule) => {
    const refused = (): unknown => serverOptions({ [flag]: value });
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(rule);
    expect(refused).toThrow(flag === "tls-cert" ? /^Cannot serve: --tls-key/ : `Cannot serve: --${flag} must be `);
  });

  it.each([
    ['["fragmentation"]', "pipelines[0] must be a list of stages"],
    ['[["fragment"]]', "pipelines[0][0] must be one of fragmentation, unreliableSequenced, reliableSequenced"],
    [
      '[[{"stage":"reliableSequenced","window":0}]]',
      "pipelines[0][0].window must be a number of packets from 1 to 2040",
    ],
    ['[[{"stage":"reliableSequenced","windov":1}]]', "unknown key windov in pipelines[0][0], did you mean window?"],
    ['[[],[{"stage":"fragmentation","window":8}]]', "pipelines[1][0].window must be left out of fragmentation"],
    ['[["reliableSequenced","fragmentation"]]', "pipelines[0] must be a list with fragmentation before reliable"],
    ['[["fragmentation","fragmentation"]]', "pipelines[0] must be a list that holds each stage once at most"],
    ['[[{"stage":"reliableSequenced","minimumResend":"1s"}]]', "minimumResend must be such that"],
  ])("say what is wrong in --pipelines %s", (pipelines, problem) => {
    expect(() => serverOptions({ pipelines })).toThrow(UsageError);
    expect(() => serverOptions({ pipelines })).toThrow(problem);
  });

  it("refuse a flag that is given twice, and limits without a tick", () => {
    expect(() => serverOptions({ port: ["1", "2"] })).toThrow("--port must be given once, got 1 and 2");
    expect(() => serverOptions({ tick: "0", limits: "fin" })).toThrow("--limits must be none with --tick 0");
  });

  it("refuse a payload that leaves no room in the message size", () => {
    const flags = { "max-message-size": "64", "accept-payload": `hex:${"00".repeat(26)}` };
    expect(() => serverOptions(flags)).toThrow("--accept-payload must be at most 25 bytes, as in Unity, got 26 bytes");
  });
});

describe("the line about the queue", () => {
  it.each([
    [
      { tickHz: 60 },
      "60 updates a second; a queue of 512 serves 256 idle clients, about 128 at one message per update; those beyond get no answer",
    ],
    [
      { tickHz: 20, queuePackets: 129 },
      "20 updates a second; a queue of 129 serves 64 idle clients, about 32 at one message per update; those beyond get no answer",
    ],
    [
      { tickHz: 60, limits: ["fin" as const] },
      "60 updates a second; the limit on reads is off: the queue serves any number of clients",
    ],
    [{ tickHz: 0 }, undefined],
  ])("of %j", (options, line) => {
    expect(capacityLine(options)).toBe(line);
  });
});

// The flags of `serve` that take a list: what each key becomes, and every fault with the key, its rule and the nearest name.
import { describe, expect, it } from "vitest";
import { serverOptions } from "../../../src/cli/serve-flags.js";
import { UsageError } from "../../../src/errors.js";

/** Message and hint of the refusal. */
function refusal(flags: Record<string, string>): string {
  try {
    serverOptions(flags);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return `${(error as UsageError).message}\n${(error as UsageError).hint}`;
  }
  throw new Error("was taken");
}

describe("--global-simulator", () => {
  it("has a key for each of Unity's settings", () => {
    const given = "receive-loss=1%,receive-mtu=1000,send-loss=0.5%, send-delay=40ms,send-jitter=1s,send-duplicate=2%";
    expect(serverOptions({ "global-simulator": given }).globalSimulator).toEqual({
      receiveLossRatio: 0.01,
      receiveMtuBytes: 1000,
      sendLossRatio: 0.005,
      sendDelayMs: 40,
      sendJitterMs: 1000,
      sendDuplicateRatio: 0.02,
    });
  });

  it.each([
    [
      "send-dealy=40ms",
      "--global-simulator must be made of receive-loss,",
      "got send-dealy",
      "Did you mean send-delay?",
    ],
    ["send-delay=40", "--global-simulator send-delay must be a duration", "got 40"],
    ["send-delay=0.5ms", "must be whole milliseconds", "got 0.5ms"],
    ["send-loss=101%", "must be a percentage from 0% to 100%", "got 101%"],
    ["receive-mtu=1.5", "must be a whole number from 0", "got 1.5"],
    ["send-delay", "must be a list of KEY=VALUE", "got send-delay", "As in --global-simulator send-delay=40ms"],
    ["send-delay=1ms=2ms", "must be a list of KEY=VALUE"],
    ["send-delay=1ms,send-delay=2ms", "must be a list with send-delay once"],
    ["toString=1", "must be made of"],
  ])("refuses %s", (given, ...parts) => {
    for (const part of parts) expect(refusal({ "global-simulator": given })).toContain(part);
  });
});

describe("--stage-simulator", () => {
  it("has a key for each of Unity's settings", () => {
    const given = "max-packets=64,max-size=1000,mode=sent,delay=20ms,jitter=5ms,drop-interval=10,drop=1%";
    const flags = { pipelines: "ngo", "stage-simulator": `${given},duplicate=2%,fuzz=3%,fuzz-offset=4` };
    expect(serverOptions(flags).stageSimulator).toEqual({
      maxPackets: 64,
      maxPacketBytes: 1000,
      mode: "sent",
      delayMs: 20,
      jitterMs: 5,
      dropInterval: 10,
      dropPercent: 1,
      duplicatePercent: 2,
      fuzzPercent: 3,
      fuzzOffsetBytes: 4,
    });
  });

  it.each([
    ["delay=20ms", "a list with max-packets", "got delay=20ms"],
    ["max-packets=0", "--stage-simulator max-packets must be a whole number from 1", "got 0"],
    ["max-packets=8,mode=both", "mode must be one of received, sent, all, off", "got both"],
    ["max-packets=8,drop=1.5%", "drop must be a whole percentage", "got 1.5%"],
    ["max-packets=8,fuz=1%", "got fuz", "Did you mean fuzz?"],
  ])("refuses %s", (given, ...parts) => {
    for (const part of parts) expect(refusal({ "stage-simulator": given })).toContain(part);
  });
});

describe("flags that do not go together", () => {
  it.each<[Record<string, string>, string, string]>([
    [
      { "global-simulator": "send-loss=1%", latency: "5ms" },
      "--global-simulator must be left out where --latency, --jitter, --drop or --duplicate is given, got both",
      "send-delay",
    ],
    [{ "stage-simulator": "max-packets=8" }, "--stage-simulator must be used with --pipelines", "--pipelines ngo"],
    [{ malform: "future-ack" }, "--malform must be used with a reliable pipeline, got future-ack", "--pipelines ngo"],
    [
      { malform: "glued,window-mismatch", pipelines: '[["fragmentation"]]' },
      "--malform must be used with a reliable pipeline, got window-mismatch",
      "--pipelines ngo",
    ],
  ])("%j", (flags, rule, hint) => {
    expect(refusal(flags)).toContain(rule);
    expect(refusal(flags)).toContain(hint);
  });

  it("go with a stall, and with pipelines", () => {
    expect(serverOptions({ "global-simulator": "send-loss=1%", stall: "1s@10s" }).faults?.stall?.forMs).toBe(1000);
    expect(serverOptions({ malform: "future-ack", pipelines: "ngo" }).malform).toEqual(["future-ack"]);
  });
});

describe("--malform", () => {
  it("takes some of the modes, in any order", () => {
    expect(serverOptions({ malform: "version-2, glued" }).malform).toEqual(["glued", "version-2"]);
  });

  it("names an unknown one", () => {
    const text = refusal({ malform: "glued,version2" });
    for (const part of ["--malform must be some of future-ack,", "got version2", "Did you mean version-2?"]) {
      expect(text).toContain(part);
    }
  });
});

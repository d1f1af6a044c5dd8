// `matrix` resolved: each variant is the run that the same flag, variable or key would make; slips are told before anything starts.
import { describe, expect, it } from "vitest";
import { type MatrixRequest, resolveMatrix } from "../../../src/cli/resolve-matrix.js";
import { machineWith } from "./machine.js";

const FILES = {
  "load.yaml": `target: ws://127.0.0.1:7777/\nclients: 20\nduration: 10s\nramp: 1s\ntransport:\n  heartbeat: $\{BEAT}\n`,
};

function resolved(changes: Partial<MatrixRequest>) {
  const request: MatrixRequest = {
    profile: "load.yaml",
    runFlags: { env: ["BEAT=500ms"] },
    vary: ["rate=10,20"],
    repeat: "3",
    server: undefined,
    serverWait: "30s",
    maxCells: "100",
    environment: {},
    ...changes,
  };
  return resolveMatrix(request, machineWith(FILES));
}

const profiles = (changes: Partial<MatrixRequest>) => resolved(changes).variants.map(({ run }) => run.profile);

describe("a key changes", () => {
  it("a flag of run", () => {
    expect(profiles({}).map(({ ratePerSecond }) => ratePerSecond)).toEqual([10, 20]);
    expect(profiles({ vary: ["target=ws://a/,ws://b/"] }).map(({ target }) => target)).toEqual(["ws://a/", "ws://b/"]);
  });

  it("a key of the profile, comments and the rest left as they are", () => {
    const varied = profiles({ vary: ["transport.maxMessageSize=1000,1200"] });
    expect(varied.map(({ parameters }) => parameters.maxMessageSize)).toEqual([1000, 1200]);
    expect(varied.map(({ parameters }) => parameters.heartbeatTimeoutMs)).toEqual([500, 500]);
  });

  it("a whole part of the profile", () => {
    expect(profiles({ vary: ["pipelines=none,ngo"] }).map(({ pipelines }) => pipelines !== undefined)).toContain(true);
  });

  it("a variable of the profile", () => {
    const varied = profiles({ vary: ["env.BEAT=1s,2s"] });
    expect(varied.map(({ parameters }) => parameters.heartbeatTimeoutMs)).toEqual([1000, 2000]);
  });

  it("nothing but the server", () => {
    const { variants } = resolved({ vary: ["tick=30,60"], server: "./game {port} {tick}" });
    expect(variants.map(({ server }) => server?.command)).toEqual(["./game 7777 30", "./game 7777 60"]);
    expect(variants[0]?.server).toMatchObject({ host: "127.0.0.1", port: 7777, waitMs: 30_000 });
  });
});

it("all variants share the other flags and the seed", () => {
  const all = profiles({ runFlags: { env: ["BEAT=500ms"], clients: "7", seed: "9" } });
  expect(all.map(({ stages, seed }) => [stages.at(-1)?.target, seed])).toEqual([
    [7, 9],
    [7, 9],
  ]);
});

it("tells how many cells and how long", () => {
  const plan = resolved({ vary: ["rate=10,20", "size=64,128"], repeat: "2" });
  expect(plan.cells).toHaveLength(8);
  expect(plan.durationMs).toBe(8 * 11_000);
});

describe("refused", () => {
  it.each([
    ["an unknown key", { vary: ["sice=1,2"] }, "got sice"],
    ["a flag that judges", { vary: ["threshold=a,b"] }, "got threshold"],
    ["an unknown key of the profile", { vary: ["transport.hartbeat=1s,2s"] }, "unknown key hartbeat"],
    ["a value that cannot be run", { vary: ["rate=10,fast"] }, "fast"],
    ["a key of a profile where there is none", { profile: "ws://a/", vary: ["server.tick=1,2"] }, "got server.tick"],
    ["no run", { repeat: "0" }, "--repeat must be a whole number from 1 to 100"],
    ["too many", { maxCells: "5" }, "at most 5 cells, got 6 cells that take 1m6s"],
    ["a server for the embedded one", { profile: "smoke", server: "x" }, "--server must be given with a ws://"],
    ["no time to start", { server: "x", serverWait: "0s" }, "--server-wait must be a duration"],
    ["a placeholder that nobody fills", { server: "x {tick}" }, "got {tick}"],
  ])("%s", (_name, changes, words) => {
    expect(() => resolved(changes)).toThrow(words);
  });
});

// What `deploy` prints: facts of the plan in, files of an engine out, read back as the engine would.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { resolveDeployment } from "../../../src/cli/resolve-deployment.js";
import { RUN_FLAGS } from "../../../src/cli/run-flags.js";
import { jobName, mergeMemory, resourcesFor } from "../../../src/deploy/deployment.js";
import { configMapBytes, kubernetesManifests } from "../../../src/deploy/kubernetes.js";
import { manifestsText } from "../../../src/deploy/manifests-text.js";
import { slurmScript } from "../../../src/deploy/slurm.js";
import { machineWith } from "../cli/machine.js";

const PROFILE = `name: arena
target: ws://10.0.0.5:7777/
clients: 1000
duration: 1m
ramp: 10s
scenarios:
  player:
    feeders: { players: { file: data/players.csv } }
    steps: [{ every: 100ms, send: [{ text: $players.name }] }]
`;
const CSV = "name\nZoë\nBob\n";
const files = { "load.yaml": PROFILE, "data/players.csv": CSV };

function resolved(flags: Record<string, unknown> = {}, environment: Record<string, string> = {}) {
  const machine = machineWith(files);
  return resolveDeployment({ profile: "load.yaml", shards: "4", ...flags }, RUN_FLAGS, environment, machine);
}

const deployment = (flags?: Record<string, unknown>) => resolved(flags).deployment;

describe("resolveDeployment()", () => {
  it("takes from the plan what an engine has to know", () => {
    expect(deployment({ threshold: ["rtt: p(95)<80"], "fail-fast": true, seed: "7" })).toMatchObject({
      name: "utp-load-arena",
      shards: 4,
      clients: 1000,
      runFlags: [["--seed", "7"], ["--threshold", "rtt: p(95)<80"], ["--fail-fast"]],
      resources: { cpus: 2, memoryMib: 384, descriptors: 314 },
      barrierSeconds: 300,
      limitSeconds: 300 + 70 + 5 + 60,
    });
  });

  it("brings the profile and each file that it names", () => {
    const found = deployment().files.map(({ name, content }) => [name, new TextDecoder().decode(content)]);
    expect(found).toEqual([
      ["load.yaml", PROFILE],
      ["data/players.csv", CSV],
    ]);
  });

  it("does not take the array that it may itself be run in for that of the shards", () => {
    const environment = { SLURM_ARRAY_TASK_ID: "9", SLURM_ARRAY_TASK_COUNT: "2" };
    expect(resolved({}, environment).deployment.shards).toBe(4);
  });

  it.each<[flags: Record<string, unknown>, problem: string]>([
    [{ shards: undefined }, "--shards must be a whole number from 1 to 10000, got nothing"],
    [{ shards: "0" }, "--shards must be a whole number from 1 to 10000, got 0"],
    [{ cpus: "many" }, "--cpus must be a whole number from 1 to 256, got many"],
    [{ "barrier-timeout": "5" }, "--barrier-timeout must be a duration from 1s, such as 5m, got 5"],
    [{ target: "embedded" }, "the target must be a ws:// or wss:// URL that all shards reach, got embedded"],
    [{ profile: "absent.yaml" }, "absent.yaml"],
  ])("%j is refused", (flags, problem) => {
    expect(() => resolved(flags)).toThrow(problem);
  });
});

describe("resourcesFor()", () => {
  it.each([
    [0, 1, 256],
    [10_000, 2, 768],
    [10_000, 8, 1152],
  ])("%i clients on %i cores have %i MiB", (clients, cpus, memoryMib) => {
    expect(resourcesFor(clients, cpus)).toEqual({ cpus, memoryMib, descriptors: clients + 64 });
  });
});

describe("mergeMemory()", () => {
  it.each([
    [0, 1024, 768],
    [1_000_000, 3968, 2976],
  ])("for %i clients is %i MiB, most of it heap", (clients, memoryMib, heapMib) => {
    expect(mergeMemory(clients)).toEqual({ memoryMib, heapMib });
  });
});

describe("jobName()", () => {
  it.each([
    ["Shooter_60.Hz", "utp-load-shooter-60-hz"],
    ["___", "utp-load"],
    ["x".repeat(64), `utp-load-${"x".repeat(31)}`],
  ])("%s becomes %s", (profile, name) => {
    expect(jobName(profile)).toBe(name);
  });
});

describe("slurmScript()", () => {
  const script = slurmScript(deployment({ threshold: ["rtt: p(95)<80"] }), "utp-load deploy");

  it("is a script that bash can read", () => {
    expect(() => execFileSync("bash", ["-n"], { input: script })).not.toThrow();
  });

  it("asks for what a shard needs, and merges however the shards end", () => {
    for (const line of [
      "#SBATCH --array=0-3",
      "#SBATCH --cpus-per-task=2",
      "#SBATCH --mem=384M",
      "#SBATCH --time=8",
      "314 in all",
      'ulimit -S -n "$(ulimit -H -n)"',
      "  --threshold 'rtt: p(95)<80'",
      '--dependency="afterany:',
      "export NODE_OPTIONS=--max-old-space-size=864",
      'merge "$RESULTS" --shards 4 --out "$RESULTS/merged"',
    ])
      expect(script).toContain(line);
  });
});

describe("kubernetesManifests()", () => {
  const binary = { name: "map.bin", content: new Uint8Array([0xff, 0, 1]) };
  const withBinary = { ...deployment(), files: [...deployment().files, binary] };
  const manifests = kubernetesManifests(withBinary, { image: "registry.example.com/utp-load:1", storageClass: "nfs" });

  it("are the same when they are read back from what is printed", () => {
    const documents = parseAllDocuments(manifestsText(manifests, "utp-load deploy kubernetes"));
    expect(documents.map((document) => document.toJS())).toEqual(manifests);
  });

  it("carry the profile and its files, and put them where the profile looks", () => {
    const [map, , job] = manifests as [{ data: object; binaryData: object }, object, Job];
    expect(map.data).toEqual({ "load.yaml": PROFILE, "data..players.csv": CSV });
    expect(map.binaryData).toEqual({ "map.bin": "/wAB" });
    const volume = job.spec.template.spec.volumes.find(({ name }) => name === "profile");
    expect(volume?.configMap?.items).toContainEqual({ key: "data..players.csv", path: "data/players.csv" });
    expect(configMapBytes(withBinary.files)).toBe(Buffer.byteLength(PROFILE) + Buffer.byteLength(CSV) + 4);
  });

  it("run as nobody in particular, on a file system that cannot be written but for results", () => {
    for (const job of manifests.slice(2) as Job[]) {
      const { containers, securityContext } = job.spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true });
      expect(containers[0]?.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  it("give every index one try, so that a failed shard ends no other", () => {
    expect((manifests[2] as Job).spec).toMatchObject({
      completionMode: "Indexed",
      completions: 4,
      parallelism: 4,
      backoffLimitPerIndex: 0,
      maxFailedIndexes: 4,
    });
  });
});

interface Job {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: object;
        readonly containers: readonly { readonly securityContext: object }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap?: { readonly items: readonly object[] };
        }[];
      };
    };
  };
}

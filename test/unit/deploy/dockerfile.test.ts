// The image and the manifests say the same: who runs it, what starts, what stops it; and what it is made of is there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kubernetesManifests } from "../../../src/deploy/kubernetes.js";
import { ROOT, readText } from "../../support/source-files.js";

interface Instruction {
  readonly name: string;
  readonly words: string;
}

/** Lines of a Dockerfile without comments; it has none that go on in the next line. */
const instructions: readonly Instruction[] = readText("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ name: line.slice(0, line.indexOf(" ")), words: line.slice(line.indexOf(" ") + 1) }));

const ofName = (wanted: string): string[] =>
  instructions.filter(({ name }) => name === wanted).map(({ words }) => words);

const last = (name: string): string | undefined => ofName(name).at(-1);

const deployment = {
  name: "utp-load-arena",
  profilePath: "load.yaml",
  files: [{ name: "load.yaml", content: new Uint8Array() }],
  shards: 2,
  clients: 72,
  runFlags: [],
  resources: { cpus: 2, memoryMib: 256, descriptors: 100 },
  limitSeconds: 100,
  barrierSeconds: 60,
};
const [, , ...jobs] = kubernetesManifests(deployment, { image: "utp-load" });
const pods = jobs.map((job) => (job as { spec: { template: { spec: Pod } } }).spec.template.spec);

interface Pod {
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly containers: readonly { readonly command?: readonly string[]; readonly args: readonly string[] }[];
}

describe("Dockerfile", () => {
  it("has the user that the manifests ask for, by number", () => {
    expect(pods).toHaveLength(2);
    for (const { securityContext } of pods) {
      expect(last("USER")).toBe(`${securityContext.runAsUser}:${securityContext.runAsGroup}`);
      const owner = `--owner=${securityContext.runAsUser} --group=${securityContext.runAsGroup}`;
      expect(last("RUN")).toContain(owner);
    }
  });

  it("starts utp-load itself, so that signals reach it, with the arguments of the manifests", () => {
    expect(last("ENTRYPOINT")).toBe('["utp-load"]');
    expect(last("RUN")).toContain("ln -s /app/bin/utp-load.js /usr/local/bin/utp-load");
    for (const { containers } of pods) {
      expect(containers[0]?.command).toBeUndefined();
      expect(["run", "merge"]).toContain(containers[0]?.args[0]);
    }
  });

  it("is stopped by the signal that is a graceful stop", () => {
    expect(last("STOPSIGNAL")).toBe("SIGTERM");
  });

  it("is of two stages, the last without compilers, on a Node that the package takes", () => {
    const { engines } = JSON.parse(readText("package.json")) as { engines: { node: string } };
    const major = /^>=(\d+)\./.exec(engines.node)?.[1];
    expect(ofName("FROM")).toEqual([`node:${major}-slim AS build`, `node:${major}-slim`]);
    const [build] = ofName("RUN").filter((words) => words.includes("npm run build"));
    expect(build).toContain("npm prune --omit=dev");
  });

  it("holds all that the package ships and needs to run", () => {
    const { files } = JSON.parse(readText("package.json")) as { files: string[] };
    const copied = ofName("COPY").join(" ").split(" ");
    for (const path of files.filter((file) => !file.endsWith(".md"))) expect(copied).toContain(path);
  });

  it("is made of what is there, and of nothing that its context leaves out", () => {
    const [everything, ...wanted] = readText(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(everything).toBe("*");
    const sources = ofName("COPY")
      .filter((words) => !words.startsWith("--from"))
      .flatMap((words) => words.split(" ").slice(0, -1));
    expect([...new Set(sources)].sort()).toEqual(wanted.map((line) => line.slice(1)).sort());
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

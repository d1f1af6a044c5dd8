// Pods of printed manifests as a node would start them: files of the ConfigMap, one shared volume, each container's command and environment.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Job } from "kubernetes-types/batch/v1.js";
import type { ConfigMap, PodSpec, Volume } from "kubernetes-types/core/v1.js";
import { parseAllDocuments } from "yaml";
import { type CliProcess, type CliResult, startCli } from "./cli.js";

export class KubernetesPods {
  readonly #folder: string;
  readonly #map: ConfigMap;
  /** The Indexed Job: a pod a shard. */
  readonly shards: Job;
  readonly merge: Job;

  /**
   * @param printed What `deploy kubernetes` wrote.
   * @param folder Holds the volumes; a test removes it.
   * @throws {Error} If it is not a ConfigMap, a claim and two Jobs, the first of them Indexed.
   */
  constructor(printed: string, folder: string) {
    const manifests = parseAllDocuments(printed).map((document) => document.toJS({}) as { kind: string });
    this.#folder = folder;
    this.#map = manifests.find(({ kind }) => kind === "ConfigMap") as ConfigMap;
    const [shards, merge] = manifests.filter(({ kind }) => kind === "Job") as Job[];
    const kinds = manifests.map(({ kind }) => kind).join();
    if (kinds !== "ConfigMap,PersistentVolumeClaim,Job,Job" || shards?.spec?.completionMode !== "Indexed" || !merge) {
      throw new Error(`not what a run in shards is made of: ${kinds}`);
    }
    this.shards = shards;
    this.merge = merge;
  }

  /** The folder that the shards share, as this machine sees it. */
  get results(): string {
    return join(this.#folder, "claim", this.shards.metadata?.name ?? "");
  }

  startShards(): CliProcess[] {
    return Array.from({ length: this.shards.spec?.completions ?? 0 }, (_, index) => this.startShard(index));
  }

  /** The control plane tells a pod of an Indexed Job its index, and nothing else. */
  startShard(index: number): CliProcess {
    return this.#start(this.shards, { JOB_COMPLETION_INDEX: String(index) });
  }

  startMerge(): CliProcess {
    return this.#start(this.merge, {});
  }

  /** What a file of the merged result holds. */
  merged(name: string): string {
    return readFileSync(join(this.results, "merged", name), "utf8");
  }

  #start(job: Job, given: Readonly<Record<string, string>>): CliProcess {
    const { containers, volumes } = job.spec!.template.spec as PodSpec;
    const [{ args, env, volumeMounts }] = containers as [PodSpec["containers"][number]];
    const places = (volumeMounts ?? []).map(({ name, mountPath }) => {
      return [mountPath, this.#volume(volumes!.find((volume) => volume.name === name)!)] as const;
    });
    const mapped = (args ?? []).map((word) => {
      const [mountPath, path] = places.find(([mount]) => word.startsWith(`${mount}/`)) ?? ["", ""];
      return path + word.slice(mountPath.length);
    });
    return startCli(mapped, {
      env: { ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])), ...given },
    });
  }

  /** Where a volume lies here, made when it is first mounted. */
  #volume({ name, configMap, persistentVolumeClaim }: Volume): string {
    const path = join(this.#folder, persistentVolumeClaim === undefined ? name : "claim");
    if (existsSync(path)) return path;
    mkdirSync(path);
    for (const item of configMap?.items ?? []) {
      const file = join(path, item.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, this.#contentOf(item.key));
    }
    return path;
  }

  #contentOf(key: string): string | Buffer {
    const { data, binaryData } = this.#map;
    return data?.[key] ?? Buffer.from(binaryData![key]!, "base64");
  }
}

/** What pods said, for a test that fails. */
export function saidBy(results: readonly CliResult[]): string {
  return results.map(({ code, stderr }, index) => `pod ${index}: exit code ${code}\n${stderr}`).join("\n");
}

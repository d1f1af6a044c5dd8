// A run in shards on Kubernetes, as typed manifests: the profile, a volume for results, an Indexed Job, a Job that merges. Applies nothing.
import type { Job, JobSpec } from "kubernetes-types/batch/v1.js";
import type {
  ConfigMap,
  Container,
  PersistentVolumeClaim,
  PodSpec,
  Volume,
  VolumeMount,
} from "kubernetes-types/core/v1.js";
import type { ObjectMeta } from "kubernetes-types/meta/v1.js";
import { type Deployment, type DeploymentFile, mergeMemory, workersOn } from "./deployment.js";

export interface KubernetesOptions {
  readonly image: string;
  /** Seen by all pods at once, so ReadWriteMany; undefined: the cluster's default. */
  readonly storageClass?: string;
}

export type Manifest = ConfigMap | PersistentVolumeClaim | Job;

const PROFILE_FOLDER = "/profile";
const RESULTS_FOLDER = "/results";
const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Any number but root's. The image's user has it too. */
const USER_ID = 10_001;
/** Pods get this long after SIGTERM to say goodbye to the server and write their results, seconds. */
const GRACE_SECONDS = 30;
/** For the merging pod to read what is there, seconds. */
const MERGE_SECONDS = 1800;
const RESULTS_BYTES = "10Gi";

/** In the order to apply them in. */
export function kubernetesManifests(deployment: Deployment, options: KubernetesOptions): Manifest[] {
  return [
    profileMap(deployment),
    resultsClaim(deployment, options),
    shardsJob(deployment, options),
    mergeJob(deployment, options),
  ];
}

function metadata(name: string, job: string): ObjectMeta {
  return { name, labels: { "app.kubernetes.io/name": "utp-load", "app.kubernetes.io/instance": job } };
}

function profileMap({ name, files }: Deployment): ConfigMap {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const { name: path, content } of files) {
    const key = keyOf(path);
    const text = textOf(content);
    if (text === undefined) binaryData[key] = base64(content);
    else data[key] = text;
  }
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(`${name}-profile`, name),
    data,
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  };
}

function resultsClaim({ name }: Deployment, { storageClass }: KubernetesOptions): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(`${name}-results`, name),
    spec: {
      accessModes: ["ReadWriteMany"],
      ...(storageClass !== undefined && { storageClassName: storageClass }),
      resources: { requests: { storage: RESULTS_BYTES } },
    },
  };
}

function shardsJob(deployment: Deployment, { image }: KubernetesOptions): Job {
  const { name, shards, resources, limitSeconds, barrierSeconds, runFlags, files } = deployment;
  const limits = { cpu: String(resources.cpus), memory: `${resources.memoryMib}Mi` };
  const container: Container = {
    ...hardened("utp-load", image),
    args: [
      ...["run", `${PROFILE_FOLDER}/${files[0]!.name}`, "--workers", String(workersOn(resources.cpus))],
      ...["--barrier", resultsOf(name), "--barrier-timeout", `${barrierSeconds}s`, ...runFlags.flat()],
    ],
    env: [{ name: "UTP_SHARDS", value: String(shards) }],
    resources: { requests: limits, limits },
    volumeMounts: MOUNTS,
  };
  const spec: JobSpec = {
    completionMode: "Indexed",
    completions: shards,
    parallelism: shards,
    // A shard that starts again is too late for its run: what it had written is merged, and the verdict names it. The others go on.
    backoffLimitPerIndex: 0,
    maxFailedIndexes: shards,
    activeDeadlineSeconds: limitSeconds,
    template: {
      metadata: { labels: shardLabels(name) },
      spec: { ...podOf(deployment, container), affinity: onePerNode(name) },
    },
  };
  return { apiVersion: "batch/v1", kind: "Job", metadata: metadata(name, name), spec };
}

/** It starts with the shards, for Jobs know no order, and waits for them. */
function mergeJob(deployment: Deployment, { image }: KubernetesOptions): Job {
  const { name, shards, clients, limitSeconds } = deployment;
  const results = resultsOf(name);
  const { memoryMib, heapMib } = mergeMemory(clients);
  const memory = `${memoryMib}Mi`;
  const container: Container = {
    ...hardened("merge", image),
    args: ["merge", results, "--wait", `${limitSeconds}s`, "--shards", String(shards), "--out", `${results}/merged`],
    env: [{ name: "NODE_OPTIONS", value: `--max-old-space-size=${heapMib}` }],
    resources: { requests: { cpu: "500m", memory }, limits: { memory } },
    volumeMounts: MOUNTS,
  };
  const spec: JobSpec = {
    backoffLimit: 1,
    activeDeadlineSeconds: limitSeconds + MERGE_SECONDS,
    template: { spec: podOf(deployment, container) },
  };
  return { apiVersion: "batch/v1", kind: "Job", metadata: metadata(`${name}-merge`, name), spec };
}

const MOUNTS: VolumeMount[] = [
  { name: "profile", mountPath: PROFILE_FOLDER, readOnly: true },
  { name: "results", mountPath: RESULTS_FOLDER },
  { name: "tmp", mountPath: "/tmp" },
];

function resultsOf(name: string): string {
  return `${RESULTS_FOLDER}/${name}`;
}

function shardLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "utp-load", "app.kubernetes.io/instance": name, "utp-load/role": "shard" };
}

function hardened(name: string, image: string): Container {
  return {
    name,
    image,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function podOf({ name, files }: Deployment, container: Container): PodSpec {
  const items = files.map(({ name: path }) => ({ key: keyOf(path), path }));
  const volumes: Volume[] = [
    { name: "profile", configMap: { name: `${name}-profile`, items } },
    { name: "results", persistentVolumeClaim: { claimName: `${name}-results` } },
    { name: "tmp", emptyDir: {} },
  ];
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container],
    volumes,
  };
}

/** Two shards on one node share its network card and its cores: each on a node of its own where there are enough. */
function onePerNode(name: string): NonNullable<PodSpec["affinity"]> {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: shardLabels(name) } },
        },
      ],
    },
  };
}

/** Keys of a ConfigMap have no slashes; the volume puts each file where the profile looks for it. */
function keyOf(path: string): string {
  return path.replaceAll("/", "..");
}

/** Of files together that a ConfigMap holds, as it counts them. */
export function configMapBytes(files: readonly DeploymentFile[]): number {
  return files.reduce((sum, { content }) => {
    const isText = textOf(content) !== undefined;
    return sum + (isText ? content.length : 4 * Math.ceil(content.length / 3));
  }, 0);
}

function textOf(content: Uint8Array): string | undefined {
  try {
    return UTF8.decode(content);
  } catch {
    return undefined;
  }
}

function base64(content: Uint8Array): string {
  return Buffer.from(content).toString("base64");
}

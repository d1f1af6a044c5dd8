// `utp-load deploy slurm|kubernetes PROFILE --shards N`: prints the files of an engine that runs the shards. Starts nothing anywhere.
import type { Argv, CommandModule } from "yargs";
import { UsageError } from "../errors.js";
import { addFlag } from "./run-command.js";
import { type FlagValues, RUN_FLAGS, type RunFlag } from "./run-flags.js";

/** Flags of `run` that the printed files set by themselves, or that are of the machine where they are typed. */
const OWN = new Set<string>([
  ...["shard", "barrier", "barrier-timeout", "start-at", "workers", "out", "local-address"],
  ...["print-config", "dry-run", "progress", "no-progress"],
]);
const PASSED: readonly RunFlag[] = RUN_FLAGS.filter(({ name }) => !OWN.has(name));

export const deployCommand: CommandModule<object, object> = {
  command: "deploy",
  describe: "Print the files that run a profile in shards on an engine",
  builder: (yargs) =>
    yargs
      .command("slurm <profile>", "A script that submits an array job and a merge job", slurmFlags, (flags) =>
        deploy("slurm", flags),
      )
      .command("kubernetes <profile>", "Manifests: Indexed Job, merge Job, profile, volume", kubernetesFlags, (flags) =>
        deploy("kubernetes", flags),
      )
      .example("$0 deploy slurm load.yaml --shards 4 > load.sh", "Then: bash load.sh")
      .example("$0 deploy kubernetes load.yaml --shards 4 --image IMAGE > load-jobs.yaml", "Then: kubectl apply -f"),
  handler: () => undefined,
};

function slurmFlags(yargs: Argv): Argv {
  const shared = yargs
    .positional("profile", { type: "string", demandOption: true, describe: "YAML or JSON file, or ready profile" })
    .option("shards", { type: "string", requiresArg: true, describe: "How many processes share the plan, 1 to 10000" })
    .option("cpus", { type: "string", requiresArg: true, describe: "Cores of a shard", defaultDescription: "2" })
    .option("barrier-timeout", {
      type: "string",
      requiresArg: true,
      describe: "How long shards wait for each other",
      defaultDescription: "5m",
    });
  return PASSED.reduce<Argv>((parser, flag) => addFlag(parser, flag), shared);
}

function kubernetesFlags(yargs: Argv): Argv {
  return slurmFlags(yargs)
    .option("image", { type: "string", requiresArg: true, describe: "Image with utp-load, see docs/scaling.md" })
    .option("storage-class", {
      type: "string",
      requiresArg: true,
      describe: "Of a volume that many pods may write to",
    });
}

async function deploy(engine: "slurm" | "kubernetes", flags: FlagValues): Promise<void> {
  const { resolveDeployment } = await import("./resolve-deployment.js");
  const { thisMachine } = await import("./this-machine.js");
  const { deployment, notes } = resolveDeployment(flags, PASSED, process.env, thisMachine());
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  process.stdout.write(engine === "slurm" ? await slurmText(deployment) : await kubernetesText(deployment, flags));
}

type Deployment = import("../deploy/deployment.js").Deployment;

async function slurmText(deployment: Deployment): Promise<string> {
  const { slurmScript } = await import("../deploy/slurm.js");
  return slurmScript(deployment, await commandTyped());
}

async function kubernetesText(deployment: Deployment, flags: FlagValues): Promise<string> {
  const [{ configMapBytes, kubernetesManifests }, { manifestsText }] = await Promise.all([
    import("../deploy/kubernetes.js"),
    import("../deploy/manifests-text.js"),
  ]);
  const { image, "storage-class": storageClass } = flags;
  if (typeof image !== "string" || image === "") {
    throw new UsageError(
      "Cannot deploy: --image must be the name of an image with utp-load, got nothing",
      "docs/scaling.md says how to build one from the Dockerfile; as in --image registry.example.com/utp-load:0.1.0",
    );
  }
  const bytes = configMapBytes(deployment.files);
  if (bytes > MAX_CONFIG_MAP_BYTES) {
    throw new UsageError(
      `Cannot deploy: the profile and its files must be at most ${MAX_CONFIG_MAP_BYTES} bytes together for a ConfigMap, got ${bytes}`,
      "Put large files into the image, or cut the rows that are not needed",
    );
  }
  const manifests = kubernetesManifests(deployment, {
    image,
    ...(typeof storageClass === "string" && { storageClass }),
  });
  return manifestsText(manifests, await commandTyped());
}

/** Kubernetes' limit is 1 MiB for all of it. */
const MAX_CONFIG_MAP_BYTES = 1_000_000;

async function commandTyped(): Promise<string> {
  const { quoted } = await import("../deploy/slurm.js");
  return ["utp-load", ...process.argv.slice(2)].map(quoted).join(" ");
}

// A run in shards on Slurm, as a script that submits it: an array job, and a job that merges when the array has ended. Submits nothing.
import { type Deployment, mergeMemory, workersOn } from "./deployment.js";

/** Of the merge job: adding up histograms takes seconds, reading them takes the file system's time. */
const MERGE_MINUTES = 30;

/** For bash; to be kept beside the profile. `createdBy`: the command, for the head. */
export function slurmScript(deployment: Deployment, createdBy: string): string {
  const { name, shards, profilePath } = deployment;
  return `#!/bin/bash
# ${name}: one load test in ${shards} shards. Made by
#   ${createdBy}
# Keep it beside the profile, change what your cluster wants, then: bash ${name}.sh
#
# The shards meet in a folder that all nodes see, start at one instant, and each writes its result there. When the last has
# ended, however it ended, the second job merges what there is; a shard that is missing makes the verdict invalid.
set -euo pipefail

# On a file system that all nodes share.
PROFILE=\${PROFILE:-${quoted(profilePath)}}
RESULTS=\${RESULTS:-$PWD/results/${name}-$(date -u +%Y%m%dT%H%M%SZ)}
# How to start utp-load on a node; several words are fine.
UTP_LOAD=\${UTP_LOAD:-utp-load}
export PROFILE RESULTS UTP_LOAD

mkdir -p "$RESULTS"

array=$(sbatch --parsable <<'SHARDS'
${shardJob(deployment)}
SHARDS
)

merge=$(sbatch --parsable --dependency="afterany:\${array%%;*}" <<'MERGE'
${mergeJob(deployment)}
MERGE
)

echo "shards  job \${array%%;*}, tasks 0 to ${shards - 1}"
echo "merge   job \${merge%%;*}, when they have ended"
echo "results $RESULTS; meanwhile: utp-load status $RESULTS"
`;
}

function shardJob({ name, shards, runFlags, resources, limitSeconds, barrierSeconds }: Deployment): string {
  const flags = ['--barrier "$RESULTS"', `--barrier-timeout ${barrierSeconds}s`, ...runFlags.map(flagText)];
  return `#!/bin/bash
#SBATCH --job-name=${name}
#SBATCH --array=0-${shards - 1}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=${resources.cpus}
#SBATCH --mem=${resources.memoryMib}M
#SBATCH --time=${Math.ceil(limitSeconds / 60)}
#SBATCH --no-requeue
#SBATCH --open-mode=truncate
#SBATCH --output=/dev/null
set -euo pipefail
exec > "$RESULTS/log-$SLURM_ARRAY_TASK_ID.txt" 2>&1

# One open file a client, ${resources.descriptors} in all. Where even the hard limit is lower, utp-load says so and sends nothing.
ulimit -S -n "$(ulimit -H -n)"

# exec: Slurm's signals reach utp-load itself, which then leaves politely and writes its result.
exec $UTP_LOAD run "$PROFILE" --workers ${workersOn(resources.cpus)} \\
  ${flags.join(" \\\n  ")}`;
}

function mergeJob({ name, shards, clients }: Deployment): string {
  const { memoryMib, heapMib } = mergeMemory(clients);
  return `#!/bin/bash
#SBATCH --job-name=${name}-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=${memoryMib}M
#SBATCH --time=${MERGE_MINUTES}
#SBATCH --output=/dev/null
set -euo pipefail
exec > "$RESULTS/log-merge.txt" 2>&1
export NODE_OPTIONS=--max-old-space-size=${heapMib}
exec $UTP_LOAD merge "$RESULTS" --shards ${shards} --out "$RESULTS/merged"`;
}

function flagText(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** For a shell, only where it has to be. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

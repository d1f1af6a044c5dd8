// A Slurm cluster of one node for tests: munge, a controller and a node daemon on loopback, in a folder of their own. Leaves nothing behind.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PACKAGES = ["slurm-wlm", "munge"];
const DAEMONS = ["munged", "slurmctld", "slurmd", "sbatch"];
/** So that four shards of two cores run at once, however many there really are. */
const CPUS = 8;
const READY_MS = 30_000;

/** Why no cluster can be had here; undefined: it can. Installs Debian's packages where they are absent. */
export function whyNoSlurm(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "Slurm's daemons want Linux and root";
  if (DAEMONS.every(isThere)) return undefined;
  try {
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...PACKAGES], { stdio: "ignore" });
    return DAEMONS.every(isThere) ? undefined : `${PACKAGES.join(" and ")} did not bring ${DAEMONS.join(", ")}`;
  } catch {
    return `${PACKAGES.join(" and ")} are not installed, and apt-get could not install them`;
  }
}

export class SlurmCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "slurm-"));
  readonly #daemons: ChildProcess[] = [];

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, SLURM_CONF: join(this.folder, "slurm.conf") };
  }

  static async start(): Promise<SlurmCluster> {
    const cluster = new SlurmCluster();
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      cluster.stop();
      throw error;
    }
  }

  /** A command of Slurm, its output. */
  command(name: string, ...args: readonly string[]): string {
    return execFileSync(name, args, { env: this.environment, encoding: "utf8" });
  }

  /** Ids of the jobs that wait or run, array tasks as `ID_INDEX`. */
  queue(): string[] {
    return this.command("squeue", "--noheader", "--array", "--format=%i")
      .split("\n")
      .filter((line) => line !== "");
  }

  async untilQueueIsEmpty(timeoutMs: number): Promise<void> {
    await until(
      () => this.queue().length === 0,
      timeoutMs,
      () => `jobs ${this.queue().join(", ")} have not ended`,
    );
  }

  stop(): void {
    for (const daemon of this.#daemons.reverse()) daemon.kill("SIGTERM");
    for (const daemon of this.#daemons) if (daemon.exitCode === null) daemon.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async #start(): Promise<void> {
    chmodSync(this.folder, 0o755);
    for (const name of ["state", "spool"]) mkdirSync(join(this.folder, name));
    const key = join(this.folder, "munge.key");
    writeFileSync(key, randomBytes(1024), { mode: 0o400 });
    const socket = join(this.folder, "munge.socket");
    const files = ["pid", "log", "seed"].map((name) => `--${name}-file=${join(this.folder, `munge.${name}`)}`);
    this.#run("munged", ["--foreground", "--force", `--socket=${socket}`, `--key-file=${key}`, ...files]);
    writeFileSync(join(this.folder, "slurm.conf"), this.#configuration(socket, await freePort(), await freePort()));
    await sleep(500);
    this.#run("slurmctld", ["-D"]);
    this.#run("slurmd", ["-D"]);
    await until(
      () => this.#isIdle(),
      READY_MS,
      () => `the node did not become idle: ${this.#log()}`,
    );
  }

  #run(name: string, args: readonly string[]): void {
    this.#daemons.push(spawn(name, args, { env: this.environment, stdio: "ignore" }));
  }

  #isIdle(): boolean {
    try {
      return this.command("sinfo", "--noheader", "--format=%t").trim() === "idle";
    } catch {
      return false;
    }
  }

  #log(): string {
    return readFileSync(join(this.folder, "slurmctld.log"), "utf8").slice(-2000);
  }

  #configuration(mungeSocket: string, controllerPort: number, nodePort: number): string {
    const host = hostname().split(".")[0]!;
    const settings = {
      ClusterName: "test",
      SlurmctldHost: `${host}(127.0.0.1)`,
      SlurmctldPort: controllerPort,
      SlurmdPort: nodePort,
      SlurmUser: "root",
      SlurmdUser: "root",
      AuthType: "auth/munge",
      AuthInfo: `socket=${mungeSocket}`,
      CredType: "cred/munge",
      StateSaveLocation: join(this.folder, "state"),
      SlurmdSpoolDir: join(this.folder, "spool"),
      SlurmctldPidFile: join(this.folder, "slurmctld.pid"),
      SlurmdPidFile: join(this.folder, "slurmd.pid"),
      SlurmctldLogFile: join(this.folder, "slurmctld.log"),
      SlurmdLogFile: join(this.folder, "slurmd.log"),
      ProctrackType: "proctrack/linuxproc",
      TaskPlugin: "task/none",
      MpiDefault: "none",
      SelectType: "select/cons_tres",
      SelectTypeParameters: "CR_CPU_Memory",
      SlurmdParameters: "config_overrides",
      AccountingStorageType: "accounting_storage/none",
      JobAcctGatherType: "jobacct_gather/none",
      SchedulerParameters: "sched_interval=2,batch_sched_delay=0,bf_interval=2",
      ReturnToService: 2,
      KillWait: 20,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const memoryMib = Math.floor((totalmem() / 2 ** 20) * 0.8);
    lines.push(`NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} RealMemory=${memoryMib} State=UNKNOWN`);
    lines.push("PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP");
    return `${lines.join("\n")}\n`;
  }
}

function isThere(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function until(holds: () => boolean, timeoutMs: number, why: () => string): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`after ${timeoutMs / 1000} s ${why()}`);
    await sleep(200);
  }
}

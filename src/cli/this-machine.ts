// What resolution needs to know of the computer it runs on, in one object, so that tests can bring another. Changes nothing.
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { availableParallelism, networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";

const CHECK_TIMEOUT_MS = 5000;

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly cores: number;
  /** Addresses of its network interfaces, without zones. */
  readonly addresses: readonly string[];
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** Its clock, ms since the epoch. */
  nowMs(): number;
  /** Folder of the profiles that come with the package. */
  readonly profilesFolder: string;
  /** @throws What node:fs throws. */
  readFile(path: string): Buffer;
  /** Why a script cannot be parsed, such as `line 2: SyntaxError: Unexpected token '{'`; undefined: it can. Runs none of its code. */
  syntaxErrorOf(path: string): string | undefined;
  /** Where a path leads once links are followed. @throws What node:fs throws. */
  realPath(path: string): string;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    cores: availableParallelism(),
    addresses: Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => bare(address))),
    isTerminal: process.stdout.isTTY === true,
    nowMs: () => Date.now(),
    profilesFolder: fileURLToPath(new URL("../../profiles", import.meta.url)),
    readFile: (path) => readFileSync(path),
    syntaxErrorOf,
    realPath: (path) => realpathSync(path),
  };
}

/** Node checks it in a process of its own; where that cannot be had, the run will tell. */
function syntaxErrorOf(path: string): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, ["--check", path], {
    encoding: "utf8",
    timeout: CHECK_TIMEOUT_MS,
  });
  if (status === 0 || status === null) return undefined;
  const line = /^[^\n]*:(\d+)\n/.exec(stderr)?.[1];
  const error = /^\w*Error: .*$/m.exec(stderr)?.[0] ?? "it cannot be parsed";
  return line === undefined ? error : `line ${line}: ${error}`;
}

/** Whether sockets can be bound to `address`: Linux and Windows own all of 127.0.0.0/8, macOS only what it lists. */
export function isOwnAddress(machine: Machine, address: string): boolean {
  if (machine.platform !== "darwin" && /^127(?:\.\d{1,3}){3}$/.test(address)) return true;
  return machine.addresses.includes(bare(address));
}

function bare(address: string): string {
  return address.split("%", 1)[0]!.toLowerCase();
}

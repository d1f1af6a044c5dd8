// A computer for tests of resolution: two files, one address, four cores.
import type { Machine } from "../../../src/cli/this-machine.js";
import { thisMachine } from "../../../src/cli/this-machine.js";

const PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

/** `files` by path; the package's own profiles are there too. */
export function machineWith(files: Record<string, string> = {}, overrides: Partial<Machine> = {}): Machine {
  const all = new Map(Object.entries({ "ca.pem": PEM, "not-a.pem": "hello", ...files }));
  const here = thisMachine();
  return {
    platform: "linux",
    cores: 4,
    addresses: ["127.0.0.1", "10.0.0.5", "::1"],
    isTerminal: true,
    nowMs: () => Date.UTC(2026, 10, 23, 12),
    profilesFolder: here.profilesFolder,
    readFile: (path) => {
      const text = all.get(path.replaceAll("\\", "/"));
      if (text !== undefined) return Buffer.from(text);
      if (path.startsWith(here.profilesFolder)) return here.readFile(path);
      throw Object.assign(new Error(`no such file: ${path}`), { code: "ENOENT" });
    },
    syntaxErrorOf: () => undefined,
    realPath: (path) => path,
    ...overrides,
  };
}

import { defineConfig } from "vitest/config";

function project(name: string, groupOrder: number, options: object) {
  return { test: { name, testTimeout: 60_000, sequence: { groupOrder }, ...options } };
}

export default defineConfig({
  test: {
    // Groups run one after the other. Files of `load` run alone: each keeps both cores of a small machine busy.
    projects: [
      project("unit", 0, { include: ["test/{unit,conformance,property,rules}/**/*.test.ts"], maxWorkers: "100%" }),
      project("e2e", 1, { include: ["test/e2e/**/*.test.ts"], exclude: ["**/*.{load,slow}.test.ts"] }),
      project("load", 2, { include: ["test/e2e/**/*.load.test.ts"], fileParallelism: false }),
      // Minutes each: by `npm run check` only.
      project("slow", 3, { include: ["test/e2e/**/*.slow.test.ts"], fileParallelism: false }),
      project("browser", 4, { include: ["test/browser/**/*.test.ts"], fileParallelism: false }),
      // Installs and starts a cluster: by `npm run test:slurm` only.
      project("slurm", 5, { include: ["test/slurm/**/*.test.ts"], fileParallelism: false }),
    ],
  },
});

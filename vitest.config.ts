import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/{unit,conformance,property,rules}/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeout: 60_000, fileParallelism: false } },
      {
        test: { name: "browser", include: ["test/browser/**/*.test.ts"], testTimeout: 60_000, fileParallelism: false },
      },
    ],
  },
});

// Who may import whom, as docs/architecture.md says, and that arrows point one way. The table below is the rule.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, roomOf, type SourceFile, sourceFiles } from "../support/source-files.js";

interface Room {
  /** Rooms whose code it may use. */
  readonly uses: readonly string[];
  /** Rooms of which it may know the types only: nothing of them is loaded. */
  readonly types?: readonly string[];
  /** Packages and node: modules, a trailing * for any; a list of files where only these may. */
  readonly outside?: readonly string[];
}

/** A command line may use everything but the public index, which is made of it. */
const BELOW_CLI = [
  "analysis",
  "calibration",
  "client",
  "comparison",
  "deploy",
  "engine",
  "errors",
  "limit",
  "live",
  "matrix",
  "merge",
  "metrics",
  "probe",
  "profile",
  "protocol",
  "record",
].concat(["report", "result", "server", "shard", "time", "transport", "virtual-user", "workload"]);

const TABLE: Record<string, Room> = {
  errors: { uses: [] },
  protocol: { uses: ["errors"] },
  time: { uses: [], outside: ["node:perf_hooks"] },
  metrics: { uses: ["errors"], outside: ["hdr-histogram-js*"] },
  profile: {
    uses: ["errors", "metrics", "protocol"],
    types: ["client"],
    outside: ["zod", "yaml", "node:fs", "node:path"],
  },
  workload: { uses: ["errors", "protocol"], types: ["profile"] },
  transport: { uses: ["errors", "protocol", "time"], outside: ["ws", "node:*"] },
  client: { uses: ["errors", "protocol", "time", "transport"] },
  bot: { uses: [], types: ["protocol"] },
  "virtual-user": {
    uses: ["client", "workload", "metrics", "protocol", "time", "errors"],
    types: ["bot", "profile", "transport"],
  },
  engine: {
    uses: ["virtual-user", "client", "workload", "metrics", "transport", "protocol", "time", "errors"],
    types: ["bot", "profile"],
    outside: ["node:*", "hdr-histogram-js"],
  },
  result: {
    uses: ["metrics", "errors"],
    types: ["profile", "workload", "client", "engine"],
    outside: ["node:*", "hdr-histogram-js*"],
  },
  comparison: {
    uses: ["analysis", "result", "metrics", "workload", "errors"],
    types: ["profile"],
    outside: ["node:*", "hdr-histogram-js"],
  },
  matrix: { uses: ["comparison", "metrics", "workload", "errors"], types: ["result"], outside: ["node:*"] },
  limit: { uses: ["result", "metrics", "errors"] },
  calibration: { uses: ["errors"], outside: ["node:*"] },
  analysis: { uses: ["result", "metrics", "errors"], types: ["engine", "profile"] },
  merge: { uses: ["analysis", "result", "metrics", "errors"], outside: ["node:*"] },
  report: {
    uses: ["result", "analysis", "comparison", "matrix", "metrics", "errors"],
    types: ["engine", "profile", "client", "shard", "limit", "calibration"],
    outside: ["cli-progress", "hdr-histogram-js", "uplot", "node:*"],
  },
  live: {
    uses: ["report", "result", "metrics", "errors"],
    types: ["engine", "profile"],
    outside: ["node:*", "prom-client"],
  },
  deploy: { uses: [], outside: ["kubernetes-types/*", "yaml"] },
  shard: { uses: ["result", "metrics", "errors"], types: ["workload"], outside: ["node:*"] },
  server: { uses: ["protocol", "time", "errors"], outside: ["node:*"] },
  probe: { uses: ["client", "transport", "protocol", "time", "errors"], outside: ["node:*"] },
  record: { uses: ["server", "profile", "transport", "protocol", "time", "errors"], outside: ["node:*"] },
  version: { uses: [], outside: ["node:fs"] },
  run: {
    uses: [
      "engine",
      "workload",
      "profile",
      "result",
      "analysis",
      "live",
      "metrics",
      "server",
      "shard",
      "version",
      "errors",
    ],
    types: ["client", "protocol"],
    outside: ["node:*"],
  },
  index: {
    uses: ["run", "comparison", "cli", "version", "errors"],
    types: ["engine", "profile", "result", "client", "metrics"],
  },
  cli: { uses: [...BELOW_CLI, "run", "version"], outside: ["*"] },
};

const files = sourceFiles();
const roomFiles = (room: string): SourceFile[] => files.filter(({ path }) => roomOf(path) === room);

const isListed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Every import of a room that its row does not allow, in words. */
function forbidden(room: string): string[] {
  const row = TABLE[room];
  if (row === undefined) return [`${room}: a room that the table does not know`];
  const { uses, types = [], outside = [] } = row;
  return roomFiles(room).flatMap(({ path, imports }) =>
    imports
      .filter(({ target, isOwn, isType }) => {
        if (!isOwn) return !isListed(target, outside);
        const other = roomOf(target);
        return other !== room && !uses.includes(other) && !(isType && types.includes(other));
      })
      .map(({ target, isType }) => `${path} -> ${target}${isType ? " (type)" : ""}`),
  );
}

describe("who may import whom", () => {
  it("finds the sources and their imports", () => {
    expect(files.length).toBeGreaterThan(30);
    const connection = files.find(({ path }) => path === "src/protocol/connection.ts");
    expect(connection?.imports).toContainEqual({ target: "src/protocol/wire.ts", isOwn: true, isType: false });
    expect(connection?.imports).toContainEqual({
      target: "src/protocol/connection-effects.ts",
      isOwn: true,
      isType: true,
    });
  });

  it.each([...new Set(files.map(({ path }) => roomOf(path)))])("%s imports only what its row allows", (room) => {
    expect(forbidden(room)).toEqual([]);
  });

  it("has no cycle between rooms, types included", () => {
    const edges = new Map<string, Set<string>>();
    for (const { path, imports } of files) {
      const from = roomOf(path);
      const targets = edges.get(from) ?? new Set();
      for (const { target, isOwn } of imports) if (isOwn && roomOf(target) !== from) targets.add(roomOf(target));
      edges.set(from, targets);
    }
    expect(cycleIn(edges)).toBeUndefined();
  });

  it("has no cycle between files", () => {
    const edges = new Map(
      files.map(({ path, imports }) => [
        path,
        new Set(imports.filter(({ isOwn, isType }) => isOwn && !isType).map(({ target }) => target)),
      ]),
    );
    expect(cycleIn(edges)).toBeUndefined();
  });

  it("imports no file that is not there", () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOwn }) => isOwn && !existsSync(join(ROOT, target)))
        .map(({ target }) => `${path} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("packages with one door", () => {
  it.each([
    ["ws", ["src/transport/websocket.ts"]],
    ["cli-progress", ["src/report/progress.ts"]],
    ["prom-client", ["src/live/export/prometheus-text.ts"]],
    // It runs in pages only, from its own script.
    ["uplot", []],
  ])("%s is loaded in %j only", (name, doors) => {
    const users = files.filter(({ imports }) => imports.some(({ target, isType }) => target === name && !isType));
    expect(users.map(({ path }) => path).filter((path) => !doors.includes(path))).toEqual([]);
  });

  const browserEntry = "src/client/index.browser.ts";
  const pages = files.map(({ path }) => path).filter((path) => /^src\/report\/page\/.*-page\.ts$/.test(path));
  it.each([browserEntry, ...pages])("%s runs in a browser: it loads no package and nothing of Node", (entry) => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { target, isOwn, isType } of files.find((file) => file.path === path)?.imports ?? []) {
        if (isType) continue;
        if (isOwn) follow(target);
        else outside.push(`${path} -> ${target}`);
      }
    };
    follow(entry);
    expect(seen.size).toBeGreaterThan(3);
    expect(outside).toEqual([]);
  });

  it("reports touch the system in two files: a page's assets, and hashes", () => {
    const users = roomFiles("report").filter(({ imports }) => imports.some(({ target }) => target.startsWith("node:")));
    expect(users.map(({ path }) => path)).toEqual(["src/report/html/page-assets.ts", "src/report/html/page.ts"]);
  });

  it("the client's Node transport is chosen in its entry only", () => {
    const users = roomFiles("client").filter(({ imports }) =>
      imports.some(({ target, isType }) => !isType && /^src\/transport\/(browser-)?websocket\.ts$/.test(target)),
    );
    const entries = ["src/client/index.ts", browserEntry];
    expect(users.map(({ path }) => path).filter((path) => !entries.includes(path))).toEqual([]);
  });
});

/** The nodes of one cycle, or undefined. */
function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, path: string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const found = walk(next, [...path, node]);
      if (found !== undefined) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const found = walk(node, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Small files that one shard writes and others read at the same moment: seen whole, or not at all.
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Replaces what was there. */
export function writeWhole(path: string, content: object): void {
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}

/** Writes it only where nobody has; who comes second is not heard. */
export function writeFirst(path: string, content: object): void {
  try {
    writeFileSync(path, JSON.stringify(content), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** What a file holds; undefined: it is not there, or not whole yet. */
export function readObject(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

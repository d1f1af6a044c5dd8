// What zod found, as lines for a person: place, key, rule, value, and the nearest known key. Pure.
import type { z } from "zod";
import { nearestName } from "../metrics/nearest-name.js";
import { type KeyTree, keyPaths, keysAt } from "./key-tree.js";
import { profileJsonSchema } from "./schema.js";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong, and where: at the value of `path`, or with `isKey` at its key. */
export interface Problem {
  readonly path: Path;
  readonly isKey: boolean;
  readonly text: string;
}

const LONGEST_VALUE = 60;

/** One problem an issue, or one a key where several are unknown. */
export function describeIssues(issues: readonly Issue[], root: unknown): Problem[] {
  return withoutEchoes(issues).flatMap((issue) => describe(issue, [], root));
}

/** Where a key is unknown, what the object lacks is told by that already. */
function withoutEchoes(issues: readonly Issue[]): Issue[] {
  const misspelt = new Set(issues.filter(({ code }) => code === "unrecognized_keys").map(({ path }) => pathText(path)));
  return issues.filter(({ code, path }) => code !== "custom" || !misspelt.has(pathText(path)));
}

function describe(issue: Issue, base: Path, root: unknown): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], isKey: true, text: unknownKey(path, key) }));
  }
  if (issue.code === "invalid_key") {
    const rule = issue.issues[0]?.message ?? issue.message;
    const key = String(path.at(-1));
    return [{ path, isKey: true, text: `the name ${key} in ${pathText(path.slice(0, -1))} must be ${rule}` }];
  }
  const value = valueAt(root, path);
  const branch = issue.code === "invalid_union" && typeof value === "object" ? branchOf(issue.errors) : undefined;
  if (branch !== undefined) return withoutEchoes(branch).flatMap((inner) => describe(inner, path, root));
  const name = pathText(path) || "a profile";
  const choices = issue.code === "invalid_value" && typeof value === "string" ? issue.values.map(String) : [];
  return [{ path, isKey: false, text: mustBe(name, issue.message, value, choices) }];
}

/** @param choices Names of which the value might be one, misspelt. */
export function mustBe(thing: string, rule: string, got: unknown, choices: readonly string[] = []): string {
  const meant = typeof got === "string" ? nearestName(got, choices) : undefined;
  return `${thing} must be ${rule}, got ${valueText(got)}${meant === undefined ? "" : `, did you mean ${meant}?`}`;
}

/** Of the ways to write a value, the one that has its kind: a list, or an object. */
function branchOf(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const isOtherKind = ({ code, path }: Issue): boolean =>
    path.length === 0 && (code === "invalid_type" || code === "invalid_value");
  return errors.find((issues) => !issues.some(isOtherKind));
}

function unknownKey(path: Path, key: string): string {
  const schema: KeyTree = profileJsonSchema();
  const meant = nearestName(key, keysAt(schema, path)) ?? elsewhere(key, schema);
  const place = path.length === 0 ? "" : ` in ${pathText(path)}`;
  const suggestion = meant === undefined ? "" : `, did you mean ${meant}?`;
  return `unknown key ${key}${place}${suggestion}`;
}

const SHORTEST_LIKENESS = 4;

/** A key that belongs to another level, such as `transport.heartbeat` for a `heartbeat` at the top. Short ones are like anything. */
function elsewhere(key: string, schema: KeyTree): string | undefined {
  if (key.length < SHORTEST_LIKENESS) return undefined;
  const paths = new Map(
    keyPaths(schema)
      .map((path) => [path.split(".").at(-1)!, path] as const)
      .reverse(),
  );
  return paths.get(nearestName(key, [...paths.keys()]) ?? "");
}

/** `stages[2].target` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

/** A value as JSON, shortened. */
export function valueText(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "string" && value.length > LONGEST_VALUE) {
    return JSON.stringify(`${value.slice(0, LONGEST_VALUE)}...`);
  }
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST_VALUE + 2 ? text : `${text.slice(0, LONGEST_VALUE)}...`;
}

/** What stands at `path`, undefined where nothing does. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }, root);
}

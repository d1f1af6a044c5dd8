// What zod found, as lines for a person: place, key, rule, value, and the nearest known key. Pure.
import type { z } from "zod";
import { nearestName } from "../metrics/nearest-name.js";

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
  return issues.flatMap((issue) => describe(issue, [], root));
}

function describe(issue: Issue, base: Path, root: unknown): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], isKey: true, text: unknownKey(path, key) }));
  }
  const value = valueAt(root, path);
  const branch = issue.code === "invalid_union" && typeof value === "object" ? issue.errors.at(-1) : undefined;
  if (branch !== undefined) return branch.flatMap((inner) => describe(inner, path, root));
  const name = pathText(path) || "a profile";
  return [{ path, isKey: false, text: `${name} must be ${issue.message}, got ${valueText(value)}` }];
}

function unknownKey(path: Path, key: string): string {
  const schema: KeyTree = profileJsonSchema();
  const meant = nearestName(key, keysAt(schema, path)) ?? elsewhere(key, schema);
  const place = path.length === 0 ? "" : ` in ${pathText(path)}`;
  const suggestion = meant === undefined ? "" : `, did you mean ${meant}?`;
  return `unknown key ${key}${place}${suggestion}`;
}

/** A key that belongs to another level, such as `transport.heartbeat` for a `heartbeat` at the top. */
function elsewhere(key: string, schema: KeyTree): string | undefined {
  const paths = new Map([...keyPaths(schema)].map((path) => [path.split(".").at(-1)!, path]));
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

/** The part of JSON Schema that names keys. */
export interface KeyTree {
  readonly properties?: Readonly<Record<string, KeyTree>>;
  readonly items?: KeyTree;
  readonly additionalProperties?: KeyTree | boolean;
  readonly anyOf?: readonly KeyTree[];
}

/** Every key of the language as `transport.heartbeat` or `stages[].target`; keys that people choose are `<name>`. */
export function* keyPaths(tree: KeyTree, prefix = ""): Generator<string> {
  for (const [key, child] of Object.entries(tree.properties ?? {})) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    yield path;
    yield* keyPaths(child, path);
  }
  if (tree.items !== undefined) yield* keyPaths(tree.items, `${prefix}[]`);
  if (typeof tree.additionalProperties === "object") yield* keyPaths(tree.additionalProperties, `${prefix}.<name>`);
  for (const choice of tree.anyOf ?? []) yield* keyPaths(choice, prefix);
}

/** Keys that the language knows at `path`. */
function keysAt(schema: KeyTree, path: Path): string[] {
  let trees: KeyTree[] = [schema];
  for (const step of path) trees = trees.flatMap((tree) => stepInto(tree, step));
  return trees.flatMap((tree) => [tree, ...(tree.anyOf ?? [])]).flatMap((tree) => Object.keys(tree.properties ?? {}));
}

function stepInto(tree: KeyTree, step: PropertyKey): KeyTree[] {
  const rest = typeof tree.additionalProperties === "object" ? tree.additionalProperties : undefined;
  const next = typeof step === "number" ? tree.items : (tree.properties?.[String(step)] ?? rest);
  return next === undefined ? [] : [next];
}

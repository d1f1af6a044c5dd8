// Text of a profile (YAML or JSON) to checked values, or to errors that name file, line, column and key. Reads no files.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLWarning,
} from "yaml";
import { ProfileError } from "../errors.js";
import { describeIssues, type Problem, valueAt } from "./describe-issues.js";
import { type ProfileInput, profileSchema } from "./schema.js";
import { fillVariables, type Variables } from "./variables.js";

/** Keys and indices from the profile's top, such as `["stages", 0, "target"]`. */
export type KeyPath = readonly PropertyKey[];

export interface ParsedProfile {
  readonly input: ProfileInput;
  /** `file:line:column` of a value, or of the nearest thing around it that was written. */
  locate(path: KeyPath): string;
  /** A value as it was written, before durations became numbers. */
  written(path: KeyPath): unknown;
  /**
   * For what only shows once values are put together.
   *
   * @throws {ProfileError} With every problem, as `parseProfile` does; nothing happens where there is none.
   */
  refuse(problems: readonly Problem[]): void;
}

/**
 * Parses and checks a profile.
 *
 * @param fileName Stands in error messages.
 * @param variables What `${NAME}` in values stands for.
 * @throws {ProfileError} With every problem found, each with its place, the key, the rule and the value.
 */
export function parseProfile(text: string, fileName: string, variables: Variables = {}): ParsedProfile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${fileName}:${line}:${col}`;
  };
  // A tag that YAML does not know would be read as if it were not there.
  refuse([...document.errors, ...document.warnings].map((error) => `${at(error.pos[0])}: ${syntaxText(error)}`));
  const missing = fillVariables(document, variables);
  refuse(missing.map(({ name, offset }) => `${at(offset)}: variable ${name} must have a value, got none`));

  refuse(circles(document).map((offset) => `${at(offset)}: an alias must not stand inside of what it stands for`));

  const content = contentOf(document, at);
  const checked = profileSchema.safeParse(content);
  const refuseAll = (problems: readonly Problem[]): void => refuse(inFileOrder(problems, document, at));
  if (!checked.success) {
    refuseAll(describeIssues(checked.error.issues, content));
    throw checked.error;
  }
  return {
    input: checked.data,
    locate: (path) => at(offsetOf(document, path, false)),
    written: (path) => valueAt(content, path),
    refuse: refuseAll,
  };
}

/** Where aliases stand inside of their own anchor: what they describe would have no end. */
function circles(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias(_key, node, path) {
      const meant = node.resolve(document);
      if (meant !== undefined && path.some((outer) => outer === meant)) offsets.push(node.range?.[0] ?? 0);
    },
  });
  return offsets;
}

function inFileOrder(problems: readonly Problem[], document: Document, at: (offset: number) => string): string[] {
  return problems
    .map(({ path, isKey, text }) => ({ offset: offsetOf(document, path, isKey), text }))
    .sort((one, other) => one.offset - other.offset)
    .map(({ offset, text }) => `${at(offset)}: ${text}`);
}

/** The plain value; aliases that would blow up are the profile's fault, not ours. */
function contentOf(document: Document, at: (offset: number) => string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw profileError([`${at(0)}: ${error instanceof Error ? oneLine(error.message) : String(error)}`]);
  }
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw profileError(problems);
}

function profileError(problems: readonly string[]): ProfileError {
  const list = problems.length === 1 ? problems[0]! : `${problems.length} problems\n  ${problems.join("\n  ")}`;
  return new ProfileError(`Cannot load profile: ${list}`, "`utp-load profile schema` prints every key and its rule");
}

function syntaxText(error: YAMLError | YAMLWarning): string {
  if (error.code === "MULTIPLE_DOCS") return "a profile must be one document, got another after ---";
  if (error.code !== "TAG_RESOLVE_FAILED") return oneLine(error.message);
  const tag = oneLine(error.message).replace(/^.*: /, "").replace("tag:yaml.org,2002:", "!!");
  return `a value must be without a tag, for a profile is data and runs no code, got ${tag}`;
}

function oneLine(message: string): string {
  return message.split("\n", 1)[0]!.replace(/:$/, "");
}

/** Where the last written part of `path` starts: its value, or with `wantsKey` its key. */
function offsetOf(document: Document, path: KeyPath, wantsKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find((item) => keyText(item) === String(step)) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const isWantedKey = wantsKey && depth === path.length - 1;
    const start = (isWantedKey ? undefined : startOf(next)) ?? startOf(pair?.key);
    if (start === undefined) return offset;
    offset = start;
    node = isAlias(next) ? next.resolve(document) : next;
  }
  return offset;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

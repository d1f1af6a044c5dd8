// The tables of docs/profiles.md, made of the schema: every key with its type, default and meaning. Writes no file.
import { PATTERN_WORDS } from "./fields.js";
import { type KeyTree, resolved } from "./key-tree.js";
import { profileJsonSchema } from "./schema.js";

/** The part of JSON Schema that says what a value is. */
interface ValueTree extends KeyTree {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ValueTree>>;
  readonly items?: ValueTree;
  readonly prefixItems?: readonly ValueTree[];
  readonly additionalProperties?: ValueTree | boolean;
  readonly anyOf?: readonly ValueTree[];
  readonly $defs?: Readonly<Record<string, ValueTree>>;
}

/** Parts of the page, each with the keys of the top that it tells; what no other part tells stands in the first. */
const TOP_KEYS: Readonly<Record<string, readonly string[]>> = {
  load: [],
  connection: ["connectPayload", "headers", "localAddresses", "tls", "transport", "pipelines"],
  thresholds: ["thresholds"],
  server: ["server"],
  scenarios: ["scenarios"],
};
/** Parts for what stands in several places, by its name in the schema. */
const PARTS = ["step", "drawnWait", "payloadField", "generatedValue", "decodeField"];
/** What these are called where they stand as a value. */
const PART_WORDS: Readonly<Record<string, string>> = {
  step: "[step](#steps)",
  steps: "list: [step](#steps)",
  drawnWait: "[object](#waits)",
  payloadField: "[field](#payload-fields)",
  generatedValue: "[object](#values-of-fields)",
  decodeField: "[field](#decode-blocks)",
  reason: "[reason](errors.md)",
};

/** A table of markdown for each part of the page, by the name of the part. */
export function referenceTables(): Readonly<Record<string, string>> {
  const root = profileJsonSchema() as ValueTree;
  const elsewhere = new Set(Object.values(TOP_KEYS).flat());
  const tops = Object.entries(TOP_KEYS).map(([part, keys]) => {
    const isTold = (key: string): boolean => (keys.length === 0 ? !elsewhere.has(key) : keys.includes(key));
    const properties = Object.entries(root.properties ?? {}).filter(([key]) => isTold(key));
    return [part, table(rowsOf({ ...root, properties: Object.fromEntries(properties) }, "", root))];
  });
  const shared = PARTS.map((part) => [part, table(rowsOf(root.$defs?.[part] ?? {}, "", root))]);
  return Object.fromEntries([...tops, ...shared]);
}

type Row = readonly [key: string, type: string, fallback: string, meaning: string];

/** The keys of an object and, unless another part tells them, of what they hold. */
function rowsOf(tree: ValueTree, prefix: string, root: ValueTree): Row[] {
  return Object.entries(tree.properties ?? {}).flatMap(([key, written]) => {
    const path = `${prefix}${key}`;
    const child = resolved(written, root);
    const fallback = tree.required?.includes(key) ? "required" : defaultText(child.default);
    return [[`\`${path}\``, typeText(written), fallback, child.description ?? ""], ...innerRows(written, path, root)];
  });
}

function innerRows(tree: ValueTree, path: string, root: ValueTree): Row[] {
  if (tree.$ref !== undefined) return [];
  const { items, additionalProperties: named, anyOf = [] } = tree;
  return [
    ...rowsOf(tree, `${path}.`, root),
    ...(items === undefined ? [] : innerRows(items, `${path}[]`, root)),
    ...(typeof named === "object" ? innerRows(named, `${path}.<name>`, root) : []),
    ...anyOf.flatMap((choice) => innerRows(choice, path, root)),
  ];
}

function defaultText(value: unknown): string {
  return value === undefined ? "" : `\`${String(value)}\``;
}

function typeText(tree: ValueTree): string {
  const { $ref, anyOf, enum: names, prefixItems, items, additionalProperties: named } = tree;
  if ($ref !== undefined) return PART_WORDS[$ref.split("/").at(-1)!] ?? "object";
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(", or ");
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(", ");
  if (prefixItems !== undefined) return `two: ${typeText(prefixItems[0]!)}`;
  if (items !== undefined) return `list: ${typeText(items)}`;
  if (typeof named === "object") return `by name: ${typeText(named)}`;
  return tree.const === undefined ? scalarText(tree) : `\`${String(tree.const)}\``;
}

function scalarText({ type, pattern, minimum, maximum }: ValueTree): string {
  if (type === "boolean") return "`true`, `false`";
  if (type === "string") return PATTERN_WORDS.get(pattern ?? "") ?? "text";
  if (type !== "integer" && type !== "number") return "object";
  const isBound = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return isBound ? `${type}, ${minimum} to ${maximum}` : type;
}

/** Columns of one width each, as a person would write them. */
function table(rows: readonly Row[]): string {
  const cells = [["key", "type", "default", "meaning"], ...rows].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|")),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

const BLOCK = /(<!-- keys: (\w+) -->\n)[\s\S]*?(<!-- end of keys -->)/g;

/** A page with its tables made anew: each between `<!-- keys: PART -->` and `<!-- end of keys -->`. */
export function withReference(page: string): string {
  const tables = referenceTables();
  return page.replace(BLOCK, (whole, head: string, part: string, tail: string) => {
    const made = tables[part];
    return made === undefined ? whole : `${head}\n${made}\n\n${tail}`;
  });
}

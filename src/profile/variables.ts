// Fills `${NAME}` and `${NAME:-default}` in the values of a profile from named values. Keys and comments stay as they are.
import { type Document, isMap, Scalar, visit } from "yaml";

/** Values by name, such as those of `--env` over the process' environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** A `${NAME}` without a value; `offset` is where its scalar starts. */
export interface MissingVariable {
  readonly name: string;
  readonly offset: number;
}

/**
 * Replaces references inside the document. An unquoted value that was a single reference may become a number or true and
 * false, as if it had been written there; everything else stays a text. `$${` writes a plain `${`.
 */
export function fillVariables(document: Document, variables: Variables): MissingVariable[] {
  const missing: MissingVariable[] = [];
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== "string" || !node.value.includes("${")) return;
      if (key === "key" && isMap(path.at(-2))) return;
      const text = node.value;
      const filled = text.replace(REFERENCE, (_, escaped, name: string, fallback: string | undefined) => {
        if (escaped !== undefined) return "${";
        const value = variables[name] ?? fallback;
        if (value === undefined) missing.push({ name, offset: node.range?.[0] ?? 0 });
        return value ?? "";
      });
      const isWhole = node.type === Scalar.PLAIN && /^\$\{[^}]*\}$/.test(text);
      node.value = isWhole ? plainValue(filled) : filled;
    },
  });
  return missing;
}

function plainValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

// The content of a feeder's file, CSV or JSON lines, as columns and rows of texts, or what is wrong with it and where. Reads no files.
import { parseCsv } from "./csv.js";
import { valueText } from "./describe-issues.js";
import { NAME } from "./schema-value.js";

export interface FeederRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `rule` is what the line must be. */
export interface FeederFault {
  readonly line: number;
  readonly rule: string;
  readonly got: string;
}

const COLUMN_RULE = "columns named by 1 to 64 letters, digits, dashes or underscores, each once";
const OBJECT_RULE = "a JSON object of texts, numbers and truth values";

/** By the file's name: undefined where it says neither CSV nor JSON lines. */
export function feederRows(fileName: string, text: string): FeederRows | FeederFault | undefined {
  if (/\.csv$/i.test(fileName)) return csvRows(text);
  return /\.(?:jsonl|ndjson)$/i.test(fileName) ? jsonRows(text) : undefined;
}

function csvRows(text: string): FeederRows | FeederFault {
  const parsed = parseCsv(text);
  if (!Array.isArray(parsed)) return { ...parsed, got: "a quote" };
  const [head, ...body] = parsed;
  const columns = head?.cells.map((cell) => cell.trim()) ?? [];
  const fault = columnFault(columns, head?.line ?? 1);
  if (fault !== undefined) return fault;
  const uneven = body.find(({ cells }) => cells.length !== columns.length);
  if (uneven !== undefined) {
    return { line: uneven.line, rule: `${columns.length} cells as in the first line`, got: `${uneven.cells.length}` };
  }
  return { columns, rows: body.map(({ cells }) => cells) };
}

function jsonRows(text: string): FeederRows | FeederFault {
  let columns: string[] | undefined;
  const rows: string[][] = [];
  for (const [index, source] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (source.trim() === "") continue;
    const line = index + 1;
    const row = parsedRow(source);
    if (row === undefined) return { line, rule: OBJECT_RULE, got: valueText(source) };
    if (columns === undefined) {
      columns = Object.keys(row);
      const fault = columnFault(columns, line);
      if (fault !== undefined) return fault;
    }
    const names = Object.keys(row);
    if (names.length !== columns.length || !columns.every((column) => Object.hasOwn(row, column))) {
      return { line, rule: `an object of ${columns.join(", ")} as the first one`, got: valueText(source) };
    }
    rows.push(columns.map((column) => String(row[column])));
  }
  return columns === undefined ? { line: 1, rule: OBJECT_RULE, got: "nothing" } : { columns, rows };
}

function parsedRow(source: string): Record<string, unknown> | undefined {
  let row: unknown;
  try {
    row = JSON.parse(source);
  } catch {
    return undefined;
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) return undefined;
  const isScalar = (cell: unknown): boolean => ["string", "number", "boolean"].includes(typeof cell);
  return Object.values(row).every(isScalar) ? (row as Record<string, unknown>) : undefined;
}

function columnFault(columns: readonly string[], line: number): FeederFault | undefined {
  const isWrong = columns.length === 0 || new Set(columns).size < columns.length || !columns.every((c) => NAME.test(c));
  return isWrong ? { line, rule: COLUMN_RULE, got: valueText(columns.join(",")) } : undefined;
}

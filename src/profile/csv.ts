// Rows of CSV as RFC 4180 has it: commas, quotes, quotes in quotes, any line ends. Knows nothing of what the cells mean.

export interface CsvRow {
  readonly cells: readonly string[];
  /** Where the row begins, from 1. */
  readonly line: number;
}

/** The line of a quote that is never closed, or that stands where none may. */
export interface CsvFault {
  readonly line: number;
  readonly rule: string;
}

/** A cell and what is behind it: a comma, the end of a line, or the end of the text. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/** All rows; lines without anything are left out. A byte order mark is no text. */
export function parseCsv(text: string): CsvRow[] | CsvFault {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  CELL.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  for (;;) {
    const found = CELL.exec(text);
    if (found === null) return { line, rule: 'a cell, in quotes as a whole or not at all, a " in it written ""' };
    const [whole, quoted, plain = "", end] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += linesIn(whole);
    if (end === ",") continue;
    const isBlank = cells.length === 1 && quoted === undefined && plain === "";
    if (!isBlank) rows.push({ cells, line: startLine });
    if (CELL.lastIndex >= text.length && end === "") return rows;
    cells = [];
    startLine = line;
  }
}

function linesIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

// Tables of a page: a caption, heads with scopes, numbers at the right edge. Pure.
import { type Content, html, type Markup } from "./markup.js";

export interface Column {
  readonly head: string;
  /** Left: words. Right, the default: numbers. */
  readonly align?: "left";
}

export interface TableRow {
  /** The first stands for the row; the others are numbers or words, as their column says. */
  readonly cells: readonly Content[];
  /** Something failed: the row is marked, in words as well by its own cells. */
  readonly isBad?: boolean;
}

export interface TableText {
  /** What the table holds; it is read first. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

/** A table that scrolls in its own box where the screen is narrower; nothing where it has no rows. */
export function table({ caption, columns, rows }: TableText): Markup | undefined {
  if (rows.length === 0) return undefined;
  const heads = columns.map(({ head, align }) => html`<th scope="col"${leftClass(align)}>${head}</th>`);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map((row) => rowMarkup(row, columns))}</tbody>
</table></div>
`;
}

function rowMarkup({ cells, isBad }: TableRow, columns: readonly Column[]): Markup {
  const [first, ...rest] = cells;
  const data = rest.map((cell, index) => html`<td${leftClass(columns[index + 1]?.align)}>${cell}</td>`);
  return html`<tr${isBad === true && html` class="bad"`}><th scope="row">${first}</th>${data}</tr>
`;
}

function leftClass(align: Column["align"]): Content {
  return align === "left" && html` class="left"`;
}

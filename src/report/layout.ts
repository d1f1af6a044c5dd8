// Lines of a terminal: words broken at the edge, a colour where there may be one. Pure.

/** Terminals are at least this wide; nothing here counts on more. */
export const WIDTH_COLUMNS = 80;

export type Color = "green" | "red" | "yellow" | "bold" | "dim";
const CODES: Record<Color, number> = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 };

/** Colours a text, or gives it back as it is. */
export type Paint = (color: Color, text: string) => string;

export function painter(useColor: boolean): Paint {
  return (color, text) => (useColor && text !== "" ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text);
}

/** Text of others (names, causes) may hold control characters that would move the cursor: they become blanks. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

/**
 * Breaks a text between words so that no line is wider than the terminal. A word that is wider stays whole: a path must be copied.
 *
 * @param first What stands before the first line, for example a label; the lines behind it start in the same column.
 */
export function wrapped(first: string, text: string): string[] {
  const indent = " ".repeat(first.length);
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of withoutControls(text)
    .split(" ")
    .filter((part) => part !== "")) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH_COLUMNS) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

// Pieces of Markdown that every report uses: tables, and texts of others that must not become markup. Pure.

/** @param rule Of each column, such as `---:` for numbers. */
export function table(
  head: readonly string[],
  rule: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Every character that Markdown or HTML would read as markup, as its number. */
export function plain(text: string): string {
  return oneLine(text).replace(/[&<>|`*[\]\\~]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

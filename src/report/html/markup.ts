// HTML as a value that text of others cannot break out of: whatever is put into it is escaped, unless it is HTML already. Pure.

/** A piece of HTML. Text of others becomes one through `html` and `embeddedJson` only. */
export class Markup {
  readonly text: string;

  /** @param text HTML that this package has written, never text of others. */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in `${}`: `undefined` and `false` leave nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** html`<b>${text}</b>`: values are escaped for text and for attributes in double quotes. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => `${text}${rendered(values[index - 1])}${part}`));
}

function rendered(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(rendered).join("");
  return escaped(String(value));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Control characters have no place in a page, and marks that turn the direction of writing could make a text read as another. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * A value as JSON for `<script type="application/json">`: nothing in it ends the script or opens a comment, and it stays the same when a
 * program reads it as JavaScript.
 */
export function embeddedJson(value: unknown): Markup {
  const escapes: Record<string, string> = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
  };
  return new Markup(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character]!));
}

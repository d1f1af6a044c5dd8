// Request headers whose values are secrets: results and printed settings are passed around, these values are not.

export const SECRET_HEADERS: readonly string[] = ["authorization", "proxy-authorization", "cookie", "x-api-key"];
export const LEFT_OUT = "(left out)";

/** The value of a header as it may be shown. */
export function shownHeaderValue(name: string, value: string): string {
  return SECRET_HEADERS.includes(name.toLowerCase()) ? LEFT_OUT : value;
}

// The rule of objects whose key says what they are: exactly one of several keys. Checks no values.
import type { z } from "zod";

/** For `superRefine`: exactly one of `keys` stands in the object, else `rule` is what it must be. */
export function oneOf(keys: readonly string[], rule: string) {
  return (value: object, context: z.RefinementCtx): void => {
    const found = keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined);
    if (found.length !== 1) context.addIssue({ code: "custom", message: rule });
  };
}

/** `a, b and c` */
export function listed(names: readonly string[], word = "and"): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}

// Whether stdout may have colours: the flag, else the terminal and what it asks for. Prints nothing.

/** @param flag `--color`, `--no-color`; undefined: a terminal has colours, but under `NO_COLOR` and `CI`. */
export function showsColor(flag: boolean | undefined): boolean {
  if (flag !== undefined) return flag;
  const { NO_COLOR, CI } = process.env;
  return process.stdout.isTTY === true && !NO_COLOR && !CI;
}

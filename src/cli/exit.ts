// How an error reaches a person (or a program, with --json) and which code the process ends with. Ends nothing itself.
import { UtpLoadError } from "../errors.js";
import { exitCode } from "../result/exit-code.js";

const BUG_HINT = "This is a bug: please report it with the lines above and the command";

/** Where text goes; a test brings its own. */
export interface ErrorOutput {
  stdout(text: string): void;
  stderr(text: string): void;
}

const PROCESS_OUTPUT: ErrorOutput = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
};

/** 104 for what the user or the machine can mend, 113 for a connection, 109 for everything that should never happen. */
export function errorExitCode(error: unknown): number {
  if (!(error instanceof UtpLoadError)) return exitCode({ internalError: true });
  return exitCode(error.code === "E_CONNECTION" ? { neverReached: true } : { usage: true });
}

/** Tells `error` on stderr, or as `{ "error": { code, message, hint } }` on stdout. Gives the exit code. */
export function reportError(error: unknown, asJson: boolean, output: ErrorOutput = PROCESS_OUTPUT): number {
  const isOurs = error instanceof UtpLoadError;
  const message = error instanceof Error ? error.message : String(error);
  const code = isOurs ? error.code : "E_INTERNAL";
  const hint = isOurs ? error.hint : BUG_HINT;
  if (!isOurs) output.stderr(`Internal error: ${stackOf(error)}\n`);
  else if (!asJson) output.stderr(`${message}\n`);
  if (asJson) output.stdout(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else output.stderr(`${hint}\n`);
  return errorExitCode(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whether errors are wanted as JSON, known before the arguments are parsed: they may be what is wrong. */
export function wantsJson(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): boolean {
  const flag = args.findLast((arg) => arg === "--json" || arg.startsWith("--json="));
  if (flag !== undefined) return flag !== "--json=false";
  return ["1", "true", "yes", "on"].includes(environment.UTP_LOAD_JSON?.toLowerCase() ?? "");
}

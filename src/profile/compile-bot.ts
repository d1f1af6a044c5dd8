// A scenario's script as written becomes a bot's script: the file is looked at, what belongs to it is checked. Runs none of its code.
import type { Path } from "./findings.js";
import type { Scenario } from "./scenario.js";
import type { ScenarioScope } from "./scenario-scope.js";
import type { WrittenScenario } from "./schema-scenario.js";

/** Ways to export something as `bot`. Whether it is a function shows when it is loaded. */
const EXPORTS = [
  /\bexport\s+(?:async\s+)?(?:function\s*\*?|class)\s*bot\b/,
  /\bexport\s+(?:const|let|var)\b[\s\S]*\bbot\b/,
  /\bexport\s*\{[^}]*\bbot\s*[,}]/,
  /\bexport\s*\*/,
];
const COMMENT = /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;

export function compileBot(written: WrittenScenario, path: Path, scope: ScenarioScope): Pick<Scenario, "bot"> {
  const { script, values = {}, metrics = {} } = written;
  if (script === undefined) {
    for (const key of ["values", "metrics"] as const) {
      if (written[key] === undefined) continue;
      scope.findings.wrong([...path, key], "left out without script, for only scripts read it", written[key]);
    }
    return {};
  }
  const made = Object.entries(metrics).map(([name, kind]) => {
    scope.addMetric(name, kind, [...path, "metrics", name]);
    return { name, kind };
  });
  return { bot: { file: script, path: findScript(script, [...path, "script"], scope), values, metrics: made } };
}

/** The whole path; what is wrong with the file is told as far as it shows in its text. */
function findScript(script: string, path: Path, scope: ScenarioScope): string {
  const read = scope.surroundings.readFile(script);
  if ("rule" in read) {
    scope.findings.wrong(path, read.rule, read.got);
    return script;
  }
  const text = new TextDecoder().decode(read.bytes).replace(COMMENT, " ");
  const rule = "a file that exports a function bot (export function bot(context) { ... })";
  const syntaxError = scope.surroundings.syntaxErrorOf(read.path);
  if (syntaxError !== undefined) scope.findings.wrong(path, `JavaScript (${syntaxError})`, script);
  else if (!EXPORTS.some((way) => way.test(text))) scope.findings.wrong(path, rule, script);
  return read.path;
}

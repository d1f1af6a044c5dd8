// Gathers what is wrong with a profile once its parts are put together, each with its place. Throws nothing.
import { mustBe, type Problem, pathText } from "./describe-issues.js";

export type Path = readonly PropertyKey[];

export class Findings {
  readonly #problems: Problem[] = [];

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * The value at `path` must be `rule`.
   *
   * @param choices Names of which the value might be one, misspelt.
   */
  wrong(path: Path, rule: string, got: unknown, choices: readonly string[] = []): void {
    this.#problems.push({ path, isKey: false, text: mustBe(pathText(path), rule, got, choices) });
  }

  /** The name that somebody chose as the last of `path` must be `rule`. */
  wrongName(path: Path, rule: string): void {
    const name = String(path.at(-1));
    const text = `the name ${name} in ${pathText(path.slice(0, -1))} must be ${rule}`;
    this.#problems.push({ path, isKey: true, text });
  }
}

// What the bots of one scenario share in a thread. Types only.
import type { BotFactory } from "../bot/index.js";
import type { BotScript } from "../profile/scenario.js";

/** A script file, loaded: what it exports as `bot`, or why there is none. */
export type BotModule = { readonly factory: BotFactory } | { readonly error: unknown };

/** Runs the code of bots so that somebody sees which one is at it, and hears of what it leaves behind. */
export interface BotWatch {
  /**
   * Calls `code` as that of client `number`. What it throws comes through; `fail` hears of what goes wrong after it has returned: a
   * promise that rejects, a timer of its own that throws.
   *
   * @param scenario Its place in the profile, from 0.
   */
  run<Result>(scenario: number, number: number, code: () => Result, fail: (error: unknown) => void): Result;
}

/** Everything that a thread needs to play bots. */
export interface BotStage {
  /** By the path of their file. */
  readonly modules: ReadonlyMap<string, BotModule>;
  readonly watch: BotWatch;
}

export interface BotRole {
  readonly script: BotScript;
  /** Place of the scenario in the profile, from 0. */
  readonly scenario: number;
  readonly module: BotModule;
  readonly watch: BotWatch;
  /** Pipelines by what a bot may call them: ids by name, and what each is called to it by id. */
  readonly pipelineIds: ReadonlyMap<string | number, number>;
  readonly pipelineNames: readonly (string | number)[];
  /** Errors that the log has told, by place and text. */
  readonly told: Set<string>;
}

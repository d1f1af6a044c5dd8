// A player on a virtual clock that a bot plays, written by the test. Loads no file and watches nothing.
import type { Bot, BotContext, BotFactory } from "../../../src/bot/index.js";
import type { BotScript, Scenario } from "../../../src/profile/scenario.js";
import type { BotModule, BotStage } from "../../../src/virtual-user/bot-role.js";
import { UserBench, type UserBenchOptions } from "./user-bench.js";

const SCRIPT: BotScript = { file: "bot.mjs", path: "/game/bot.mjs", values: {}, metrics: [] };

/** What a bot's code left behind that failed, as `process` would tell it. */
export type LateError = (error: unknown) => void;

export interface BotBenchOptions extends Omit<UserBenchOptions, "bots"> {
  readonly script?: Partial<BotScript>;
  readonly module?: BotModule;
}

export class BotBench extends UserBench {
  readonly context: BotContext;
  /** Of the code that was called last. */
  readonly #late: { fail: LateError };

  /** The player's first attempt is under way, if there is one. */
  constructor(play: (context: BotContext) => Bot, options: BotBenchOptions = {}) {
    const given: { context?: BotContext } = {};
    const late: { fail: LateError } = { fail: () => undefined };
    const factory: BotFactory = (context) => {
      given.context = context;
      return play(context);
    };
    const { script, module = { factory }, scenario, ...rest } = options;
    const bots: BotStage = {
      modules: new Map([[SCRIPT.path, module]]),
      watch: {
        run: (_scenario, _number, code, fail) => {
          late.fail = fail;
          return code();
        },
      },
    };
    const ownScenario: Partial<Scenario> = { ...scenario, bot: { ...SCRIPT, ...script } };
    super({ ...rest, scenario: ownScenario, bots });
    this.context = given.context!;
    this.#late = late;
  }

  /** The same, and the first attempt was accepted at 0. */
  static connected(play: (context: BotContext) => Bot, options?: BotBenchOptions): BotBench {
    const bench = new BotBench(play, options);
    bench.session.accepts();
    return bench;
  }

  /** Something that the bot's code started fails, long after it has returned. */
  failsLate(error: unknown): void {
    this.#late.fail(error);
  }
}

/** Times and first bytes of what was sent, such as `0:1`. */
export function sentBy(bench: UserBench): string[] {
  return bench.sent.map(({ atMs, payload }) => `${Math.round(atMs)}:${payload[0]}`);
}

// Any script, any behaviour of the server: the books balance, nobody hangs, and the same seed plays the same.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Payload, Step } from "../../../src/profile/scenario.js";
import { propertyParameters } from "../../support/property.js";
import { seededRandom } from "../../support/random.js";
import {
  bytesOf,
  every,
  expectByte,
  literal,
  log,
  marked,
  reconnect,
  repeat,
  send,
  set,
  variable,
  wait,
  when,
} from "./script-steps.js";
import { UserBench } from "./user-bench.js";

const payload: fc.Arbitrary<Payload> = fc.constantFrom<Payload>(
  marked(16),
  marked(8),
  marked(2000),
  bytesOf(1, { from: "random", min: 0, max: 255 }),
);

const plainStep: fc.Arbitrary<Step> = fc.oneof(
  payload.map((given): Step => ({ do: "send", pipelineId: 0, payload: given })),
  fc.tuple(fc.integer({ min: 5, max: 300 }), payload).map(([intervalMs, given]) => every(intervalMs, given)),
  fc.integer({ min: 0, max: 200 }).map(wait),
  fc.tuple(fc.boolean(), fc.boolean()).map(([rtt, required]) => expectByte(7, { rtt, required })),
  fc.integer({ min: 0, max: 200 }).map(reconnect),
  fc.constantFrom<Step>(set("x", literal(1)), send(variable("x")), log("here"), { do: "disconnect" }),
);

/** Without an end it takes time, else a thousand steps would be done for every millisecond. */
const repeated = (times: number | undefined, steps: readonly Step[]): Step =>
  times === undefined ? repeat(times, wait(20), ...steps) : repeat(times, ...steps);

const { steps: anySteps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: plainStep },
    fc.tuple(fc.constantFrom(0, 1, 3, undefined), tie("steps")).map(([times, steps]) => repeated(times, steps)),
    fc.tuple(tie("steps"), tie("steps")).map(([one, other]) => when(variable("x"), 1, one, other)),
    fc.tuple(tie("steps"), tie("steps")).map(
      ([one, other]): Step => ({
        do: "choose",
        options: [
          { weight: 1, steps: one },
          { weight: 3, steps: other },
        ],
      }),
    ),
  ),
  steps: fc.array(tie("step"), { maxLength: 4 }),
}));

const RECONNECT = {
  reasons: ["ClosedByServer", "ScriptError"],
  maxReconnects: 3,
  firstMs: 20,
  factor: 2,
  maxMs: 60,
  jitterShare: 0.5,
};

/** A server with moods, until the player is done. */
function play(steps: readonly Step[], seed: number): UserBench {
  const random = seededRandom(seed);
  // A variable that nothing sets does not compile.
  const scenario = { steps: [set("x", literal(0)), ...steps], reconnect: RECONNECT };
  const bench = new UserBench({ stopMs: 1500, scenario });
  for (let turn = 0; turn < 400 && bench.user.state !== "done"; turn++) {
    const { session } = bench;
    if (!session.isEnded) act(bench, random);
    else session.released();
    if (random() < 0.05) bench.clock.blockFor(random() * 1500);
    bench.clock.advanceBy(random() * 40);
  }
  for (const session of bench.sessions) session.released();
  return bench;
}

function act({ session }: UserBench, random: () => number): void {
  const mood = random();
  if (session.timings.acceptMs === undefined) {
    if (mood < 0.7) session.accepts();
    else session.destroy("ConnectionRefused");
  } else if (mood < 0.4) session.says(Uint8Array.of(7));
  else if (mood < 0.6) for (const { payload: echo } of session.sent.slice(-3)) session.says(echo);
  else if (mood < 0.63) session.ends();
  else session.bufferedBytes = mood < 0.7 ? 1e6 : 0;
}

describe("any script", () => {
  it("keeps its books, comes to its end, and plays the same again", () => {
    fc.assert(
      fc.property(anySteps, fc.nat(), (steps, seed) => {
        const bench = play(steps, seed);
        expect([bench.user.state, bench.done]).toEqual(["done", 1]);
        const total = bench.books();
        const sum = (name: string): number => total.sum(name);
        expect(sum("messages_planned")).toBe(sum("messages_sent") + sum("dropped_sends"));
        expect(sum("messages_sent")).toBe(bench.sent.length);
        expect(sum("connect_established")).toBe(sum("disconnects"));
        expect(sum("connect_attempts")).toBe(bench.sessions.length);
        expect(sum("reconnects")).toBe(bench.sessions.length - 1);
        expect(sum("clients_started")).toBe(
          sum("clients_connected_ever") + sum("clients_failed") + sum("clients_cancelled"),
        );
        expect(sum("messages_answered")).toBeLessThanOrEqual(sum("messages_sent"));
        expect(bench.user.outcome).toMatchObject({ sent: sum("messages_sent"), answered: sum("messages_answered") });
        expect(play(steps, seed).sent).toEqual(bench.sent);
      }),
      propertyParameters("any script", 150),
    );
  });
});

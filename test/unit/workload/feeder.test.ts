// Feeders: which row is whose, and its columns as variables.
import { describe, expect, it } from "vitest";
import type { Feeder } from "../../../src/profile/scenario.js";
import { compileFeeders, feederRow } from "../../../src/workload/feeder.js";
import { ScriptClients } from "../../support/script-client.js";

const ROWS = [
  ["ann", "t0"],
  ["bob", "t1"],
  ["eve", "t2"],
] as const;
const feeder = (order: Feeder["order"], rows: Feeder["rows"] = ROWS): Feeder => {
  return { name: "players", columns: ["name", "token"], rows, order };
};
const rowsOf = (of: Feeder, count: number, seed = 1, index = 0): (number | undefined)[] =>
  Array.from({ length: count }, (_, client) => feederRow(of, client, seed, index));

describe("feederRow()", () => {
  it.each<[Feeder["order"], (number | undefined)[]]>([
    ["unique", [0, 1, 2, undefined, undefined]],
    ["cyclic", [0, 1, 2, 0, 1]],
  ])("%s", (order, expected) => {
    expect(rowsOf(feeder(order), 5)).toEqual(expected);
  });

  it("random: seeded, each row as often, feeders apart", () => {
    const rows = rowsOf(feeder("random"), 3000);
    expect(rows).toEqual(rowsOf(feeder("random"), 3000));
    for (const row of [0, 1, 2]) expect(Math.abs(rows.filter((one) => one === row).length - 1000)).toBeLessThan(150);
    expect(rows).not.toEqual(rowsOf(feeder("random"), 3000, 2));
    expect(rows).not.toEqual(rowsOf(feeder("random"), 3000, 1, 1));
  });

  it.each(["unique", "cyclic", "random"] as const)("%s without rows has none for anybody", (order) => {
    expect(rowsOf(feeder(order, []), 2)).toEqual([undefined, undefined]);
  });
});

describe("FeederRows.assign()", () => {
  it("sets the columns of the client's row, and says when there is none", () => {
    const clients = new ScriptClients(["players.name", "players.token"]);
    const rows = compileFeeders([feeder("unique")], clients.layout);
    const [bob, late] = [clients.client(1), clients.client(3)];
    expect([rows.assign(bob), rows.assign(late)]).toEqual([true, false]);
    const slots = ["players.name", "players.token"].map((name) => clients.layout.slotOf(name));
    expect(slots.map((slot) => bob.get(slot))).toEqual(["bob", "t1"]);
  });

  it("refuses a column that is no variable", () => {
    expect(() => compileFeeders([feeder("unique")], new ScriptClients().layout)).toThrow(RangeError);
  });
});

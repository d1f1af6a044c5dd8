// The budget of one pass over the sockets, charged as protocol page 14.7 says, and the pieces it stands on.
import { describe, expect, it } from "vitest";
import { HeldInput } from "../../../src/server/held-input.js";
import { readPass } from "../../../src/server/read-pass.js";
import type { ServerClient } from "../../../src/server/server-client.js";
import { SocketTable } from "../../../src/server/socket-table.js";

/** A client as a pass and the table see it: so many bytes held, ended or not. */
function client(id: number, heldBytes = 0, isEnded = false): ServerClient {
  const held = new HeldInput();
  held.add(new Uint8Array(heldBytes));
  held.isEnded = isEnded;
  return { id, held } as unknown as ServerClient;
}

/** Held bytes of each client, a minus sign: ended. Gives what was read of whom, the charge, and how the pass came to its end. */
function pass(held: readonly number[], budget: number, stopsAtEnd = true): string {
  const clients = held.map((bytes, id) => client(id, Math.abs(bytes), Object.is(bytes, -0) || bytes < 0));
  const { reads, charged, ranOut, cutByEnd } = readPass(clients, budget, stopsAtEnd);
  const parts = reads.map(({ client: { id }, chunk }) => `${id}:${chunk === "end" ? "end" : chunk.length}`);
  return [...parts, `charged ${charged}`, ...(ranOut ? ["ran out"] : []), ...(cutByEnd ? ["cut"] : [])].join(" ");
}

describe("a pass", () => {
  it.each([
    ["idle sockets cost one read each", [0, 0, 0], 10, "charged 3"],
    ["the budget reaches just the last", [0, 0, 0], 3, "charged 3"],
    ["sockets behind the budget get nothing", [0, 0, 0], 2, "charged 2 ran out"],
    ["what is held costs one more", [100], 10, "0:100 charged 2"],
    ["1400 bytes are one chunk", [1400], 10, "0:1400 charged 2"],
    ["1401 are two", [1401], 10, "0:1400 0:1 charged 3"],
    ["the last chunk of the budget saves the empty read", [100, 0], 1, "0:100 charged 1 ran out"],
    ["the rest stays held", [3000, 5], 2, "0:1400 0:1400 charged 2 ran out"],
    ["the last socket may use the budget up", [0, 100], 2, "1:100 charged 2"],
    ["an end costs a read and ends the pass", [0, -0, 5], 10, "1:end charged 2 cut"],
    ["an end comes behind what is held", [-100, 0], 10, "0:100 0:end charged 2 cut"],
    ["an end behind the budget waits", [-100, 0], 1, "0:100 charged 1 ran out"],
    ["an end in the last slot cuts nobody short", [0, -0], 10, "1:end charged 2"],
  ])("%s", (_name, held, budget, expected) => {
    expect(pass(held, budget)).toBe(expected);
  });

  it("goes on behind an end where that limit is off", () => {
    expect(pass([-0, -0, 5], 10, false)).toBe("0:end 1:end 2:5 charged 4");
  });
});

describe("held input", () => {
  it("is read over the borders of its pieces, in order", () => {
    const held = new HeldInput();
    for (const piece of [[1, 2], [], [3], [4, 5, 6]]) held.add(Uint8Array.from(piece));
    expect(held.bytes).toBe(6);
    expect([...held.read(4)!]).toEqual([1, 2, 3, 4]);
    expect([...held.read(4)!]).toEqual([5, 6]);
    expect(held.read(4)).toBeUndefined();
    expect(held.bytes).toBe(0);
  });
});

describe("slots", () => {
  it("are given in the order of arrival, and the lowest free one again first", () => {
    const table = new SocketTable();
    const clients = [0, 1, 2, 3, 4, 5].map((id) => client(id));
    const accept = (id: number): void => {
      table.arrive(clients[id]!);
      table.acceptOne();
    };
    const order = (): number[] => [...table.inSlotOrder()].map(({ id }) => id);
    for (const id of [0, 1, 2, 3]) accept(id);
    table.remove(clients[2]!);
    table.remove(clients[0]!);
    accept(4);
    expect(order()).toEqual([4, 1, 3]);
    accept(5);
    expect(order()).toEqual([4, 1, 5, 3]);
    expect(table.size).toBe(4);
  });

  it("are not given to a socket that left while it waited", () => {
    const table = new SocketTable();
    const [gone, waiting] = [client(0), client(1)];
    table.arrive(gone);
    table.arrive(waiting);
    table.remove(gone);
    expect(table.waiting).toBe(1);
    expect(table.acceptOne()).toBe(waiting);
    expect(table.acceptOne()).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { UpdateGrid } from "../../../src/client/update-grid.js";

/** Ten updates a second from 1000 ms on. */
function grid(): UpdateGrid {
  const made = new UpdateGrid(10);
  made.start(1000);
  return made;
}

describe("UpdateGrid", () => {
  it.each([
    [0, 1100],
    [1000, 1100],
    [1001, 1100],
    [1100, 1100],
    [1100.5, 1200],
    [5678, 5700],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])("the update for %d is at %d", (atMs, updateMs) => {
    expect(grid().updateAt(atMs)).toBe(updateMs);
  });

  it("gives no moment twice", () => {
    const made = grid();
    made.begin(1100);
    expect(made.updateAt(1100)).toBe(1200);
    made.begin(1100.01);
    expect(made.updateAt(1100)).toBe(1300);
  });

  it("does not make up for missed updates", () => {
    const made = grid();
    made.begin(1655);
    expect(made.updateAt(0)).toBe(1700);
  });

  it("hits its own moments at 60 Hz, sums of thirds and all", () => {
    const made = new UpdateGrid(60);
    made.start(123.456);
    let atMs = 123.456;
    for (let update = 1; update <= 10_000; update++) {
      const next = made.updateAt(atMs + 0.001);
      expect(next - 123.456).toBeCloseTo((update * 1000) / 60, 6);
      expect(made.updateAt(next)).toBe(next);
      made.begin(next);
      atMs = next;
    }
  });
});

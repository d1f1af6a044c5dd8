// How many of the captures are replayed, on either side, and which are not and why.
import { describe, expect, it } from "vitest";
import { ABSENT, captureNames, clientSideCaptures, goldenFolder, serverSideCaptures } from "./golden.js";

const LEAST_REPLAYED = 60;
const isAbsent = goldenFolder() === undefined;
if (isAbsent) console.log(ABSENT);

describe.skipIf(isAbsent)("captures", () => {
  const server = serverSideCaptures();
  const client = clientSideCaptures();
  const replayed = new Set([...server.replayed, ...client.replayed]);

  it(`are replayed, at least ${LEAST_REPLAYED} of them`, () => {
    console.log(
      `captures: ${replayed.size} of ${captureNames().length} replayed ` +
        `(${server.replayed.length} for the server, ${client.replayed.length} for the client)`,
    );
    expect(replayed.size).toBeGreaterThanOrEqual(LEAST_REPLAYED);
  });

  it("are each replayed, or named with the reason", () => {
    const skipped = new Map([...server.skipped, ...client.skipped].map(({ name, reason }) => [name, reason]));
    for (const [name, reason] of skipped) console.log(`capture not replayed: ${name}: ${reason}`);
    expect([...replayed, ...skipped.keys()].sort()).toEqual([...captureNames()].sort());
  });
});

import { describe, expect, it } from "vitest";
import type { Peer } from "../../../src/protocol/acceptor.js";
import { Backlog } from "../../../src/server/backlog.js";
import { hex } from "../../support/bytes.js";

const PEER = { id: 0 } as Peer;

/** A backlog whose window takes only messages of at most `room` bytes. */
function bench() {
  const state = { room: 0 };
  const sent: string[] = [];
  const backlog = new Backlog((_peer, pipelineId, payload) => {
    if (payload.length > state.room) return "queueFull";
    sent.push(`${pipelineId} ${hex(payload)}`);
    return "accepted";
  });
  return { state, sent, backlog };
}

describe("a backlog", () => {
  it("lets no message of a pipeline overtake another, and holds up no other pipeline", () => {
    const { state, sent, backlog } = bench();
    backlog.add(PEER, 1, Uint8Array.of(1, 1, 1));
    backlog.add(PEER, 1, Uint8Array.of(2));
    backlog.add(PEER, 2, Uint8Array.of(3));
    state.room = 1;
    backlog.retry();
    expect(sent).toEqual(["2 03"]);
    expect([backlog.holds(PEER, 1), backlog.holds(PEER, 2)]).toEqual([true, false]);
    state.room = 3;
    backlog.retry();
    expect(sent).toEqual(["2 03", "1 010101", "1 02"]);
    expect(backlog.holds(PEER, 1)).toBe(false);
  });

  it("keeps 1,024 messages of a connection, as copies, and forgets them with it", () => {
    const { state, sent, backlog } = bench();
    const payload = Uint8Array.of(7);
    for (let count = 0; count < 1024; count++) expect(backlog.add(PEER, 1, payload)).toBe(true);
    expect(backlog.add(PEER, 1, payload)).toBe(false);
    payload[0] = 8;
    state.room = 1;
    backlog.retry();
    expect(new Set(sent)).toEqual(new Set(["1 07"]));
    backlog.add(PEER, 1, payload);
    backlog.forget(PEER);
    expect(backlog.holds(PEER, 1)).toBe(false);
  });
});

// Client and server joined by a bad network, on a virtual clock: they connect, they agree, they stay, they end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TOKEN } from "../support/bytes.js";
import { ConnectionPair } from "../support/connection-pair.js";
import { almostUtp, propertyParameters } from "../support/property.js";

const ONE_HOUR_MS = 3_600_000;
/** After this on a sound link nobody can hold a wrong opinion: the disconnect timeout, twice, and the retries. */
const QUIESCENCE_MS = 130_000;
const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe("a sound link", () => {
  it("connects within one round trip and echoes", () => {
    const pair = new ConnectionPair({ link: { delayMs: 20 }, echo: true });
    pair.open();
    pair.clock.advanceTo(40);
    expect([pair.atClient.established, pair.atServer.established]).toEqual([1, 1]);
    expect(pair.sendFromClient(TOKEN)).toBe(true);
    pair.clock.advanceTo(80);
    expect(pair.atClient.messages).toEqual(["1122334455667788"]);
  });

  it("keeps an idle connection alive for an hour, with a heartbeat every 501 ms each way", () => {
    const pair = new ConnectionPair({ link: { delayMs: 20 } });
    pair.open();
    pair.clock.advanceTo(ONE_HOUR_MS);
    expect(pair.agrees).toBe(true);
    expect(pair.client.state).toBe("established");
    const heartbeats = Math.floor(ONE_HOUR_MS / 501);
    expect(pair.toServer.sent - 1).toBe(heartbeats);
    expect(Math.abs(pair.toClient.sent - 1 - heartbeats)).toBeLessThanOrEqual(1);
    expect([...pair.atClient.drops, ...pair.atServer.drops]).toEqual([]);
  });

  it.each(["closeFromClient", "closeFromServer"] as const)("%s ends both, once", (close) => {
    const pair = new ConnectionPair({ link: { delayMs: 20 } });
    pair.open();
    pair.clock.advanceTo(100);
    pair[close]();
    pair.clock.advanceTo(QUIESCENCE_MS);
    const [own, other] = close === "closeFromClient" ? [pair.atClient, pair.atServer] : [pair.atServer, pair.atClient];
    expect([own.closed, other.closed]).toEqual([["local"], ["remote"]]);
    expect(pair.agrees).toBe(true);
  });
});

describe("a link that goes dead", () => {
  it("makes both ends time out, each 30 s after it last heard of the other", () => {
    const pair = new ConnectionPair({ link: { delayMs: 20 } });
    pair.open();
    pair.clock.advanceTo(10_000);
    pair.toServer.options = pair.toClient.options = { lossRatio: 1 };
    pair.clock.advanceTo(39_000);
    expect(pair.agrees && pair.client.state === "established").toBe(true);
    pair.clock.advanceTo(40_100);
    expect([pair.atClient.closed, pair.atServer.closed]).toEqual([["timeout"], ["timeout"]]);
  });

  it("from the start exhausts the attempts: 60 requests, no Disconnect", () => {
    const pair = new ConnectionPair({ link: { lossRatio: 1 } });
    pair.open();
    pair.clock.advanceTo(60 * 1001);
    expect([pair.toServer.sent, pair.atClient.closed]).toEqual([60, ["exhausted"]]);
  });
});

describe("a lossy link", () => {
  const link = fc.record({
    delayMs: fc.integer({ min: 0, max: 400 }),
    jitterMs: fc.integer({ min: 0, max: 300 }),
    lossRatio: fc.double({ min: 0, max: 0.4, noNaN: true }),
    duplicateRatio: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });

  it("still connects within the retries, and no later than its losses explain", () => {
    fc.assert(
      fc.property(seed, link, (seed, link) => {
        const pair = new ConnectionPair({ seed, link });
        pair.open();
        pair.clock.advanceTo(60 * 1001 + 2000);
        expect(pair.atClient.established).toBe(1);
        expect(pair.client.requests).toBeLessThanOrEqual(pair.toServer.lost + pair.toClient.lost + 2);
      }),
      propertyParameters("lossy link connects", 100),
    );
  });

  it("leaves both ends with the same opinion once it is sound again, whoever closed, whatever was lost", () => {
    const close = fc.constantFrom("closeFromClient", "closeFromServer", "nobody");
    const closeAtMs = fc.integer({ min: 0, max: 4000 });
    fc.assert(
      fc.property(seed, link, close, closeAtMs, fc.boolean(), (seed, link, close, closeAtMs, discover) => {
        const pair = new ConnectionPair({ seed, link, parameters: { performPathMtuDiscovery: discover } });
        pair.open();
        pair.clock.advanceTo(closeAtMs);
        if (close !== "nobody") pair[close as "closeFromClient"]();
        pair.clock.advanceTo(5000);
        pair.toServer.options = pair.toClient.options = { delayMs: 10 };
        pair.clock.advanceTo(5000 + QUIESCENCE_MS);
        expect(pair.agrees).toBe(true);
        // With discovery a connection may also end before its application has seen it.
        const ended = pair.atServer.established - pair.acceptor.size;
        if (discover) expect(pair.atServer.closed.length).toBeGreaterThanOrEqual(ended);
        else expect(pair.atServer.closed.length).toBe(ended);
      }),
      propertyParameters("states agree at quiescence", 100),
    );
  });

  it("with garbage among the packets never throws and still agrees", () => {
    const garbage = fc.array(fc.tuple(fc.boolean(), almostUtp(TOKEN)), { maxLength: 30 });
    fc.assert(
      fc.property(seed, link, garbage, (seed, link, garbage) => {
        const pair = new ConnectionPair({ seed, link });
        pair.open();
        for (const [toClient, packet] of garbage) {
          pair.clock.advanceBy(50);
          if (toClient) pair.deliverToClient(packet);
          else pair.deliverToServer(packet);
        }
        pair.toServer.options = pair.toClient.options = { delayMs: 10 };
        pair.clock.advanceBy(QUIESCENCE_MS);
        const foreign = [...pair.acceptor.peers()].filter((peer) => peer !== pair.peer);
        expect(foreign).toEqual([]);
        expect(pair.agrees).toBe(true);
      }),
      propertyParameters("garbage on the link", 100),
    );
  });
});

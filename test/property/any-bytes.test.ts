// Whatever a peer sends, in whatever order, at whatever time: nothing throws, and what must hold goes on holding.
import fc from "fast-check";
import { expect, it } from "vitest";
import { PATIENT_RULES, UNITY_RULES } from "../../src/protocol/connection.js";
import { classify, handshakePayload, mtuAckSize, mtuCheckLength } from "../../src/protocol/wire.js";
import { bytes, TOKEN } from "../support/bytes.js";
import { newConnection } from "../support/connections.js";
import { almostUtp, propertyParameters } from "../support/property.js";
import { RecordingServer } from "../support/recording-server.js";
import type { RecordedEffect } from "../support/recording-sink.js";

type Step =
  | { readonly do: "receive"; readonly packet: Uint8Array }
  | { readonly do: "open" | "close" | "lost" | "send" }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: almostUtp(TOKEN).map((packet) => ({ do: "receive", packet }) as const) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((ms) => ({ do: "wait", ms }) as const) },
  fc.constantFrom<Step>({ do: "open" }, { do: "close" }, { do: "lost" }, { do: "send" }),
);

/** Rules that hold for the whole life of a connection. Returns the first one broken. */
function brokenRule(effects: RecordedEffect[]): string | undefined {
  const closedAt = effects.findIndex(({ effect }) => effect === "closed");
  const count = (name: string): number => effects.filter(({ effect }) => effect === name).length;
  if (count("closed") > 1) return "closed twice";
  if (count("established") > 1) return "established twice";
  if (count("release") > 1) return "released twice";
  if (closedAt < 0) return undefined;
  const after = effects.slice(closedAt + 1);
  if (after.some(({ effect }) => effect === "message" || effect === "established")) return "alive after its end";
  const late = after.filter((effect) => effect.effect === "send");
  if (late.length > 1 || late.some((effect) => !effect.hex.startsWith("02"))) return "sent after its end";
  return undefined;
}

const drops = (effects: RecordedEffect[]): number => effects.filter(({ effect }) => effect === "drop").length;

it("Connection", () => {
  const rules = fc.constantFrom(PATIENT_RULES, UNITY_RULES);
  const role = fc.constantFrom("client" as const, "server" as const);
  const steps = fc.array(step, { maxLength: 40 });
  fc.assert(
    fc.property(role, rules, fc.boolean(), steps, (role, rules, discover, steps) => {
      const { connection, sink } = newConnection(role, { rules }, discover);
      const all: RecordedEffect[] = [];
      let nowMs = 0;
      for (const step of steps) {
        const before = connection.state;
        connection.beginUpdate();
        if (step.do === "wait") nowMs += step.ms;
        else if (step.do === "open" && role === "client") connection.open(nowMs, sink);
        else if (step.do === "close") connection.close(nowMs, sink);
        else if (step.do === "lost") connection.lost(nowMs, sink);
        else if (step.do === "send") connection.sendData(1, TOKEN, nowMs, sink);
        else if (step.do === "receive") connection.receive(step.packet, nowMs, sink);
        const effects = sink.take();
        // Nothing is lost silently: after the end, every packet is a counted drop.
        if (step.do === "receive" && before === "closed") expect(drops(effects)).toBe(1);
        connection.update(nowMs, sink);
        all.push(...effects, ...sink.take());
      }
      expect(brokenRule(all)).toBeUndefined();
    }),
    propertyParameters("any bytes, Connection", 2000),
  );
});

it("Acceptor", () => {
  const input = fc.tuple(fc.nat(3), almostUtp(TOKEN), fc.nat(2000), fc.nat(20));
  fc.assert(
    fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
      const server = new RecordingServer({ controlPerUpdate: 4 });
      let nowMs = 0;
      for (const [socketId, packet, waitMs, chance] of inputs) {
        nowMs += waitMs;
        server.update(nowMs, () => server.acceptor.receive(socketId, packet, nowMs));
        if (chance === 0) server.acceptor.lost(socketId, nowMs);
      }
      for (let update = 0; update < 4; update++) server.update(nowMs + 100_000 + update);
      expect(server.acceptor.size).toBe(0);
      const record = server.take();
      const connected = record.filter((line) => line.includes(" connected")).length;
      expect(record.filter((line) => line.includes(" disconnected")).length).toBe(connected);
    }),
    propertyParameters("any bytes, Acceptor", 500),
  );
});

it("readers of the wire", () => {
  fc.assert(
    fc.property(almostUtp(bytes("T")), (packet) => {
      expect(typeof classify(packet)).toBe("string");
      handshakePayload(packet);
      mtuCheckLength(packet);
      mtuAckSize(packet);
    }),
    propertyParameters("any bytes, readers", 5000),
  );
});

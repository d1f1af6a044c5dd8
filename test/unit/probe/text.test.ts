// What a person reads: steps, traces and verdicts, on 80 columns and without a server's control characters.
import { describe, expect, it } from "vitest";
import { packetFields, packetName } from "../../../src/probe/decode-packet.js";
import type { ProbeFrame } from "../../../src/probe/observation.js";
import { probeJson } from "../../../src/probe/probe-json.js";
import { painter, stepLines, verdictLines } from "../../../src/probe/probe-text.js";
import { frameLines } from "../../../src/probe/trace-text.js";
import { verdictOf } from "../../../src/probe/verdict.js";
import { encodeConnectAccept, encodeConnectRequest, encodeControl, encodeMtuAck } from "../../../src/protocol/wire.js";
import { anyBytes } from "./any-bytes.js";
import { disconnectedAfter, failed, healthy } from "./observations.js";

const TOKEN = Uint8Array.of(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88);
const plain = painter(false);

const frame = (kind: ProbeFrame["kind"], payload: Uint8Array): ProbeFrame => {
  return { direction: "received", kind, atMs: 12.345, payload };
};
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("frameLines()", () => {
  it("shows each field of a packet with its meaning beside the bytes", () => {
    expect(frameLines(frame("binary", encodeConnectRequest(TOKEN, latin1("hi"))))).toEqual([
      "   +12.3 <- binary: Connection Request, 17 bytes",
      '           55 54 50                                         "UTP"',
      "           01                                               protocol version",
      "           01                                               Connection Request",
      "           11 22 33 44 55 66 77 88                          token",
      "           02 00                                            payload length",
      "           68 69                                            hi",
    ]);
  });

  it("shows an HTTP head as its lines, a close with its code, and bytes that are no text in hex", () => {
    expect(frameLines(frame("http", latin1("HTTP/1.1 404 Not Found\r\n\r\n")))).toEqual([
      "   +12.3 <- http: 26 bytes",
      "           HTTP/1.1 404 Not Found",
    ]);
    expect(frameLines(frame("close", Uint8Array.of(0x03, 0xe8))).at(-1)).toBe(
      "           03 e8                                            1000 (normal end)",
    );
    expect(frameLines(frame("http", Uint8Array.of(0x15, 3, 1))).at(-1)).toMatch(/15 03 01/);
    expect(frameLines(frame("ping", new Uint8Array(0)))).toEqual(["   +12.3 <- ping: 0 bytes"]);
  });

  it("fits 80 columns and shows every byte, whatever it is given", () => {
    for (const bytes of anyBytes(300)) {
      for (const kind of ["http", "binary", "close", "ping"] as const) {
        const lines = frameLines(frame(kind, bytes));
        expect(lines.filter((line) => line.length > 80 || /[^\x20-\x7e]/.test(line))).toEqual([]);
      }
      const hex = frameLines(frame("binary", bytes))
        .slice(1)
        .flatMap((line) => line.slice(11, 58).match(/[0-9a-f]{2}/g));
      expect(hex).toEqual(bytes.length === 0 ? [] : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")));
    }
  });
});

describe("packetFields()", () => {
  it.each<[string, Uint8Array, string]>([
    ["request", encodeConnectRequest(TOKEN), "Connection Request"],
    ["accept", encodeConnectAccept(TOKEN, latin1("abc")), "Connection Accept"],
    ["another version", encodeConnectRequest(TOKEN).fill(3, 3, 4), "UTP handshake, version 3"],
    ["heartbeat", encodeControl("heartbeat", TOKEN), "Heartbeat"],
    ["disconnect", encodeControl("disconnect", TOKEN), "Disconnect"],
    ["MTU ack", encodeMtuAck(TOKEN, 1400), "MTU ack"],
    ["text", latin1("{}"), "not UTP"],
    ["unknown type", new Uint8Array(9).fill(9), "unknown message type"],
  ])("%s", (_name, packet, name) => {
    expect(packetName(packet)).toBe(name);
    expect(packetFields(packet).flatMap(({ bytes }) => [...bytes])).toEqual([...packet]);
  });

  it("loses no byte of anything", () => {
    for (const bytes of anyBytes(300)) {
      expect(packetFields(bytes).flatMap((field) => [...field.bytes])).toEqual([...bytes]);
    }
  });
});

describe("steps and verdicts", () => {
  const step = { name: "upgrade", result: "ok", atMs: 20, tookMs: 1.25, detail: "101 Switching Protocols" } as const;

  it("a step is one line of columns; a long text goes on below itself", () => {
    expect(stepLines(step, plain)).toEqual(["  ok      upgrade         1.3 ms  101 Switching Protocols"]);
    const lines = stepLines({ ...step, detail: "word ".repeat(30).trim() }, plain);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines[1]).toMatch(/^ {34}word/);
  });

  it("every verdict fits 80 columns", () => {
    const seen = [
      healthy(),
      healthy({ echoMs: undefined }),
      disconnectedAfter(5000),
      failed("tcp", "ConnectionRefused"),
    ];
    for (const each of seen) {
      const lines = verdictLines(verdictOf(each), plain);
      expect(lines[0]).toMatch(/^verdict: [a-z-]+$/);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it("a server cannot drive the terminal", () => {
    const detail = "\u001b[2Jcleared\r\n";
    expect(stepLines({ ...step, detail }, plain).join("")).toContain("\\x1b[2Jcleared\\x0d\\x0a");
    const location = "HTTP/1.1 301 X\r\nLocation: \u001b]0;title\u0007\r\n\r\n";
    const verdict = verdictOf(failed("upgrade", "UpgradeRejected", { status: 301, answerHead: location }));
    expect(verdictLines(verdict, plain).join("\n")).not.toContain("\u001b");
  });

  it("colours only where there is a terminal", () => {
    expect(verdictLines(verdictOf(healthy()), plain).join("")).not.toContain("\u001b");
    expect(verdictLines(verdictOf(healthy()), painter(true))[0]).toBe("\u001b[32mverdict: healthy\u001b[0m");
  });
});

describe("probeJson()", () => {
  const report = { url: "ws://a/", steps: [], verdict: verdictOf(healthy()) };

  it("is one object with steps and a verdict; frames only on request", () => {
    const steps = [{ name: "tcp", result: "ok", atMs: 1.23456, tookMs: null, detail: "connected" } as const];
    expect(JSON.parse(probeJson({ ...report, steps }, undefined))).toEqual({
      url: "ws://a/",
      steps: [{ name: "tcp", result: "ok", atMs: 1.235, tookMs: null, detail: "connected" }],
      verdict: report.verdict,
    });
    expect(JSON.parse(probeJson(report, [frame("ping", Uint8Array.of(1, 255))])).frames).toEqual([
      { direction: "received", kind: "ping", atMs: 12.345, hex: "01 ff" },
    ]);
  });
});

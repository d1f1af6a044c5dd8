// From what was seen to the verdict, as a table; every code of the closed set is reached, and every text fits an 80-column terminal.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/probe/observation.js";
import { exitCodeOf, verdictOf } from "../../../src/probe/verdict.js";
import { VERDICT_CODES, type VerdictCode } from "../../../src/probe/verdict-code.js";
import { disconnectedAfter, failed, healthy } from "./observations.js";

type Row = [name: string, seen: Observation, code: VerdictCode, says: RegExp];

const TLS = { url: "wss://game.example:7777/", tlsWorked: true, status: 101 };
const PLAIN = { url: "ws://game.example:7777/", tlsWorked: false, status: 101 };
const { beforeAccept } = healthy();
const NO_ACCEPT = { stage: "accept", ending: { kind: "limit" }, requests: 5 } as const;

const BEFORE_OPEN: Row[] = [
  ["no such name", failed("dns", "HostNotFound", { address: undefined }), "host-not-found", /game\.example/],
  ["DNS silent", healthy({ stage: "dns", ending: { kind: "limit" } }), "host-not-found", /within 5000 ms/],
  ["refused", failed("tcp", "ConnectionRefused"), "nothing-listens", /192\.0\.2\.7 port 7777/],
  ["no answer", healthy({ stage: "tcp", ending: { kind: "limit" } }), "no-answer", /within 5000 ms/],
  [
    "no route",
    failed("tcp", "ConnectTimeout", { detail: "no route to that host" }),
    "no-answer",
    /no route to that host/,
  ],
  ["reset at once", failed("tcp", "ConnectionReset"), "connection-failed", /the system's words/],
  ["no descriptors", failed("tcp", "LocalResourceLimit"), "local-limit", /This machine/],
  ["untrusted", failed("tls", "TlsError", { unchecked: TLS }), "certificate-not-trusted", /system's authorities/],
  ["other authority", failed("tls", "TlsError", { unchecked: TLS, trust: "ca" }), "certificate-not-trusted", /--ca/],
  ["plain, opens", failed("tls", "TlsError", { otherScheme: PLAIN }), "plain-server", /that is the URL/],
  ["plain, 404", failed("tls", "TlsError", { otherScheme: { ...PLAIN, status: 404 } }), "plain-server", /HTTP 404/],
  [
    "TLS broken",
    failed("tls", "TlsError", { otherScheme: { ...PLAIN, status: undefined } }),
    "tls-failed",
    /handshake failed/,
  ],
  ["TLS hangs", healthy({ stage: "tls", ending: { kind: "limit" } }), "tls-failed", /within 5000 ms/],
  ["TLS port", failed("upgrade", "ConnectionReset", { otherScheme: TLS }), "tls-server", /that is the URL/],
  [
    "TLS alert",
    failed("upgrade", "NotWebSocket", { otherScheme: { ...TLS, status: undefined } }),
    "tls-server",
    /no HTTP answer/,
  ],
  ["no upgrade", healthy({ stage: "upgrade", ending: { kind: "limit" } }), "no-upgrade-answer", /within 5000 ms/],
  ["closed", failed("upgrade", "ConnectionClosed"), "closed-at-upgrade", /the system's words/],
  [
    "SSH",
    failed("upgrade", "NotWebSocket", { answerHead: "SSH-2.0-OpenSSH" }),
    "not-websocket",
    /not a WebSocket server/,
  ],
  [
    "subprotocol",
    failed("upgrade", "NotWebSocket", { answerHead: "HTTP/1.1 101 X\r\nSec-WebSocket-Protocol: chat\r\n\r\n" }),
    "unwanted-header",
    /Sec-WebSocket-Protocol: chat/,
  ],
  [
    "extension, empty",
    failed("upgrade", "NotWebSocket", { answerHead: "HTTP/1.1 101 X\r\nsec-websocket-extensions:\r\n\r\n" }),
    "unwanted-header",
    /Sec-WebSocket-Extensions: \(empty\)/,
  ],
  [
    "bad 101",
    failed("upgrade", "NotWebSocket", { answerHead: "HTTP/1.1 101 X\r\n\r\n" }),
    "bad-upgrade-answer",
    /101, but not/,
  ],
];

const STATUSES: [number, VerdictCode][] = [
  [200, "not-websocket"],
  [204, "not-websocket"],
  [301, "redirected"],
  [308, "redirected"],
  [400, "bad-request"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "wrong-path"],
  [405, "not-websocket"],
  [407, "unauthorized"],
  [426, "bad-request"],
  [429, "upgrade-rejected"],
  [418, "upgrade-rejected"],
  [500, "gateway-error"],
  [502, "gateway-error"],
  [503, "gateway-error"],
  [504, "gateway-error"],
];

const BEFORE_ACCEPT: Row[] = [
  ["silence", healthy(NO_ACCEPT), "not-utp", /5 Connection Requests in 5000 ms/],
  [
    "one ping is no sign",
    healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, emptyPings: 1 } }),
    "not-utp",
    /silence/,
  ],
  [
    "Unity's pings",
    healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, emptyPings: 9 } }),
    "no-accept",
    /9 empty pings/,
  ],
  [
    "heartbeats",
    healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, early: 3, emptyPings: 9 } }),
    "at-limit",
    /no Accept/,
  ],
  ["JSON", healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, binaries: 3 } }), "not-utp", /3 binary messages/],
  ["echo", healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, echoedRequest: true } }), "not-utp", /sends back/],
  [
    "version",
    healthy({ ...NO_ACCEPT, beforeAccept: { ...beforeAccept, otherVersion: 2 } }),
    "other-version",
    /version 2/,
  ],
  ["text", healthy({ ...NO_ACCEPT, ending: { kind: "text" } }), "not-utp", /text/],
  ["violation", healthy({ ...NO_ACCEPT, ending: { kind: "violation", code: 1002 } }), "not-utp", /1002/],
  ["Disconnect", healthy({ ...NO_ACCEPT, ending: { kind: "disconnect" } }), "refused", /in place of the Accept/],
  ["FIN", healthy({ ...NO_ACCEPT, ending: { kind: "fin", detail: "gone" } }), "closed-before-accept", /gone/],
  ["1013", healthy({ ...NO_ACCEPT, ending: { kind: "close", code: 1013 } }), "closed-before-accept", /too busy/],
  [
    "4001",
    healthy({ ...NO_ACCEPT, ending: { kind: "close", code: 4001 } }),
    "closed-before-accept",
    /application's own/,
  ],
  ...[1002, 1003, 1007, 1008].map((code): Row => {
    return [
      String(code),
      healthy({ ...NO_ACCEPT, ending: { kind: "close", code } }),
      "not-utp",
      new RegExp(String(code)),
    ];
  }),
];

const { tookMs } = healthy();
const HELD = { stage: "hold" } as const;

const AFTER_ACCEPT: Row[] = [
  ["refused in the same update", disconnectedAfter(0), "refused", /at once/],
  ["refused 999 ms later", disconnectedAfter(999), "refused", /999 ms/],
  ["after 1 s: no refusal", disconnectedAfter(1001), "disconnected", /1\.0 s/],
  ["Entities, a little early", disconnectedAfter(4700), "approval-entities", /4\.7 s/],
  ["too early for Entities", disconnectedAfter(4699), "disconnected", /4\.7 s/],
  ["Entities", disconnectedAfter(5033), "approval-entities", /can be reached/],
  ["Entities, slow ticks", disconnectedAfter(6500), "approval-entities", /6\.5 s/],
  ["between the two", disconnectedAfter(7500), "disconnected", /7\.5 s/],
  ["GameObjects", disconnectedAfter(10_050), "approval-gameobjects", /can be reached/],
  ["GameObjects, early and late", disconnectedAfter(9700), "approval-gameobjects", /9\.7 s/],
  ["later", disconnectedAfter(11_501), "disconnected", /11\.5 s/],
  [
    "right after our message",
    disconnectedAfter(700, { tookMs: { ...tookMs, alive: 700, sinceMessage: 450 } }),
    "message-refused",
    /450 ms after our data message/,
  ],
  ["no message sent", disconnectedAfter(700, { messageBytes: 0 }), "refused", /700 ms/],
  ["Close", healthy({ ...HELD, ending: { kind: "close", code: 1006 } }), "connection-lost", /1006/],
  ["FIN", healthy({ ...HELD, ending: { kind: "fin", detail: "gone" } }), "connection-lost", /gone/],
  ["reset", healthy({ ...HELD, ending: { kind: "reset", detail: "broke" } }), "connection-lost", /broke/],
  ["text", healthy({ ...HELD, ending: { kind: "text" } }), "bad-frames", /text/],
  ["violation", healthy({ ...HELD, ending: { kind: "violation", code: 1009 } }), "bad-frames", /size limit/],
  [
    "timeout",
    healthy({ ...HELD, ending: { kind: "silence" }, tookMs: { ...tookMs, silent: 30_001 } }),
    "went-silent",
    /30\.0 s/,
  ],
  ["silent for the hold", healthy({ tookMs: { ...tookMs, silent: 2501 } }), "went-silent", /2\.5 s/],
  ["late 101", healthy({ tookMs: { ...tookMs, upgrade: 1001 } }), "at-limit", /101 took 1001 ms/],
  ["late Accept", healthy({ tookMs: { ...tookMs, accept: 1001 }, requests: 2 }), "at-limit", /2 requests/],
  ["no Close", healthy({ closing: { peerClosed: false, peerEnded: false } }), "unclean-close", /did not answer/],
  ["FIN only", healthy({ closing: { peerClosed: false, peerEnded: true } }), "unclean-close", /without a Close/],
  ["healthy", healthy(), "healthy", /echoed the data message in 17\.0 ms/],
  [
    "at the borders",
    healthy({ tookMs: { ...tookMs, upgrade: 1000, accept: 1000, silent: 2500 } }),
    "healthy",
    /12\.0 s/,
  ],
  ["no echo", healthy({ echoMs: undefined }), "healthy", /did not echo/],
  ["no message", healthy({ echoMs: undefined, messageBytes: 0 }), "healthy", /No data message/],
  ["Ctrl-C", healthy({ ...HELD, ending: { kind: "interrupted" } }), "interrupted", /"hold"/],
];

describe.each([
  ["before the WebSocket is open", BEFORE_OPEN],
  ["without an Accept", BEFORE_ACCEPT],
  ["after the Accept", AFTER_ACCEPT],
])("verdictOf() %s", (_title, rows) => {
  it.each(rows)("%s", (_name, seen, code, says) => {
    const verdict = verdictOf(seen);
    expect(verdict).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(verdict.next).not.toBe("");
  });
});

describe("verdictOf() on a status in place of the 101", () => {
  it.each(STATUSES)("%i", (status, code) => {
    const answerHead = `HTTP/1.1 ${status} X\r\nLocation: wss://new.example/\r\n\r\n`;
    const url = "ws://game.example/a?b=1";
    const verdict = verdictOf(failed("upgrade", "UpgradeRejected", { status, answerHead, url }));
    expect(verdict.code).toBe(code);
    expect(verdict.message).toContain(`/a?b=1 with HTTP ${status}`);
    expect(verdict.message).toContain("It points to wss://new.example/.");
  });
});

it("reaches every code of the closed set", () => {
  const rows = [...BEFORE_OPEN, ...BEFORE_ACCEPT, ...AFTER_ACCEPT].map(([, , code]) => code);
  const reached = new Set([...rows, ...STATUSES.map(([, code]) => code)]);
  expect(VERDICT_CODES.filter((code) => !reached.has(code))).toEqual([]);
});

it("only healthy is exit code 0, and Ctrl-C has its own", () => {
  const codes = VERDICT_CODES.map((code) => [code, exitCodeOf({ code, message: "", next: "" })]);
  expect(codes.filter(([, exitCode]) => exitCode !== 113)).toEqual([
    ["healthy", 0],
    ["interrupted", 105],
  ]);
});

describe("what to do next", () => {
  it("names the flag or the setting that helps", () => {
    expect(verdictOf(failed("tls", "TlsError", { unchecked: TLS })).next).toMatch(/--ca FILE.*--insecure/);
    expect(verdictOf(failed("upgrade", "ConnectionReset", { otherScheme: TLS })).next).toContain(TLS.url);
    expect(verdictOf(disconnectedAfter(10_000)).next).toMatch(/dropped after 10 s.*--hold 8s/);
    expect(verdictOf(disconnectedAfter(5000)).next).toMatch(/dropped after 5 s.*--hold 3s/);
    expect(verdictOf(healthy(NO_ACCEPT)).next).toContain("UTP 1.x");
  });
});

it("every code is described in docs/probe.md", () => {
  const text = readFileSync(new URL("../../../docs/probe.md", import.meta.url), "utf8");
  expect(VERDICT_CODES.filter((code) => !text.includes(`| \`${code}\``))).toEqual([]);
});

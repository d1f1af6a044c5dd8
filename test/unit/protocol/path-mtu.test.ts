// Path MTU discovery (protocol page 3.8): probe sizes of three releases, bursts, acks, and the half that is always on.
import { describe, expect, it } from "vitest";
import { PATIENT_RULES } from "../../../src/protocol/connection.js";
import { PathMtuProbe, type ProbeSet, probeSizes } from "../../../src/protocol/path-mtu.js";
import type { Role } from "../../../src/protocol/transitions.js";
import { bytes } from "../../support/bytes.js";
import { connectionIn, newConnection, START_MS } from "../../support/connections.js";

const ROLES: Role[] = ["client", "server"];
const steps = (last: number): number[] => [...Array.from({ length: 12 }, (_, i) => 1024 + 32 * i), last];

describe("probe sizes", () => {
  it.each([
    ["2.6.0", 1400, [1024, 1300, 1380, 1400]],
    ["2.6.0", 1472, [1024, 1372, 1452, 1472]],
    ["2.6.0", 1100, [1024, 1080, 1100]],
    ["2.6.0", 1030, [1024, 1030]],
    ["2.5.2", 1400, steps(1400)],
    ["2.5.0", 1400, steps(1391)],
  ] satisfies [ProbeSet, number, number[]][])("of %s for %i", (set, maxMessageSize, sizes) => {
    expect(probeSizes(set, maxMessageSize)).toEqual(sizes);
  });

  it.each([
    ["UDP", 0, [1013, 1289, 1369, 1389]],
    ["WebSocket", 14, [999, 1275, 1355, 1375]],
    ["native WSS", 82, [931, 1207, 1287, 1307]],
  ])("as length fields over %s", (_name, paddingBytes, fields) => {
    expect(new PathMtuProbe("2.6.0", 1400, paddingBytes).burst(0)).toEqual(fields);
  });
});

describe("one discovery", () => {
  it("has two bursts, more than 300 ms apart, then gives up", () => {
    const probe = new PathMtuProbe("2.6.0", 1400, 14);
    probe.burst(0);
    expect(probe.nextDeadlineMs).toBe(301);
    expect([probe.due(300), probe.due(301)]).toEqual([undefined, "burst"]);
    probe.burst(301);
    expect([probe.due(601), probe.due(602)]).toEqual([undefined, "end"]);
  });

  it.each([
    ["2.6.0", [], 1400],
    ["2.5.2", [], 1400],
    ["2.5.0", [], 1024],
    ["2.6.0", [1024], 1024],
    ["2.6.0", [1300, 1024], 1300],
    ["2.6.0", [1500], 1400],
    ["2.6.0", [1391], 1391],
    ["2.5.0", [1391], 1400],
  ] satisfies [ProbeSet, number[], number][])("%s with acks %j knows a path of %i", (set, acks, pathBytes) => {
    const probe = new PathMtuProbe(set, 1400, 14);
    for (const ack of acks) probe.acknowledge(ack);
    expect(probe.pathBytes).toBe(pathBytes);
  });

  it("is over with the full size, for 2.5.0 also with 9 less", () => {
    expect(new PathMtuProbe("2.6.0", 1400, 14).acknowledge(1400)).toBe(true);
    expect(new PathMtuProbe("2.6.0", 1400, 14).acknowledge(1391)).toBe(false);
    expect(new PathMtuProbe("2.5.0", 1400, 14).acknowledge(1391)).toBe(true);
  });
});

const start: Record<Role, string> = { client: "55 54 50 01 02 T", server: "55 54 50 01 01 T" };

function discovering(role: Role, maxMessageSize = 1400) {
  const made = newConnection(role, { parameters: { maxMessageSize, heartbeatTimeoutMs: 0 } }, true);
  if (role === "client") made.connection.open(START_MS, made.sink);
  made.connection.receive(bytes(start[role]), START_MS, made.sink);
  return made;
}

describe.each(ROLES)("a %s that discovers", (role) => {
  it("sends whole packets of the four sizes behind its handshake and is not yet seen by its application", () => {
    const { connection, sink } = discovering(role);
    expect(connection.state).toBe("discovering");
    const [first, ...probes] = sink.takeSent();
    expect(first?.slice(0, 6)).toBe("555450");
    expect(probes.map((packet) => packet.length / 2)).toEqual([1010, 1286, 1366, 1386]);
    expect(probes.map((packet) => packet.slice(18, 22))).toEqual(["e703", "fb04", "4b05", "5f05"]);
  });

  it("is established by an ack of its full size", () => {
    const { connection, sink } = discovering(role);
    sink.take();
    connection.receive(bytes("05 T 02 00 00 04"), START_MS + 5, sink);
    expect(sink.take()).toEqual([]);
    connection.receive(bytes("05 T 02 00 78 05"), START_MS + 6, sink);
    expect(sink.takeShort()).toEqual(["established"]);
    expect(connection.maxPayloadBytes).toBe(1376);
  });

  it("is established after two bursts without the full size, with the largest that was acked", () => {
    const { connection, sink } = discovering(role);
    sink.take();
    connection.receive(bytes("05 T 02 00 14 05"), START_MS + 5, sink);
    for (let ms = 1; ms <= 602; ms++) connection.update(START_MS + ms, sink);
    expect(sink.takeShort()).toEqual([...Array(4).fill("send mtuCheck"), "established"]);
    expect(connection.maxPayloadBytes).toBe(1276);
    connection.receive(bytes("05 T 02 00 78 05"), START_MS + 700, sink);
    expect([connection.maxPayloadBytes, sink.take()]).toEqual([1276, []]);
  });

  it("says when the next burst is due", () => {
    const { connection } = discovering(role);
    expect(connection.nextDeadlineMs).toBe(START_MS + 301);
  });

  it("passes data up and heartbeats out meanwhile, and times out", () => {
    const { connection, sink } = connectionIn(role, "discovering", { parameters: { disconnectTimeoutMs: 250 } });
    connection.receive(bytes("01 T 00 AA"), START_MS + 1, sink);
    expect(sink.takeShort()).toEqual(["message 0"]);
    expect(connection.sendData(0, bytes("AA"), START_MS + 2, sink)).toBe(false);
    connection.update(START_MS + 252, sink);
    expect(sink.takeShort().slice(0, 2)).toEqual(["send disconnect", "closed timeout"]);
  });

  it("does not at 1024 bytes and below", () => {
    const { connection, sink } = discovering(role, 1024);
    expect(connection.state).toBe("established");
    expect(sink.takeShort().at(-1)).toBe("established");
  });
});

describe("the answering half", () => {
  it.each([
    [14, "04 T E7 03", "05 T 02 00 00 04"],
    [14, "04 T 5F 05", "05 T 02 00 78 05"],
    [14, "04 T 5F 05 FF FF", "05 T 02 00 78 05"],
    [0, "04 T 6D 05", "05 T 02 00 78 05"],
    [82, "04 T 1B 05", "05 T 02 00 78 05"],
  ])("with %i bytes of padding answers %s with %s", (paddingBytes, check, ack) => {
    const { connection, sink } = connectionIn("client", "established", { rules: { ...PATIENT_RULES, paddingBytes } });
    connection.receive(bytes(check), START_MS, sink);
    expect(sink.takeSent()).toEqual([Buffer.from(bytes(ack)).toString("hex")]);
  });

  it.each(["04 T", "04 T 01", "05 T", "05 T 03 00 78 05"])("counts %s as a bad MTU message", (packet) => {
    const { connection, sink } = connectionIn("server", "established");
    connection.receive(bytes(packet), START_MS, sink);
    expect(sink.takeShort()).toEqual(["drop badMtuMessage"]);
  });
});

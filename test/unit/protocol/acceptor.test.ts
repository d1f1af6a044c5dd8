// The server's table of connections: routing by token, duplicates, shared sockets, phantoms, limits (protocol page 3.2, 3.4, 2.5).
import { beforeEach, describe, expect, it } from "vitest";
import { PATIENT_RULES } from "../../../src/protocol/connection.js";
import { DEFAULT_PARAMETERS } from "../../../src/protocol/parameters.js";
import { bytes } from "../../support/bytes.js";
import { RecordingServer } from "../../support/recording-server.js";

const T = "1122334455667788";
const U = "A1 A2 A3 A4 A5 A6 A7 A8";
const u = "a1a2a3a4a5a6a7a8";
const REQUEST = "55 54 50 01 01";
const ACCEPT = "5554500102";

let server: RecordingServer;
beforeEach(() => {
  server = new RecordingServer();
});

describe("requests", () => {
  it("of a new token: Accept at once, then the application sees it", () => {
    server.receive(1, `${REQUEST} T`);
    expect(server.take()).toEqual([`1 send ${ACCEPT}${T}`, "1 connected"]);
    expect(server.acceptor.size).toBe(1);
  });

  it("carry a connect payload to the application, an accept payload back", () => {
    server = new RecordingServer({ acceptPayload: bytes("61 62 63") });
    server.receive(1, `${REQUEST} T 02 00 68 69`);
    expect(server.take()).toEqual([`1 send ${ACCEPT}${T}0300616263`, "1 connected 6869"]);
  });

  it.each(["00", "00 00", "07 00"])("ignore trailing bytes %s", (rest) => {
    server.receive(1, `${REQUEST} T ${rest}`);
    expect(server.take()).toEqual([`1 send ${ACCEPT}${T}`, "1 connected"]);
  });

  it("again: Accept again, nothing else", () => {
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.receive(1, `${REQUEST} T`);
    expect(server.take()).toEqual([`1 send ${ACCEPT}${T}`]);
    expect(server.acceptor.size).toBe(1);
  });

  it("again on another socket: Accept to the first socket, reported as reuse; its data belongs to the first", () => {
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.receive(2, `${REQUEST} T`);
    server.receive(2, "01 T 00 AA");
    expect(server.take()).toEqual(["2 drop tokenReuse", `1 send ${ACCEPT}${T}`, "1 message 0 aa"]);
  });

  it("after the token's end: a new connection", () => {
    server.receive(1, `${REQUEST} T`);
    server.receive(1, "02 T");
    expect(server.acceptor.size).toBe(0);
    server.take();
    server.receive(2, `${REQUEST} T`);
    expect(server.take()).toEqual([`2 send ${ACCEPT}${T}`, "2 connected"]);
    expect(server.peers.map((peer) => peer.id)).toEqual([0, 1]);
  });
});

describe("a request that lies about its payload", () => {
  const LIE = `${REQUEST} T 09 00 AA`;

  it("gets no Accept, and its token never again, from any socket, while its socket lives", () => {
    server.receive(1, LIE);
    server.receive(1, `${REQUEST} T`);
    server.receive(2, `${REQUEST} T`);
    server.receive(1, "01 T 00 AA");
    const unknown = ["1", "2", "1"].map((socket) => `${socket} drop unknownToken`);
    expect(server.take()).toEqual(["1 drop badPayloadLength", ...unknown]);
    expect(server.acceptor.size).toBe(0);
  });

  it("is forgotten with its socket", () => {
    server.receive(1, LIE);
    server.acceptor.lost(1, 0);
    server.take();
    server.receive(2, `${REQUEST} T`);
    expect(server.take()).toEqual([`2 send ${ACCEPT}${T}`, "2 connected"]);
  });

  it("as a duplicate is answered, and counted", () => {
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.receive(1, LIE);
    expect(server.take()).toEqual(["1 drop badPayloadLength", `1 send ${ACCEPT}${T}`]);
  });
});

describe("two tokens on one socket", () => {
  beforeEach(() => {
    server.receive(1, `${REQUEST} T`);
    server.receive(1, `${REQUEST} ${U}`);
    server.take();
  });

  it("are two connections, each with its data; a retry of the second is no reuse", () => {
    server.receive(1, "01 T 00 AA");
    server.receive(1, `01 ${U} 00 BB`);
    server.receive(1, `${REQUEST} ${U}`);
    expect(server.take()).toEqual(["1 message 0 aa", "1 message 0 bb", `1 send ${ACCEPT}${u}`]);
    expect([...server.acceptor.peers()].length).toBe(2);
  });

  it("lose only the first at once when the socket is lost; the other times out", () => {
    server.acceptor.lost(1, 1);
    expect(server.take()).toEqual(["1 disconnected lost"]);
    server.update(30_001);
    expect(server.take()).toContain("1 disconnected timeout");
    expect(server.acceptor.size).toBe(0);
  });

  it("share the Close of either", () => {
    server.update(17, () => server.receive(1, `02 ${U}`));
    server.update(33);
    expect(server.take()).toEqual(["1 disconnected remote", "1 release"]);
  });
});

describe("packets of nobody", () => {
  it.each([
    ["", "empty"],
    ["03 11", "tooShort"],
    ["55 54 50 02 01 T", "wrongVersion"],
    ["55 54 50 01 09 T", "unknownHandshake"],
    ["55 54 50 01 02 T", "unknownToken"],
    ["01 T 00 AA", "unknownToken"],
    ["03 T", "unknownToken"],
    ["02 T", "unknownToken"],
    ["09 T", "unknownToken"],
  ])("%s is dropped as %s and answered by nothing", (packet, why) => {
    server.receive(7, packet);
    expect(server.take()).toEqual([`7 drop ${why}`]);
  });

  it("an Accept and an unknown type of a known token are dropped too", () => {
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.receive(1, "55 54 50 01 02 T");
    server.receive(1, "09 T");
    expect(server.take()).toEqual(["1 drop unexpected", "1 drop unknownType"]);
  });
});

describe("64 control packets in an update", () => {
  const token = (n: number): string => n.toString(16).padStart(16, "0");

  it("150 requests get 64, 128, 150 Accepts in three rounds; all 150 exist from the first", () => {
    server = new RecordingServer({ controlPerUpdate: 64 });
    const accepted = new Set<string>();
    const rounds: number[] = [];
    for (const nowMs of [0, 1000, 2000]) {
      server.update(nowMs, () => {
        for (let n = 0; n < 150; n++) if (!accepted.has(token(n))) server.receive(n, `${REQUEST} ${token(n)}`);
      });
      for (const line of server.take()) if (line.includes(ACCEPT)) accepted.add(line.slice(-16));
      rounds.push(accepted.size);
      expect(server.acceptor.size).toBe(150);
    }
    expect(rounds).toEqual([64, 128, 150]);
  });

  it("150 disconnects: 64 get their 02, all 150 the Close, and each loss is told", () => {
    server = new RecordingServer({ controlPerUpdate: 64 });
    for (let update = 0; update < 3; update++) {
      server.update(update, () => {
        for (let n = 50 * update; n < 50 * (update + 1); n++) server.receive(n, `${REQUEST} ${token(n)}`);
      });
    }
    server.take();
    server.update(17, () => {
      for (const peer of server.peers) server.acceptor.disconnect(peer, 17);
    });
    server.update(33);
    server.update(50);
    const record = server.take();
    const count = (pattern: RegExp): number => record.filter((line) => pattern.test(line)).length;
    expect([count(/ send 02/), count(/ controlLost/), count(/ release/)]).toEqual([64, 86, 150]);
  });

  it("heartbeats that did not fit leave in the next update", () => {
    server = new RecordingServer({ controlPerUpdate: 64 });
    for (const half of [0, 1]) {
      server.update(half, () => {
        for (let n = 0; n < 50; n++) server.receive(50 * half + n, `${REQUEST} ${token(50 * half + n)}`);
      });
    }
    server.take();
    server.update(600);
    expect(server.take().filter((line) => line.includes("send 03")).length).toBe(64);
    server.update(617);
    expect(server.take().filter((line) => line.includes("send 03")).length).toBe(36);
  });

  it("data is not counted against them", () => {
    server = new RecordingServer({ controlPerUpdate: 1 });
    server.receive(1, `${REQUEST} T`);
    const peer = server.peers[0]!;
    for (let n = 0; n < 10; n++) expect(server.acceptor.send(peer, 0, bytes("AA"), 0)).toBe("accepted");
  });
});

describe("the end", () => {
  it("of a lost socket comes at once, without a packet; its ending connections owe no Close", () => {
    server.receive(1, `${REQUEST} T`);
    server.receive(2, `${REQUEST} ${U}`);
    server.acceptor.disconnect(server.peers[1]!, 0);
    server.take();
    server.acceptor.lost(1, 1);
    server.acceptor.lost(2, 1);
    for (const nowMs of [17, 33, 50, 67]) server.update(nowMs);
    expect(server.take()).toEqual(["1 disconnected lost"]);
    expect(server.acceptor.size).toBe(0);
  });

  it("of an unknown socket is nothing", () => {
    server.acceptor.lost(99, 0);
    expect(server.take()).toEqual([]);
  });

  it("by a Disconnect of another socket counts: the token alone decides", () => {
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.receive(2, "02 T");
    expect(server.take()).toEqual(["1 disconnected remote"]);
  });

  it("at once, with patient rules, needs only `settle`", () => {
    server = new RecordingServer({ rules: PATIENT_RULES });
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.acceptor.disconnect(server.peers[0]!, 5);
    server.acceptor.settle(5);
    expect(server.take()).toEqual([`1 send 02${T}`, "1 disconnected local", "1 release"]);
  });

  it("of a silent client: 02, and the Close two updates later", () => {
    server = new RecordingServer({ parameters: { ...DEFAULT_PARAMETERS, heartbeatTimeoutMs: 0 } });
    server.receive(1, `${REQUEST} T`);
    server.take();
    server.update(30_000);
    expect(server.take()).toEqual([]);
    for (const nowMs of [30_017, 30_033]) server.update(nowMs);
    expect(server.take()).toEqual([`1 send 02${T}`, "1 disconnected timeout"]);
    server.update(30_050);
    expect(server.take()).toEqual(["1 release"]);
  });
});

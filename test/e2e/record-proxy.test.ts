// The recording proxy on real sockets: what goes in comes out, byte for byte, whatever it is, and each end as it was.
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { RecordProxy } from "../../src/record/record-proxy.js";
import { monotonicClock } from "../../src/time/clock.js";
import { ascii, join } from "../support/wire-bytes.js";

/** The end of a connection that a test plays itself. */
class Peer {
  readonly socket: Socket;
  received: Uint8Array = new Uint8Array(0);
  isEnded = false;
  error: string | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      this.received = join(this.received, chunk);
    });
    socket.on("end", () => {
      this.isEnded = true;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
  }
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

interface Line {
  readonly proxy: RecordProxy;
  readonly game: Peer;
  readonly server: Peer;
  readonly told: string[];
}

/** A game, the proxy and a server, each connected to the next. */
async function connected(): Promise<Line> {
  const listener = net.createServer({ allowHalfOpen: true });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const told: string[] = [];
  const url = `ws://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  const proxy = await RecordProxy.listen({
    host: "127.0.0.1",
    port: 0,
    target: { url },
    pipelines: "ngo",
    clock: monotonicClock,
    tell: (line) => told.push(line),
  });
  const accepted = once(listener, "connection") as Promise<[Socket]>;
  const game = new Peer(net.connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true }));
  const server = new Peer((await accepted)[0]);
  cleanUps.push(() => {
    proxy.close();
    listener.close();
    game.socket.destroy();
    server.socket.destroy();
  });
  return { proxy, game, server, told };
}

async function until(isReached: () => boolean, withinMs = 5000): Promise<void> {
  for (let waitedMs = 0; !isReached() && waitedMs < withinMs; waitedMs += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(isReached()).toBe(true);
}

/** Any bytes, the same each time. */
function noise(lengthBytes: number): Uint8Array {
  let state = 12345;
  return Uint8Array.from({ length: lengthBytes }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

describe("bytes", () => {
  it("go on as they came, both ways: path, headers in any case, and what is no WebSocket", async () => {
    const { proxy, game, server } = await connected();
    const up = join(
      ascii("GET /Arena?%20x=1 HTTP/1.1\r\nhOST: somewhere:1\r\nX-Odd:   two  blanks \r\nUpgrade: websocket\r\n\r\n"),
      noise(300_000),
    );
    const down = join(ascii("HTTP/1.1 101 Fine\r\nx: y\r\n\r\n"), noise(200_000));
    game.socket.write(up);
    server.socket.write(down);
    await until(() => server.received.length === up.length && game.received.length === down.length);
    expect(Buffer.compare(server.received, up)).toBe(0);
    expect(Buffer.compare(game.received, down)).toBe(0);
    const [recording] = proxy.recordings();
    expect(recording).toMatchObject({ path: "/Arena?%20x=1", headerNames: ["X-Odd"], acceptedMs: undefined });
    expect(Object.values(recording!.unread).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  it("of something else than HTTP go on too, and are counted", async () => {
    const { proxy, game, server } = await connected();
    game.socket.write("HELO there\r\n\r\nmore");
    server.socket.write("220 hello\r\n\r\n");
    await until(() => server.received.length === 18 && game.received.length === 13);
    expect(proxy.recordings()[0]!.unread.bytes).toBe(18 + 13);
  });
});

describe("an end", () => {
  it("of one direction leaves the other open", async () => {
    const { proxy, game, server, told } = await connected();
    game.socket.end("last words");
    await until(() => server.isEnded);
    server.socket.write("an answer");
    await until(() => game.received.length === 9);
    expect(game.isEnded).toBe(false);
    server.socket.end();
    await until(() => game.isEnded);
    expect(proxy.recordings()[0]!.end).toMatchObject({ by: "client", how: "FIN" });
    await until(() => told.some((line) => line.endsWith("is gone, and never got in")));
  });

  it.each(["game", "server"] as const)("by a reset of the %s is a reset for the other", async (who) => {
    const line = await connected();
    const [one, other] = who === "game" ? [line.game, line.server] : [line.server, line.game];
    one.socket.write("x");
    await until(() => other.received.length === 1);
    one.socket.resetAndDestroy();
    await until(() => other.error === "ECONNRESET");
    const by = who === "game" ? "client" : "server";
    expect(line.proxy.recordings()[0]!.end).toMatchObject({ by, how: "reset" });
  });
});

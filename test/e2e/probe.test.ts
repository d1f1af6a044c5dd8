// Each verdict of `probe` that stands before UTP, against a server that earns it, on real sockets with short times.
import { spawn } from "node:child_process";
import { once } from "node:events";
import net, { type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { realEnvironment } from "../../src/probe/probe.js";
import type { VerdictCode } from "../../src/probe/verdict-code.js";
import { acceptOf } from "../../src/transport/websocket-upgrade.js";
import { answering, fakeServer, fakeWebSocketServer, testPem } from "../support/fake-server.js";
import { probed, started } from "../support/probing.js";

const HTTP = {
  page: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>",
  notFound: "HTTP/1.1 404 Not Found\r\n\r\n",
  badRequest: "HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\n",
  moved: "HTTP/1.1 301 Moved Permanently\r\nLocation: https://game.example/\r\n\r\n",
  unauthorized: "HTTP/1.1 401 Unauthorized\r\n\r\n",
  forbidden: "HTTP/1.1 403 Forbidden\r\n\r\n",
  badGateway: "HTTP/1.1 502 Bad Gateway\r\n\r\n",
  teapot: "HTTP/1.1 418 I'm a teapot\r\n\r\n",
  bad101:
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n",
};

describe("before the WebSocket is open", () => {
  it.each<[string, (socket: Socket) => void, VerdictCode, RegExp]>([
    ["a web page", answering(HTTP.page), "not-websocket", /HTTP 200/],
    ["404", answering(HTTP.notFound), "wrong-path", /path.*HTTP 404|HTTP 404.*path/],
    ["400", answering(HTTP.badRequest), "bad-request", /HTTP 400/],
    ["301", answering(HTTP.moved), "redirected", /points to https:\/\/game\.example\//],
    ["401", answering(HTTP.unauthorized), "unauthorized", /credentials/],
    ["403", answering(HTTP.forbidden), "forbidden", /HTTP 403/],
    ["502", answering(HTTP.badGateway), "gateway-error", /proxy could not reach/],
    ["418", answering(HTTP.teapot), "upgrade-rejected", /HTTP 418/],
    ["another protocol", answering("220 mail.example ESMTP\r\n"), "not-websocket", /not a WebSocket server/],
    ["a 101 with a wrong key", answering(HTTP.bad101), "bad-upgrade-answer", /not as a WebSocket server must/],
    [
      "a close in place of an answer",
      (socket) => socket.once("data", () => socket.end()),
      "closed-at-upgrade",
      /closed/,
    ],
    ["a reset", (socket) => socket.once("data", () => socket.resetAndDestroy()), "closed-at-upgrade", /reset/],
    ["silence on TCP", () => {}, "no-upgrade-answer", /no answer within 400 ms/],
  ])("%s", async (_name, onSocket, code, message) => {
    const server = await started(fakeServer(onSocket));
    const report = await probed(server.url("/game?room=1"));
    expect(report.verdict).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(report.steps.at(-1)?.result).not.toBe("ok");
  });
});

describe("names and addresses", () => {
  it("host not found", async () => {
    const lookUp = () => Promise.reject(new Error("getaddrinfo ENOTFOUND no.such.host"));
    const report = await probed("ws://no.such.host:7777/", {}, { ...realEnvironment(), lookUp });
    expect(report.verdict).toMatchObject({ code: "host-not-found", message: expect.stringContaining("no.such.host") });
    expect(report.steps).toMatchObject([{ name: "dns", result: "failed" }]);
  });

  it("a name server that does not answer", async () => {
    const lookUp = () => new Promise<string[]>(() => {});
    const report = await probed("ws://slow.host/", {}, { ...realEnvironment(), lookUp });
    expect(report.verdict).toMatchObject({ code: "host-not-found", message: expect.stringContaining("within 400 ms") });
  });

  it("nothing listens", async () => {
    const server = await started(fakeServer(() => {}));
    await server.close();
    const report = await probed(server.url());
    expect(report.verdict.code).toBe("nothing-listens");
    expect(report.verdict.message).toContain(`127.0.0.1 port ${server.port}`);
    expect(report.steps.map(({ name, result }) => [name, result])).toEqual([
      ["dns", "ok"],
      ["tcp", "failed"],
    ]);
  });

  it("goes on to the next address of a name where the first is not served", async () => {
    const server = await started(fakeServer(answering(HTTP.notFound)));
    const lookUp = () => Promise.resolve(["127.0.0.2", "127.0.0.1"]);
    const report = await probed(server.url().replace("127.0.0.1", "two.example"), {}, { ...realEnvironment(), lookUp });
    expect(report.steps.map(({ name, result }) => `${name} ${result}`)).toEqual([
      "dns ok",
      "tcp failed",
      "tcp ok",
      "upgrade failed",
    ]);
    expect(report.verdict.code).toBe("wrong-path");
  });

  // Linux drops a SYN when a listener's backlog is full; other systems refuse or hold it.
  it.runIf(process.platform === "linux")("dropped packets: no answer to the SYN", async () => {
    const listen =
      "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})";
    const child = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "ignore"] });
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    child.kill("SIGSTOP");
    const port = Number(chunk.toString());
    const fillers = Array.from({ length: 6 }, () => net.connect(port, "127.0.0.1").on("error", () => {}));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const report = await probed(`ws://127.0.0.1:${port}/`);
    for (const filler of fillers) filler.destroy();
    child.kill("SIGKILL");
    expect(report.verdict).toMatchObject({ code: "no-answer", message: expect.stringContaining("within 400 ms") });
  });
});

describe("TLS and plain", () => {
  it("ws:// to a TLS port: says which URL works", async () => {
    const server = await started(fakeWebSocketServer({}, { tls: true }));
    const report = await probed(server.url("/game", "ws"));
    expect(report.verdict).toMatchObject({ code: "tls-server", message: expect.stringContaining("opens a WebSocket") });
    expect(report.verdict.next).toContain(`wss://127.0.0.1:${server.port}/game`);
    expect(report.steps.at(-1)).toMatchObject({ name: "check", result: "note" });
  });

  it("ws:// to a TLS port that hangs on plain bytes", async () => {
    const server = await started(
      fakeServer((socket) => {
        // A record that never gets whole: as a TLS layer that waits for the rest of a hello.
        socket.once("data", (first: Buffer) => {
          if (first[0] === 0x16) socket.end("\x15\x03\x03\x00\x02\x02\x28", "latin1");
        });
      }),
    );
    expect((await probed(server.url())).verdict.code).toBe("no-upgrade-answer");
  });

  it("wss:// to a plain port: says which URL works", async () => {
    const server = await started(fakeWebSocketServer({}));
    const report = await probed(server.url("/game", "wss"));
    expect(report.verdict).toMatchObject({
      code: "plain-server",
      message: expect.stringContaining("opens a WebSocket"),
    });
    expect(report.verdict.next).toContain(`ws://127.0.0.1:${server.port}/game`);
  });

  it("wss:// to a plain web server", async () => {
    const server = await started(fakeServer(answering(HTTP.notFound)));
    const report = await probed(server.url("/", "wss"));
    expect(report.verdict).toMatchObject({ code: "plain-server", message: expect.stringContaining("HTTP 404") });
  });

  it("wss:// to something that is neither", async () => {
    const server = await started(fakeServer((socket) => socket.end("220 mail.example ESMTP\r\n")));
    expect((await probed(server.url("/", "wss"))).verdict.code).toBe("tls-failed");
  });

  it("wss:// to a port that says nothing", async () => {
    const server = await started(fakeServer(() => {}));
    const report = await probed(server.url("/", "wss"));
    expect(report.verdict).toMatchObject({ code: "tls-failed", message: expect.stringContaining("within 400 ms") });
  });

  it("a certificate that is not trusted, by the system and by another --ca", async () => {
    const server = await started(fakeWebSocketServer({}, { tls: true }));
    const report = await probed(server.url());
    expect(report.verdict).toMatchObject({
      code: "certificate-not-trusted",
      next: expect.stringContaining("--insecure"),
    });
    expect(report.verdict.next).toContain("--ca FILE");
    const other = await probed(server.url(), { ca: testPem("server.pem") });
    expect(other.verdict).toMatchObject({ code: "certificate-not-trusted", message: expect.stringContaining("--ca") });
  });
});

describe("a 101 that no Unity client takes", () => {
  it.each([
    ["Sec-WebSocket-Protocol", "chat"],
    ["Sec-WebSocket-Extensions", "permessage-deflate"],
  ])("with %s", async (name, value) => {
    const server = await started(
      fakeServer((socket) => {
        socket.once("data", (head: Buffer) => {
          const key = /Sec-WebSocket-Key: (\S+)/i.exec(head.toString("latin1"))?.[1] ?? "";
          const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
          socket.write([...lines, `Sec-WebSocket-Accept: ${acceptOf(key)}`, `${name}: ${value}`, "", ""].join("\r\n"));
        });
      }),
    );
    const report = await probed(server.url());
    expect(report.verdict).toMatchObject({
      code: "unwanted-header",
      message: expect.stringContaining(`${name}: ${value}`),
    });
  });
});

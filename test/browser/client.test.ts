// The browser client in a page of headless Chromium, bundled as a user would bundle it, against the reference server.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UtpServer, type UtpServerOptions } from "../../src/server/index.js";
import { bundleForBrowser } from "../support/browser-bundle.js";
import { isChromiumAbsent, launchChromium } from "../support/headless-chromium.js";

const isAbsent = isChromiumAbsent();

const PROGRAM = `import { UtpClient } from "utp-load/client";\nglobalThis.UtpClient = UtpClient;\n`;

describe.skipIf(isAbsent)("utp-load/client in a browser", () => {
  let bundle = "";
  let browser: Browser;
  let page: Page;
  const pages = createServer((request, response) => {
    const isScript = request.url === "/bundle.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(
      isScript ? bundle : `<!doctype html><title>test</title><script type="module" src="/bundle.js"></script>`,
    );
  });

  beforeAll(async () => {
    bundle = await bundleForBrowser(PROGRAM);
    browser = await launchChromium();
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.UtpClient !== undefined");
  });

  afterAll(async () => {
    await browser?.close();
    pages.close();
  });

  /** Runs `script` in the page, with \`url\` of a server of its own. */
  async function inPage(script: string, options: UtpServerOptions = {}): Promise<{ result: unknown; left: string[] }> {
    const left: string[] = [];
    const onDisconnect = (_peer: unknown, reason: string) => left.push(reason);
    const server = await UtpServer.listen({ tickHz: 60, echo: true, onDisconnect, ...options });
    try {
      const result: unknown = await page.evaluate(`(async (url) => { ${script} })(${JSON.stringify(server.url)})`);
      return { result, left };
    } finally {
      await server.close();
    }
  }

  it("is bundled without a package and without anything of Node", () => {
    expect(bundle).toContain("arraybuffer");
    expect(bundle).not.toMatch(/\bfrom\s*"|\bimport\s*\(|node:|hdr-histogram|require\(/);
    expect(bundle).not.toMatch(/PerMessageDeflate|WebSocketServer|Buffer\./);
  });

  it.each(["patient", "native", "webgl"])("joins as %s, gets its echoes, leaves", async (kind) => {
    const { result, left } = await inPage(`
      const client = await UtpClient.connect(url, { kind: "${kind}", payload: new Uint8Array([1, 2]) });
      const echoes = [];
      const done = new Promise((resolve) => {
        client.onMessage = (payload) => {
          echoes.push(payload.length, payload.at(-1));
          if (echoes.length === 6) resolve();
        };
      });
      for (const size of [1, 20, 1376]) client.send(new Uint8Array(size).fill(size % 256));
      await done;
      await client.close();
      return { echoes, max: client.maxPayloadBytes, reason: client.end.reason };
    `);
    expect(result).toEqual({ echoes: [1, 1, 20, 20, 1376, 96], max: 1376, reason: "ClosedByClient" });
    expect(left).toEqual(["ClosedByRemote"]);
  });

  it("stays up on heartbeats, and says when the server has ended the connection", async () => {
    const { result } = await inPage(
      `
      const client = await UtpClient.connect(url, { parameters: { heartbeatTimeoutMs: 100 } });
      const startMs = performance.now();
      const [reason, end] = await new Promise((resolve) => {
        client.onDisconnect = (...all) => resolve(all);
      });
      return { reason, unityReason: end.unityReason, isLate: performance.now() - startMs > 600 };
    `,
      { kickAfterMs: 800, parameters: { disconnectTimeoutMs: 400 } },
    );
    expect(result).toEqual({ reason: "ClosedByServer", unityReason: "ClosedByRemote", isLate: true });
  });

  it("rejects with a reason and a hint where nothing listens, and before it tries what no page can do", async () => {
    const { result } = await inPage(`
      const refused = await UtpClient.connect("ws://127.0.0.1:1/").catch((error) => error);
      const wrong = await UtpClient.connect(url, { headers: [["a", "b"]] }).catch((error) => error);
      return [refused.code, refused.reason, refused.hint.length > 0, wrong.code];
    `);
    expect(result).toEqual(["E_CONNECTION", "ConnectionRefused", true, "E_USAGE"]);
  });
});

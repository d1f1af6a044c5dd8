// The dashboard over HTTP: who gets in, what a change does to a run on two threads, and that its books balance all the same.
import { afterAll, describe, expect, it } from "vitest";
import { ENDED, expectBooksToBalance, parseSummary, startCli, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function startWatched(...args: (string | number)[]) {
  const run = startCli(["run", ...args, "--json", "--no-progress", "--out", folder.path]);
  const url = await new Promise<string>((resolve) => {
    let text = "";
    run.child.stderr?.on("data", (chunk) => {
      text += chunk;
      const found = /dashboard: (http:\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { ...run, url };
}

const tokenOf = async (url: string): Promise<string> => /"token":"(\w+)"/.exec(await (await fetch(url)).text())![1]!;

/** Reads the stream of states until one is as wanted. */
async function waitForState(url: string, isThere: (state: { phase: string; figures: { value: string }[] }) => boolean) {
  const response = await fetch(new URL(`events${new URL(url).search}`, url));
  let text = "";
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    const events = text.split("\n\n");
    text = events.pop()!;
    if (events.some((event) => isThere(JSON.parse(event.slice("data: ".length))))) return;
  }
  throw new Error("the run was over before");
}

describe("the dashboard", () => {
  it("changes a run on two threads, and the books follow", async () => {
    const { url, ended } = await startWatched("-c", 6, "-r", "200ms", "-d", "12s", "-w", 2, "--dashboard", 0);
    const token = await tokenOf(url);
    const post = async (action: string, body: object = {}) => {
      const headers = { "X-Utp-Load-Token": token };
      return (await fetch(new URL(action, url), { method: "POST", headers, body: JSON.stringify(body) })).text();
    };
    const hasClients = (clients: number) => waitForState(url, ({ figures }) => figures[0]?.value === String(clients));
    await hasClients(6);
    expect(await post("clients", { change: 3 })).toBe("3 more clients start");
    await hasClients(9);
    expect(await post("clients", { change: -4 })).toBe("4 clients leave");
    await hasClients(5);
    expect(await post("pause")).toContain("Paused");
    await waitForState(url, ({ phase }) => phase === "paused");
    expect(await post("resume")).toBe("The run goes on");
    const { code, stdout, stderr } = await ended;
    const summary = parseSummary({ code, stdout, stderr });
    expect(ENDED).toContain(code);
    expectBooksToBalance(summary);
    expect(summary.clients).toMatchObject({ planned: 9, started: 9, connected: 9, peakConnected: 9 });
    expect(summary.run.adjusted).toBe(true);
    expect(summary.disconnects.byReason).toEqual({ ClosedByClient: 9 });
    expect(stderr.match(/adjusted by hand after/g)?.length).toBe(4);
  });

  it("shows itself to nobody from elsewhere", async () => {
    const { url, ended } = await startWatched("-c", 1, "-d", "3s", "--dashboard", "0.0.0.0:0");
    expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+\/\?token=[0-9a-f]{32}$/);
    const plain = url.split("?")[0]!;
    const status = async (path: string, init?: RequestInit) => (await fetch(new URL(path, plain), init)).status;
    expect([await status("/"), await status("/events"), await status("/?token=x")]).toEqual([403, 403, 403]);
    const origin = { Origin: "http://evil.example", "X-Utp-Load-Token": await tokenOf(url) };
    const post = { method: "POST", body: "{}" };
    expect([await status("/stop", post), await status("/stop", { ...post, headers: origin })]).toEqual([403, 403]);
    expect([(await fetch(url)).status, await status("/other", { method: "PUT" })]).toEqual([200, 403]);
    expect(ENDED).toContain((await ended).code);
  });
});

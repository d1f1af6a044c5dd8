// Who may see a dashboard, and who may change a run with it.
import { describe, expect, it } from "vitest";
import { RequestGuard } from "../../../src/live/dashboard/request-guard.js";

const TOKEN = "0123456789abcdef";

const request = (headers: Record<string, string>, path = "/") => ({ headers, url: new URL(path, "http://dashboard") });

describe("on loopback", () => {
  const guard = new RequestGuard("127.0.0.1", TOKEN);

  it.each([
    ["127.0.0.1:5665", true],
    ["localhost:5665", true],
    ["[::1]:5665", true],
    ["game.example:5665", false],
    ["127.0.0.1.game.example", false],
    ["", false],
  ])("a request for %s may see it: %s", (host, isAllowed) => {
    expect(guard.maySee(request({ host }))).toBe(isAllowed);
  });

  const own = { host: "127.0.0.1:5665", "x-utp-load-token": TOKEN };
  it.each<[string, Record<string, string>, boolean]>([
    ["its own page", { ...own, origin: "http://127.0.0.1:5665" }, true],
    ["a program with the token", own, true],
    ["a page without the token", { host: own.host }, false],
    ["a page with another token", { ...own, "x-utp-load-token": TOKEN.replace("0", "1") }, false],
    ["a page with half of it", { ...own, "x-utp-load-token": TOKEN.slice(1) }, false],
    ["a page of another site", { ...own, origin: "https://evil.example" }, false],
    ["a page of another port", { ...own, origin: "http://127.0.0.1:80" }, false],
    ["a page in a sandbox", { ...own, origin: "null" }, false],
    ["a name that leads here", { ...own, host: "evil.example", origin: "http://evil.example" }, false],
  ])("%s may change the run: %s", (_, headers, isAllowed) => {
    expect(guard.mayChange(request(headers))).toBe(isAllowed);
  });
});

describe("on another address", () => {
  const guard = new RequestGuard("0.0.0.0", TOKEN);

  it.each([
    ["/", false],
    ["/events?token=", false],
    ["/events?token=wrong", false],
    [`/events?token=${TOKEN}`, true],
  ])("%s may be seen: %s", (path, isAllowed) => {
    expect(guard.maySee(request({ host: "10.0.0.5:5665" }, path))).toBe(isAllowed);
  });

  it("a change needs the token in its header, as everywhere", () => {
    const host = "10.0.0.5:5665";
    expect(guard.mayChange(request({ host }, `/stop?token=${TOKEN}`))).toBe(false);
    expect(guard.mayChange(request({ host, "x-utp-load-token": TOKEN }))).toBe(true);
  });
});

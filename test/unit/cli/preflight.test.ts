import { describe, expect, it } from "vitest";
import { descriptorsOf, portsOf, socketLimits, socketShortage } from "../../../src/cli/preflight.js";

describe("socketShortage()", () => {
  const enough: [
    what: string,
    peakClients: number,
    localAddresses: number,
    descriptors?: number,
    localPorts?: number,
  ][] = [
    ["no limits", 1e6, 0],
    ["exactly enough descriptors", 1000, 0, 1064],
    ["exactly enough ports", 28_232, 0, 1e6, 28_232],
    ["two addresses, twice the ports", 50_000, 2, 1e6, 28_232],
  ];
  it.each(enough)("finds nothing wrong with %s", (_, peakClients, localAddresses, descriptors, localPorts) => {
    expect(socketShortage({ peakClients, localAddresses }, { descriptors, localPorts })).toBeUndefined();
  });

  it("misses a single descriptor or port", () => {
    const needs = { peakClients: 1000, localAddresses: 0 };
    expect(socketShortage(needs, { descriptors: 1063, localPorts: undefined })).toBeDefined();
    expect(socketShortage(needs, { descriptors: undefined, localPorts: 999 })).toBeDefined();
  });

  it("tells the descriptors that are needed, those that are there, and the remedy", () => {
    const error = socketShortage({ peakClients: 1000, localAddresses: 0 }, { descriptors: 256, localPorts: undefined });
    expect(error?.message).toBe("Cannot start 1000 clients: the limit of open files must be at least 1064, got 256");
    expect(error?.hint).toContain("ulimit -n 1064");
    expect(error?.hint).toContain("at most 192 clients");
  });

  it("tells the ports that are there, and how many addresses would do", () => {
    const limits = { descriptors: 1e6, localPorts: 28_232 };
    const error = socketShortage({ peakClients: 60_000, localAddresses: 1 }, limits);
    expect(error?.message).toContain("got 28232");
    expect(error?.hint).toContain("3 source addresses with --local-address");
    expect(error?.hint).toContain("ip_local_port_range");
  });
});

it.each([
  [
    "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files\n",
    1024,
  ],
  ["Max open files            unlimited            unlimited            files", undefined],
  ["", undefined],
])("descriptorsOf(%j)", (text, limit) => {
  expect(descriptorsOf(text)).toBe(limit);
});

it.each([
  ["32768\t60999\n", 28_232],
  ["1024 1024", 1],
  ["", undefined],
  ["nonsense", undefined],
])("portsOf(%j)", (text, ports) => {
  expect(portsOf(text)).toBe(ports);
});

it("Windows has no limits to read", async () => {
  expect(await socketLimits("win32")).toEqual({ descriptors: undefined, localPorts: undefined });
});

it.skipIf(process.platform === "win32")("this system's limit of descriptors can be read", async () => {
  const { descriptors } = await socketLimits(process.platform);
  expect(descriptors ?? Number.POSITIVE_INFINITY).toBeGreaterThan(64);
});

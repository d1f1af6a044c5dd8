// Placeholders of `--server`: found, filled, and refused where nobody fills them.
import { describe, expect, it } from "vitest";
import { checkPlaceholders, filledCommand, placeholdersOf, targetValues } from "../../../src/matrix/server-command.js";

/** The shell's own variable. */
const HOME = `$\{HOME}`;

it("placeholders are names in braces, but the shell's own", () => {
  expect(placeholdersOf(`./game -r {rate} ${HOME} -j '{"a":1}' {transport.heartbeat}`)).toEqual([
    "rate",
    "transport.heartbeat",
  ]);
});

it("filledCommand fills what it is given", () => {
  expect(filledCommand(`./game {rate} {port} {rate} ${HOME}`, { rate: "10", port: "7777" })).toBe(
    `./game 10 7777 10 ${HOME}`,
  );
});

it.each([
  ["ws://127.0.0.1:7777/", "127.0.0.1", "7777"],
  ["wss://game.example/x", "game.example", "443"],
  ["ws://[::1]/", "::1", "80"],
])("%s gives host %s and port %s", (target, host, port) => {
  expect(targetValues(target)).toEqual({ target, host, port });
});

describe("checkPlaceholders", () => {
  it("takes varied keys and the target's parts", () => {
    expect(() => checkPlaceholders("x {rate} {host} {port} {target}", ["rate"])).not.toThrow();
  });

  it("names the nearest of an unknown one", () => {
    expect(() => checkPlaceholders("x {prot}", ["rate"])).toThrow(
      expect.objectContaining({ hint: "Did you mean {port}?" }),
    );
  });
});

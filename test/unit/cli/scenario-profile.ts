// Profiles with scenarios for tests of resolution, and a computer with the files that they name.
import { expect } from "vitest";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import type { Machine } from "../../../src/cli/this-machine.js";
import { ProfileError } from "../../../src/errors.js";
import type { Profile } from "../../../src/profile/profile.js";
import type { Scenario } from "../../../src/profile/scenario.js";
import { machineWith } from "./machine.js";

const FILES = {
  "players.csv": 'name,token,level\nbob,t1,3\n"al ""x""",t2,40\ncy,t3,255\n',
  "ticket.bin": "AB",
};

export function profileOf(text: string, flags = {}, overrides: Partial<Machine> = {}): Profile {
  const machine = machineWith({ ...FILES, "load.yaml": text }, overrides);
  return resolveRun({ argument: "load.yaml", flags, environment: {} }, machine).run.profile;
}

/** The one scenario of a profile, `body` its keys. */
export function scenario(body: string, head = "clients: 3\npipelines: ngo"): Scenario {
  return profileOf(`${head}\nscenarios:\n s:\n  ${body.replaceAll("\n", "\n  ")}\n`).scenarios![0]!;
}

/** Why it is refused; fails where it is taken. */
export function refusal(body: string, head?: string): string {
  try {
    scenario(body, head);
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  throw new Error(`was taken: ${body}`);
}

/** The key `steps` with a list of them, a line each. */
export function steps(list: string): string {
  return `steps:\n  ${list.replaceAll("\n", "\n  ")}`;
}

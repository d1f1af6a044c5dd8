// A scenario's layout and its clients, on a clock that tests set, for what is compiled once and used by each client.
import { ClientVariables, type ValueEnvironment } from "../../src/workload/client-variables.js";
import type { Value } from "../../src/workload/value.js";
import { ValueFaults } from "../../src/workload/value-faults.js";
import { VariableLayout } from "../../src/workload/variable-layout.js";

export class ScriptClients {
  readonly layout: VariableLayout;
  readonly faults = new ValueFaults();
  readonly environment: ValueEnvironment;
  runMs = 0;
  epochMs = 0;

  constructor(names: readonly string[] = [], seed = 1) {
    this.layout = new VariableLayout(seed, names);
    const clock = { runMs: () => this.runMs, epochMs: () => this.epochMs };
    this.environment = { layout: this.layout, clock, faults: this.faults };
  }

  /** A client with these variables. Nothing can be compiled afterwards. */
  client(number = 0, variables: Readonly<Record<string, Value>> = {}): ClientVariables {
    const client = new ClientVariables(this.environment, number);
    for (const [name, value] of Object.entries(variables)) client.set(this.layout.slotOf(name), value);
    return client;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

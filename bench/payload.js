// What one message of ten fields costs to write, and one to read with its decode block. Prints figures only.
import os from "node:os";
import v8 from "node:v8";
import vm from "node:vm";
import { ClientVariables } from "../dist/workload/client-variables.js";
import { compileDecode } from "../dist/workload/message-decoder.js";
import { compilePayload } from "../dist/workload/payload-writer.js";
import { ValueFaults } from "../dist/workload/value-faults.js";
import { VariableLayout } from "../dist/workload/variable-layout.js";

const CLIENTS = 1000;
const MESSAGES = 400_000;
const ROUNDS = 5;
const SHORT_MESSAGES = 1000;
const SHORT_ROUNDS = 31;

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");

const random = (min, max) => ({ from: "random", min, max });
const FIELDS = [
  { type: "byte", value: { from: "literal", value: 7 } },
  { type: "uint", value: { from: "counter", start: 0, step: 1 } },
  { type: "float", name: "x", value: random(-500.5, 500.5) },
  { type: "float", name: "y", value: random(-500.5, 500.5) },
  { type: "packedInt", value: random(-1000, 1000) },
  { type: "rawBits", bitCount: 5, value: random(0, 31) },
  { type: "packedUInt", value: { from: "variable", name: "score" } },
  { type: "long", value: random(-1e18, 1e18) },
  { type: "double", value: { from: "time", clock: "run" } },
  { type: "ushort", value: { from: "variable", name: "client" } },
];

function environmentOf(layout) {
  let now = 0;
  const clock = { runMs: () => ++now, epochMs: () => ++now };
  return { layout, clock, faults: new ValueFaults() };
}

/** CPU nanoseconds of a call in the quickest round: other programs on the machine only ever add. */
function quickestNs(call) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let index = 0; index < MESSAGES; index++) call(index);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / MESSAGES);
  }
  return Math.round(best);
}

/** Bytes that a call leaves on the heap, the median of rounds so short that no collection comes in between. */
function allocatedBytes(call) {
  const grown = Array.from({ length: SHORT_ROUNDS }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < SHORT_MESSAGES; index++) call(index);
    return (process.memoryUsage().heapUsed - before) / SHORT_MESSAGES;
  });
  return Math.round(grown.sort((a, b) => a - b)[SHORT_ROUNDS >> 1]);
}

function measure(call) {
  return { "ns a message": quickestNs(call), "bytes allocated a message": allocatedBytes(call) };
}

/** Bytes that the process holds, the young generation cleared. */
function heldBytes() {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const layout = new VariableLayout(1, ["score"]);
const writer = compilePayload({ kind: "fields", fields: FIELDS }, layout);
const environment = environmentOf(layout);
const beforeBytes = heldBytes();
const clients = Array.from({ length: CLIENTS }, (_, number) => new ClientVariables(environment, number));
const clientBytes = (heldBytes() - beforeBytes) / CLIENTS;
for (const client of clients) client.set(layout.slotOf("score"), 12_345);

const decoder = compileDecode([
  {
    name: "state",
    pipelineId: undefined,
    fields: FIELDS.map(({ type, bitCount, name }) => ({ type, name, size: bitCount, equals: undefined })),
    metrics: [{ name: "state_x", kind: "gauge", field: "x" }],
  },
]);
const message = writer.write(clients[0]).slice();
const sink = { metric: () => {} };

console.log(`Node ${process.version}, ${os.cpus()[0]?.model ?? "unknown CPU"}`);
console.table({
  "write ten fields": measure((index) => writer.write(clients[index % CLIENTS])),
  "read ten fields": measure(() => {
    decoder.read(message, 0);
    decoder.report(sink, environment.faults);
  }),
});
console.log(`a client: ${Math.round(clientBytes)} bytes`);

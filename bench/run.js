// `npm run bench`: utp-load's clients against a bare-socket baseline in the same run, several times in turn; prints the medians.
// Figures of one machine and one day: compare the ratios, not the absolute times.
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { fileURLToPath } from "node:url";

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const clients = Number(process.env.BENCH_CLIENTS ?? 2000);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const rate = 10;
const bytes = 64;
const LIMITS = { cpuUsPerEcho: 1.5, bytesPerClient: 25 * 1024, connectsPerSecond: 0.65 };

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function startServer() {
  const cli = fileOf("../bin/utp-load.js");
  const args = [cli, "serve", "--tick", "0", "--echo", "--port", "0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    const match = /listening on ws:\/\/[^:]+:(\d+)\//.exec(text);
    if (match) return { port: Number(match[1]), stop: () => child.kill() };
  }
  throw new Error(`the server ended before it listened: ${text}`);
}

async function measure(script, options) {
  const child = spawn(process.execPath, [fileOf(script), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${script} ended with exit code ${code}`);
  return JSON.parse(text);
}

const server = await startServer();
const options = { port: server.port, clients, bytes, connectsInFlight: 256, connectRate: 100_000 };
const results = { utp: [], bare: [] };
for (let round = 0; round < rounds; round++) {
  for (const [who, script] of [
    ["bare", "bare-client.js"],
    ["utp", "utp-client.js"],
  ]) {
    // Who plays while others still connect would pay for both: connecting is measured with next to no traffic, and apart.
    const connecting = await measure(script, { ...options, clients: clients * 2, rate: 0.01, seconds: 0 });
    const playing = await measure(script, { ...options, rate, seconds });
    const { connectsPerSecond, connectsPerCpuSecond } = connecting;
    results[who].push({ ...playing, connectsPerSecond, connectsPerCpuSecond });
  }
}
server.stop();

const of = (who, figure) => median(results[who].map((result) => result[figure]));
const ratioOf = (figure) => median(results.utp.map((result, round) => result[figure] / results.bare[round][figure]));
const cpu = os.cpus();
console.log(`${cpu.length} x ${cpu[0]?.model.trim()}, Node ${process.version}, ${process.platform}`);
console.log(`${clients} clients, ${rate} Hz, ${bytes} bytes, ${seconds} s; medians of ${rounds} rounds in turn\n`);
const rows = [
  ["CPU per echoed message, us", "cpuUsPerEcho", 1, `at most ${LIMITS.cpuUsPerEcho} x`],
  ["resident KB a client, active", "bytesPerClient", 1 / 1024, `at most ${LIMITS.bytesPerClient / 1024} KB`],
  ["connects a second", "connectsPerSecond", 1, `at least ${LIMITS.connectsPerSecond} x`],
  ["connects a second of CPU", "connectsPerCpuSecond", 1, `at least ${LIMITS.connectsPerSecond} x`],
];
console.log(`${"".padEnd(30)}${"utp-load".padStart(10)}${"bare".padStart(10)}${"ratio".padStart(8)}  reach`);
for (const [label, figure, unit, reach] of rows) {
  const cells = [of("utp", figure) * unit, of("bare", figure) * unit].map((value) =>
    value.toFixed(value < 100 ? 1 : 0).padStart(10),
  );
  console.log(`${label.padEnd(30)}${cells.join("")}${ratioOf(figure).toFixed(2).padStart(8)}  ${reach}`);
}

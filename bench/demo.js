// `npm run demo`: 1,000 clients at 20 Hz against the embedded server, as a user would start them; then the promises are checked.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePlan } from "../dist/workload/plan.js";

const CLIENTS = 1000;
const RATE = 20;
const out = join("results", `demo-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`);
const cli = fileURLToPath(new URL("../bin/utp-load.js", import.meta.url));
const flags = ["run", "--clients", CLIENTS, "--rate", RATE, "--duration", "10s", "--out", out].map(String);

console.log(`$ utp-load ${flags.join(" ")}\n`);
const child = spawn(process.execPath, [cli, ...flags], { stdio: "inherit" });
child.on("exit", (code) => {
  // 111: this machine was too busy for honest latency, which the summary has told; the promises below are judged all the same.
  if (code !== 0 && code !== 111) fail(`utp-load ended with exit code ${code}`);
  const summary = JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
  const { profile } = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  const planned = makePlan(profile.stages).clients.reduce((sum, { startMs, stopMs }) => sum + stopMs - startMs, 0);
  const sends = (planned / 1000) * RATE;
  const { connected } = summary.clients;
  const { sent, answered } = summary.messages;
  if (connected !== CLIENTS) fail(`${connected} of ${CLIENTS} clients connected`);
  if (Math.abs(sent - sends) > sends / 100) fail(`${sent} messages sent, the plan has ${Math.round(sends)}`);
  if (answered < sent * 0.999) fail(`${answered} of ${sent} messages answered`);
  console.log(
    `\ndemo: ${connected} of ${CLIENTS} clients connected, ${sent} messages sent of ${Math.round(sends)} in the plan, ` +
      `${((100 * answered) / sent).toFixed(2)}% answered; the results are in ${out}`,
  );
});

function fail(why) {
  console.error(`\ndemo: ${why}`);
  process.exit(1);
}

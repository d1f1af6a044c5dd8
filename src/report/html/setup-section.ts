// What was run, on what: the profile, what was typed, the machine. Pure; secrets were left out when the result was written.
import { bytesText, countText } from "../numbers.js";
import { html, type Markup } from "./markup.js";
import type { ReportData } from "./report-data.js";
import { table } from "./table.js";

export function setupSection({ run, summary }: ReportData): Markup {
  const { machine, plan, versions } = run;
  const columns = [{ head: "" }, { head: "", align: "left" as const }];
  const rows: [string, string][] = [
    ["system", `${machine.os} ${machine.release}, ${machine.arch}`],
    ["processor", `${machine.cpu}, ${machine.cores} cores`],
    ["memory", bytesText(machine.memoryBytes)],
    ["utp-load", versions.utpLoad],
    ["Node.js", versions.node],
    [
      "threads",
      `${plan.workers} ${plan.workers === 1 ? "worker" : "workers"}, ${plan.processes} ${plan.processes === 1 ? "process" : "processes"}`,
    ],
  ];
  return html`<section id="setup" aria-labelledby="setup-head">
<h2 id="setup-head">Profile and machine</h2>
${profileTable({ run, summary })}<details><summary>The whole profile, as it was run</summary>
<pre tabindex="0">${JSON.stringify(run.profile, null, 2)}</pre></details>
<p>Typed: <code>utp-load ${run.flags.join(" ")}</code></p>
${table({ caption: "The machine that made the load", columns, rows: rows.map((cells) => ({ cells })) })}</section>
`;
}

function profileTable({ run, summary }: Pick<ReportData, "run" | "summary">): Markup | undefined {
  const { profile, plan } = run;
  const stages = profile.stages.map(({ durationMs, target, arrivals }) =>
    arrivals === undefined
      ? `to ${countText(target)} within ${durationMs / 1000} s`
      : `${arrivals.perSecond} a second for ${durationMs / 1000} s, ${arrivals.stayMs / 1000} s each`,
  );
  const kinds = new Set([
    profile.client,
    ...(profile.scenarios ?? []).flatMap(({ playedAs }) => playedAs?.client ?? []),
  ]);
  const scenarios = profile.scenarios?.map(({ name, weight }) => `${name} (weight ${weight})`) ?? [];
  const rows: [string, string][] = [
    ["profile", profile.name],
    ["target", summary.run.target],
    ["clients", `${countText(plan.clients)}: ${stages.join(", ")}`],
    ["kind of client", [...kinds].join(", ")],
    [
      "load",
      scenarios.length > 0
        ? scenarios.join(", ")
        : `${profile.ratePerSecond} messages a second a client, ${profile.payloadBytes} bytes`,
    ],
    ["warm-up", `${profile.warmupMs / 1000} s`],
    ["seed", String(profile.seed)],
  ];
  return table({
    caption: "The profile in short",
    columns: [{ head: "" }, { head: "", align: "left" }],
    rows: rows.map((cells) => ({ cells })),
  });
}

// `utp-load report DIR`: a result as text, HTML, Markdown, JUnit XML or JSON, made from its folder alone. Starts no run.
import type { Argv, CommandModule } from "yargs";

interface ReportFlags {
  readonly result: string;
  readonly html: boolean;
  readonly md: boolean;
  readonly junit: boolean;
  readonly json: boolean;
  readonly out?: string | undefined;
  readonly color?: boolean | undefined;
}

export const reportCommand: CommandModule<object, ReportFlags> = {
  command: "report <result>",
  describe: "Reports of a result, also of a run that was killed",
  builder: (yargs) => flags(yargs),
  handler: async (given) => {
    // Late, so that --help and completion start fast.
    const { runReport } = await import("./run-report.js");
    process.exitCode = runReport(given.result, given);
  },
};

function flags(yargs: Argv<object>): Argv<ReportFlags> {
  return yargs
    .positional("result", { type: "string", demandOption: true, describe: "Results folder of a run" })
    .option("html", { type: "boolean", default: false, describe: "Write report.html: one page with charts and tables" })
    .option("md", { type: "boolean", default: false, describe: "Write summary.md, for a pull request" })
    .option("junit", { type: "boolean", default: false, describe: "Write junit.xml, for a build server" })
    .option("json", { type: "boolean", default: false, describe: "Print the summary as one JSON object" })
    .option("out", { alias: "o", type: "string", requiresArg: true, describe: "Write into this folder [the result's]" })
    .option("color", { type: "boolean", describe: "Colours (--no-color: none)" })
    .example("$0 report results/smoke-20261123T014600Z", "The summary in words")
    .example("$0 report results/smoke-20261123T014600Z --html", "A page to look at and to pass on")
    .example("$0 report results/smoke-20261123T014600Z --md --junit", "Files for CI")
    .epilogue("Exits with 0 whatever the verdict is: `run` has judged. 104: no result that can be read");
}

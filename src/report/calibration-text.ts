// A calibration for a terminal: what this machine can do, and what follows for a run. Pure.
import type { Calibration } from "../calibration/calibration.js";
import { wrapped } from "./layout.js";
import { countText, msText } from "./numbers.js";

const LABEL_COLUMNS = 15;

/** With a line end behind every line. @param path Where it is stored. */
export function calibrationText({ machine, ceiling }: Calibration, path: string): string {
  const { workers, messagesPerSecond, isReached, connectsPerSecond } = ceiling;
  const lag = `p50 ${msText(ceiling.halfLoadLagP50Ms)} ms, p99 ${msText(ceiling.halfLoadLagP99Ms)} ms`;
  const lines = [
    ...labelled("machine", `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`),
    ...labelled(
      "messages",
      `${isReached ? "" : "more than "}${countText(messagesPerSecond)} a second with ${workers} ` +
        `${workers === 1 ? "worker" : "workers"}, sent in time (send lag p99 within 10 ms) and echoed by a server on this machine`,
    ),
    ...labelled("as clients", `${countText(messagesPerSecond / 10)} clients that send 10 messages a second each`),
    ...labelled("connects", `${countText(connectsPerSecond)} clients a second`),
    ...labelled("at half load", `send lag ${lag}`),
    ...labelled("stored", `${path}: \`utp-load run\` warns where a plan asks for more`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function labelled(label: string, text: string): string[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), text);
}

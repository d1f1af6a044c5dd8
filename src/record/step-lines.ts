// The steps of one recorded client: each message at its time, what the server said in between as comments. Plays nothing.
import { hexOf, seconds, wholeMs } from "./figures.js";
import type { RecordedMessage, Recording } from "./recording.js";

/** Of what the server says between two messages of the client, so many are shown one by one. */
const SHOWN_ANSWERS = 3;
/** Of an answer, so many bytes are shown. */
const SHOWN_BYTES = 24;

/** @param names Of the pipelines, by id. */
export function stepLines(recording: Recording, names: readonly string[]): string[] {
  const lines: string[] = [];
  let answers: RecordedMessage[] = [];
  let number = 0;
  for (const message of recording.messages) {
    if (message.from === "server") {
      answers.push(message);
      continue;
    }
    lines.push(...answerLines(answers, names), sendLine(message, ++number, names));
    answers = [];
  }
  lines.push(...answerLines(answers, names));
  return [...lines, ...lastLines(recording, number)];
}

function sendLine({ atMs, pipelineId, payload }: RecordedMessage, number: number, names: readonly string[]): string {
  const fields = `[{ hex: "${hexOf(payload)}" }]`;
  const send = pipelineId === 0 ? fields : `{ pipeline: ${names[pipelineId] ?? pipelineId}, payload: ${fields} }`;
  return `- { at: ${wholeMs(atMs)}, send: ${send} } # message ${number}`;
}

/** What the server said since the client's last message. Nothing waits for it. */
function answerLines(answers: readonly RecordedMessage[], names: readonly string[]): string[] {
  const shown = answers.slice(0, answers.length > SHOWN_ANSWERS ? SHOWN_ANSWERS - 1 : SHOWN_ANSWERS);
  const lines = shown.map(({ atMs, pipelineId, payload }) => {
    const end = payload.length > SHOWN_BYTES ? ".." : "";
    const where = pipelineId === 0 ? "" : ` on ${names[pipelineId] ?? pipelineId}`;
    return `# ${seconds(atMs)}: server${where}, ${payload.length} bytes: ${hexOf(payload.subarray(0, SHOWN_BYTES))}${end}`;
  });
  const others = answers.slice(shown.length);
  const last = others.at(-1);
  if (last === undefined) return lines;
  const bytes = others.reduce((sum, { payload }) => sum + payload.length, 0);
  return [...lines, `# and ${others.length} more from the server to ${seconds(last.atMs)}, ${bytes} bytes`];
}

/** A list of steps is never empty: who said nothing is there, and does nothing. */
function lastLines({ end }: Recording, sends: number): string[] {
  if (end.by === "client") return [`- { at: ${wholeMs(end.atMs)}, disconnect: true }`];
  return sends > 0 ? [] : ["- wait: 0s # it sent no message"];
}

// Recordings as a profile that plays them back: YAML with comments, by the rules of docs/profiles.md. Writes no file.
import { formatDuration } from "../profile/duration.js";
import { pipelinesText } from "../profile/pipelines-text.js";
import { DEFAULT_PARAMETERS, maxWebSocketMessageBytes, WEBSOCKET_PADDING_BYTES } from "../protocol/parameters.js";
import { pipelineNames } from "../protocol/pipelines/pipeline-names.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { hexOf, seconds } from "./figures.js";
import { counted, type Recording, totalsOf, unreadOf, unreadText } from "./recording.js";
import { stepLines } from "./step-lines.js";

/** Time to connect before a client's own time is up. */
const CONNECT_MS = 5000;
const MAX_SIZE = 1472;
/** What Unity's native client reserves more on wss. */
const TLS_EXTRA_BYTES = 68;

/** Where recordings come from and what they are played on. */
export interface Origin {
  /** Follows `Recorded by utp-load`: `on ..., through ...`. */
  readonly words: string;
  /** `ws://` or `wss://` URL without a path, or `embedded`. */
  readonly target: string;
  readonly pipelines: PipelinesDescription;
  /** The file that it will be, for the commands in its head. */
  readonly fileName: string;
}

/** @param recordings At least one of a client that got in; those of others are told of and left out. */
export function profileText(recordings: readonly Recording[], origin: Origin): string {
  const played = recordings.filter(({ acceptedMs }) => acceptedMs !== undefined);
  const longestMs = Math.max(0, ...played.map(({ end }) => end.atMs));
  const lines = [
    ...headLines(recordings, played.length, origin),
    `target: ${JSON.stringify(targetOf(played, origin))}`,
    `clients: ${played.length} # more of them play it in turn: --clients 50`,
    `duration: ${formatDuration(1000 * Math.ceil((longestMs + CONNECT_MS) / 1000))} # the play, and time to connect`,
    `pipelines: ${pipelinesText(origin.pipelines)}`,
    ...transportLines(played, origin.target),
    "",
    "scenarios:",
    ...played.flatMap((recording, index) => scenarioLines(recording, index + 1, origin)),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines(recordings: readonly Recording[], clients: number, { words, fileName }: Origin): string[] {
  const [up, down] = [totalsOf(recordings, "client"), totalsOf(recordings, "server")];
  const others = recordings.length - clients;
  const headers = new Set(recordings.flatMap(({ headerNames }) => headerNames));
  return [
    `# Recorded by utp-load ${comment(words)}`,
    `# ${counted(clients, "client")}; ${counted(up.messages, "message")} to the server (${counted(up.bytes, "byte")}), ` +
      `${down.messages} from it (${counted(down.bytes, "byte")}).`,
    `# Not decoded: ${unreadText(unreadOf(recordings))}.`,
    ...(others > 0 ? [`# Left out: ${others} that connected and never got in.`] : []),
    ...(headers.size > 0
      ? [
          `# The game sent headers that are not played back (add headers: if it needs them): ${comment([...headers].join(", "))}`,
        ]
      : []),
    "#",
    `# Play it with 50 clients:  utp-load run ${comment(fileName)} --clients 50`,
    `# What may be a variable:   utp-load record --diff ${comment(fileName)} ANOTHER.yaml`,
    "# Tokens, sequence numbers, acks and fragments are made anew; payloads are the game's own bytes.",
  ];
}

function scenarioLines(recording: Recording, number: number, { pipelines }: Origin): string[] {
  const { client, acceptedMs = 0, connectPayload, end } = recording;
  const names = pipelineNames(pipelines, new PipelineSet(pipelines).size);
  return [
    `  # ${comment(client)}: connected ${seconds(acceptedMs)} after the start, for ${seconds(end.atMs)}; ${endText(recording)}.`,
    `  client-${number}:`,
    ...(connectPayload === undefined ? [] : [`    connectPayload: [{ hex: "${hexOf(connectPayload)}" }]`]),
    "    steps:",
    ...stepLines(recording, names).map((line) => `      ${line}`),
  ];
}

/** Who left, in words. */
export function endText({ end }: Recording): string {
  switch (end.by) {
    case "client":
      return `the game left (${comment(end.how)})`;
    case "server":
      return `the server ended it (${comment(end.how)})`;
    case "nobody":
      return "it was there to the end of the recording";
  }
}

/** The path is the first client's: a proxy passes on what each game asks for. */
function targetOf(played: readonly Recording[], { target }: Origin): string {
  if (target === "embedded") return target;
  const path = (played[0]?.path ?? "/").replace(/[^\x21-\x7e]|[#"\\]/g, encodeURIComponent);
  return `${target}${path.replaceAll("${", () => "$${")}`;
}

/** Only where the game's packets are larger than Unity's defaults allow. */
function transportLines(played: readonly Recording[], target: string): string[] {
  const largestBytes = Math.max(0, ...played.map(({ largestPacketBytes }) => largestPacketBytes));
  const extraBytes = target.startsWith("wss:") ? TLS_EXTRA_BYTES : 0;
  if (largestBytes + extraBytes <= maxWebSocketMessageBytes(DEFAULT_PARAMETERS)) return [];
  const size = Math.min(MAX_SIZE, largestBytes + extraBytes + WEBSOCKET_PADDING_BYTES);
  return [`transport: { maxMessageSize: ${size} } # the largest packet had ${largestBytes} bytes`];
}

/** Remote text cannot end a comment, or begin another line. */
function comment(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

// Diagnoses of a server that all clients stop to hear at once: it stood still, could not send, or never came back. Each rule is pure.
import { silenceMs } from "../metrics/silence.js";
import type { Diagnosis, Summary } from "../result/summary.js";
import type { Observations } from "./observations.js";
import { type SilentSpell, silentSpellsOf } from "./silent-spells.js";

/** A silence up to the end of the run says something from this length on. */
const MIN_LASTING_MS = 2000;
/** "At once": this share of all connections, and at least this many. */
const SUDDEN_SHARE = 0.5;
const MIN_SUDDEN = 3;

/** All clients silent at once, and then everything comes: the server did nothing for a while. */
export function serverHitch(_summary: Summary, { series }: Observations): Diagnosis | undefined {
  const spells = silentSpellsOf(series).filter(({ end }) => end === "late" || end === "over");
  if (spells.length === 0) return undefined;
  return {
    code: "server-hitch",
    severity: "warning",
    message:
      "The server stood still: in the same moment all clients heard nothing, not even a heartbeat, and then everything came at once. A " +
      "garbage collection, a scene that loads, a disk, a busy machine, or the network to all of them. Look at what the server did then.",
    evidence: spellsText(spells),
  };
}

/** All clients silent at once, and what they had sent is lost: the server read it, but could not send. */
export function sendQueueFull(_summary: Summary, { series }: Observations): Diagnosis | undefined {
  const spells = silentSpellsOf(series).filter(({ end }) => end === "lost");
  if (spells.length === 0) return undefined;
  return {
    code: "send-queue-full",
    severity: "error",
    message:
      "All clients lost data and heartbeats in the same instant, and what they sent meanwhile was never answered: the server could not " +
      "send. In a Unity server one client that does not read its socket fills the send queue that all share. Find the client that stopped " +
      "reading and send it away; raise sendQueueCapacity, lower disconnectTimeout, broadcast less.",
    evidence: `${spellsText(spells)}; then it was over`,
  };
}

/** All clients silent at once and for good. */
export function allSilentAtOnce({ connect, disconnects }: Summary, { series }: Observations): Diagnosis | undefined {
  const spell = silentSpellsOf(series).find((one) => one.end === "never" && silenceMs(one) >= MIN_LASTING_MS);
  const ended = suddenSilence(series);
  const hasEnded = ended.count >= Math.max(MIN_SUDDEN, connect.established * SUDDEN_SHARE);
  if (spell === undefined && !hasEnded) return undefined;
  const silence = disconnects.byReason.Silence ?? 0;
  return {
    code: "all-silent-at-once",
    severity: "error",
    message:
      "All clients lost data and heartbeats in the same moment, and it did not come back: the server hung or died without closing its " +
      "sockets, or one client that does not read filled the send queue that all clients share.",
    evidence:
      spell === undefined
        ? `Silence: ${ended.count} of ${connect.established} connections around second ${ended.second}`
        : `${spellsText([spell])}; ${silence} of ${connect.established} connections ended with Silence`,
  };
}

/** The two intervals in a row in which most connections ran into their disconnect timeout. */
function suddenSilence(series: Observations["series"]): { count: number; second: number } {
  let best = { count: 0, second: 0 };
  let before = 0;
  for (const { disconnects, elapsedMs } of series) {
    const here = disconnects.Silence ?? 0;
    if (here + before > best.count) best = { count: here + before, second: Math.round(elapsedMs / 1000) };
    before = here;
  }
  return best;
}

function spellsText(spells: readonly SilentSpell[]): string {
  const longest = spells.reduce((a, b) => (silenceMs(b) > silenceMs(a) ? b : a));
  const from = `from ${seconds(longest.fromMs)} after the start`;
  const text = `${longest.clients} clients heard nothing for ${seconds(silenceMs(longest))}, ${from}`;
  return spells.length === 1 ? text : `${text}; ${spells.length} such times in all`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

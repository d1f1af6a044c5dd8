// The wire captures beside the project, as the replay tests need them: where they are, what is in them, and which of them can be
// replayed for which side. Nothing of their content is copied into the project.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One event of a capture. `hex` of a frame is its unmasked payload; `read` counts the socket reads of that direction. */
export type CaptureEvent =
  | {
      readonly kind: "http";
      readonly t_ms: number;
      readonly conn: number;
      readonly dir: Direction;
      readonly read: number;
      readonly hex: string;
    }
  | FrameEvent
  | { readonly kind: "datagram"; readonly t_ms: number; readonly dir: Direction; readonly hex: string }
  | {
      readonly kind: "tcp";
      readonly t_ms: number;
      readonly conn: number;
      readonly dir: Direction;
      readonly event: string;
    }
  | {
      readonly kind: "leftover";
      readonly t_ms: number;
      readonly conn: number;
      readonly dir: Direction;
      readonly hex: string;
    }
  | { readonly kind: "note"; readonly t_ms: number; readonly text: string };

export type Direction = "c2s" | "s2c";

export interface FrameEvent {
  readonly kind: "frame";
  readonly t_ms: number;
  readonly conn: number;
  readonly dir: Direction;
  readonly read: number;
  readonly fin: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly hex: string;
}

export interface Capture {
  readonly name: string;
  /** The scenario in words. */
  readonly what: string;
  /** Unity's server and its flags; undefined where a fake server stood there. */
  readonly server: string | undefined;
  /** State of Unity's client at the end; undefined where a raw client stood there, or Unity at both ends. */
  readonly clientState: string | undefined;
  readonly clientEvents: readonly string[];
  readonly serverLog: readonly string[];
  readonly events: readonly CaptureEvent[];
}

/** What one replay test does with the captures of its side. */
export interface ReplayPlan {
  readonly replayed: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

const DATAGRAMS =
  "datagrams: utp-load speaks UTP over WebSocket only (test/unit/protocol/pipelines compares the packets of its pipelines)";
/** Captures that no replay can do, whatever the side. */
const SKIPPED: Readonly<Record<string, string>> = {
  udp_basic: DATAGRAMS,
};
/** Data of the bit writer, not a capture. */
const NO_CAPTURE = "datastream";

/** The folder of the captures, or undefined where it is absent. */
export function goldenFolder(): string | undefined {
  const folder = fileURLToPath(new URL("../../../shared/golden/", import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

/** What a replay test prints before it skips. */
export const ABSENT = "captures: ../shared/golden is absent, nothing is replayed";

/** All captures, by name; empty where the folder is absent. */
export function captureNames(): readonly string[] {
  const folder = goldenFolder();
  if (folder === undefined) return [];
  const names = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return names.map((file) => file.slice(0, -".json".length)).filter((name) => name !== NO_CAPTURE);
}

/** The JSON of a capture. @throws If the folder is absent or holds no such capture. */
export function captureText(name: string): string {
  return readFileSync(`${goldenFolder()}${name}.json`, "utf8");
}

/** @throws As `captureText` does. */
export function loadCapture(name: string): Capture {
  const raw = JSON.parse(captureText(name)) as {
    readonly what: string;
    readonly server?: string | null;
    readonly client_state?: string;
    readonly client_events?: readonly string[];
    readonly server_log?: readonly string[];
    readonly events: readonly CaptureEvent[];
  };
  return {
    name,
    what: raw.what,
    server: raw.server ?? undefined,
    clientState: raw.client_state,
    clientEvents: raw.client_events ?? [],
    serverLog: raw.server_log ?? [],
    events: raw.events,
  };
}

/** Captures that show Unity's server. */
export function serverSideCaptures(): ReplayPlan {
  return plan((capture) => capture.server !== undefined || capture.name === "udp_basic");
}

/** Captures that show Unity's native client: all but those of a raw client. */
export function clientSideCaptures(): ReplayPlan {
  const raw = ["client_ping", "client_close_frame", "client_disconnect_only"];
  return plan(({ what, name }) => !what.includes("(raw client)") && !raw.includes(name));
}

function plan(isOfThisSide: (capture: Capture) => boolean): ReplayPlan {
  const names = captureNames().filter((name) => isOfThisSide(loadCapture(name)));
  return {
    replayed: names.filter((name) => SKIPPED[name] === undefined),
    skipped: names.flatMap((name) => (SKIPPED[name] === undefined ? [] : [{ name, reason: SKIPPED[name] }])),
  };
}

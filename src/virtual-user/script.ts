// What a player plays, steps or a bot, as the player sees it. Scripts act when they are called, have no timer, and
// open no connection.
import type { SessionEnd } from "../client/session-types.js";
import type { ClientVariables } from "../workload/client-variables.js";
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import type { Role } from "./role.js";
import type { ScriptProgram } from "./script-program.js";
import type { UserContext } from "./user-context.js";

/** What a script makes its player do. */
export interface ScriptHost {
  /** Leave, and stay away. */
  onScriptDisconnect(): void;
  /** Leave, and connect again this long after. */
  onScriptReconnect(afterMs: number): void;
  /** The connection ends with `ScriptError`: a required answer did not come, or a bot failed. `isOver`: it can go on with no other. */
  onScriptFailed(isOver: boolean): void;
  /** `nextMs` is another, though nobody called the script: a bot that waited by itself has set a timer. */
  onScriptTimer(): void;
}

/** What the next Connection Request carries, bytes of its own; or why there can be none. */
export type ConnectRequest = { readonly payload: Uint8Array | undefined } | { readonly refusal: string };

/** The end of an attempt that could not even be made. */
export function refusedEnd(refusal: string): SessionEnd {
  return { reason: "ScriptError", unityReason: "Default", wasConnected: false, detail: refusal };
}

export interface Script {
  readonly outlet: MessageOutlet;
  /** False: a feeder has no row for this client, and it is not to start. */
  readonly isFed: boolean;
  /** When it has something to do; Infinity: never by itself. */
  readonly nextMs: number;
  /** @param maxBytes Largest payload that a Connection Request can carry. */
  connectRequest(maxBytes: number): ConnectRequest;
  /** A connection is up. */
  begin(session: Session, nowMs: number): void;
  /** Does everything that was intended at `nowMs` at the latest and before `stopMs`, in the order in which it was. */
  run(nowMs: number, stopMs: number): void;
  /** What is due is done; then nothing is sent until `resume`, and `nextMs` is Infinity. Messages are still received. */
  pause(nowMs: number, stopMs: number): void;
  /** Goes on where it stood: waits are longer by the pause; what schedules would have sent in it is no longer planned. */
  resume(pausedMs: number, nowMs: number): void;
  /** A message arrived; the view is valid during the call only. True: the script went on, and `nextMs` is another. */
  receive(pipelineId: number, payload: Uint8Array, nowMs: number): boolean;
  /** The connection is over. `isOurs`: we asked for it. */
  end(reason: string, isOurs: boolean, nowMs: number, stopMs: number): void;
}

/** A script of client `number` has something to say. */
export function logLine(context: UserContext, { recorder, scenario }: Role, number: number, text: string): void {
  recorder.count("script_logs");
  context.onLog(`client ${number} (${scenario.name}): ${text}`);
}

/** The request of a scenario that says what it carries. */
export function connectRequestOf(
  { connectPayload }: ScriptProgram,
  client: ClientVariables,
  maxBytes: number,
): ConnectRequest {
  const payload = connectPayload?.write(client).slice();
  if ((payload?.length ?? 0) <= maxBytes) return { payload };
  return { refusal: `the connect payload is over ${maxBytes} bytes` };
}

// What a player plays, steps or a bot, as the player sees it. Scripts act when they are called; they have no timer and open no connection.
import type { ClientVariables } from "../workload/client-variables.js";
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import type { ScriptProgram } from "./script-program.js";

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
  onScriptLog(text: string): void;
}

/** What the next Connection Request carries, bytes of its own; or why there can be none. */
export type ConnectRequest = { readonly payload: Uint8Array | undefined } | { readonly refusal: string };

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
  /** A message arrived; the view is valid during the call only. True: the script went on, and `nextMs` is another. */
  receive(pipelineId: number, payload: Uint8Array, nowMs: number): boolean;
  /** The connection is over. `isOurs`: we asked for it. */
  end(reason: string, isOurs: boolean, nowMs: number, stopMs: number): void;
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

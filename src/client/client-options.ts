// How a program sets up its client, and the session that follows from it. Values and defaults only.
import { DEFAULT_PARAMETERS, maxWebSocketMessageBytes, type UtpParameters } from "../protocol/parameters.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { TOKEN_BYTES } from "../protocol/wire.js";
import type { TransportTarget } from "../transport/transport.js";
import type { ClientKind, SessionEnd, SessionOptions } from "./session-types.js";

/** Called for each message of the server; the bytes are yours to keep. `pipelineId` 0: no pipeline. */
export type MessageHandler = (payload: Uint8Array, info: { readonly pipelineId: number }) => void;
/** Called once, when the connection is over, whoever ended it. `reason` is one of docs/errors.md. */
export type DisconnectHandler = (reason: SessionEnd["reason"], end: SessionEnd) => void;

export interface ClientOptions {
  /** Connect payload, 1 to 1361 bytes with the default message size; none by default. */
  readonly payload?: Uint8Array;
  /** Which client to be: `patient` (default), or exactly like one of Unity's two. */
  readonly kind?: ClientKind;
  /** Unity's transport parameters where they differ from its defaults. */
  readonly parameters?: Partial<UtpParameters>;
  /** `patient`: the whole time for TCP, TLS, upgrade and Accept, ms; default 60 000. */
  readonly connectBudgetMs?: number;
  /** `native` and `webgl`: updates a second, default 60. */
  readonly updateHz?: number;
  /** The pipelines that the server creates, in its order: `ngo`, `none` (default), or each one's stages. Ids count from 1. */
  readonly pipelines?: PipelinesDescription;
  readonly onMessage?: MessageHandler;
  readonly onDisconnect?: DisconnectHandler;
}

/** What Node can do and a page cannot. */
export interface NodeClientOptions extends ClientOptions {
  /** PEM text of the authority to trust, instead of the system's. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** More headers of the upgrade request, name and value; names of at most 125 bytes. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Source address to connect from. */
  readonly localAddress?: string;
}

const DEFAULT_CONNECT_BUDGET_MS = 60_000;
const DEFAULT_UPDATE_HZ = 60;

export function sessionOptionsOf(options: ClientOptions): SessionOptions {
  return {
    kind: options.kind ?? "patient",
    parameters: { ...DEFAULT_PARAMETERS, ...options.parameters },
    connectBudgetMs: options.connectBudgetMs ?? DEFAULT_CONNECT_BUDGET_MS,
    updateHz: options.updateHz ?? DEFAULT_UPDATE_HZ,
    // Node and browsers have the same source of strong random numbers.
    token: crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)),
    pingIntervalMs: 0,
    ...(options.payload !== undefined && { connectPayload: options.payload }),
    ...pipelinesOf(options.pipelines ?? "none"),
  };
}

function pipelinesOf(description: PipelinesDescription): Pick<SessionOptions, "pipelines" | "pipelineCounters"> {
  const pipelines = new PipelineSet(description);
  return { pipelines, pipelineCounters: pipelines.newCounters() };
}

export function clientTargetOf(url: string, options: NodeClientOptions, parameters: UtpParameters): TransportTarget {
  const { headers, ca, insecure, localAddress } = options;
  return {
    url,
    maxMessageBytes: maxWebSocketMessageBytes(parameters),
    ...(headers !== undefined && { headers }),
    ...(ca !== undefined && { ca }),
    ...(insecure !== undefined && { insecure }),
    ...(localAddress !== undefined && { localAddress }),
  };
}

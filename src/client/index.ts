// utp-load/client on Node: a UTP client over WebSocket with sockets of its own.
import { WebSocketTransport } from "../transport/websocket.js";
import type { NodeClientOptions } from "./client-options.js";
import { UtpClientBase } from "./utp-client.js";

export { ConnectionError, UsageError, UtpLoadError } from "../errors.js";
export { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
export { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
export { Words } from "../protocol/datastream/words.js";
export type { Reason, UnityReason } from "../protocol/disconnect-reason.js";
export { DEFAULT_PARAMETERS, type UtpParameters } from "../protocol/parameters.js";
export type { PipelinesDescription, StageDescription } from "../protocol/pipelines/pipeline-settings.js";
export type { PipelineCounters } from "../protocol/pipelines/pipeline-stage.js";
export type { ClientOptions, DisconnectHandler, MessageHandler, NodeClientOptions } from "./client-options.js";
export type { ClientKind, SessionEnd } from "./session-types.js";

/** A connection to a Unity server, as a real UTP client. */
export class UtpClient extends UtpClientBase {
  /**
   * Connects to `url`, `ws://HOST:PORT/PATH` or `wss://...`; resolves once the server has accepted.
   *
   * @throws {ConnectionError} If there is no connection in time; `reason` and `hint` say why and what to do.
   * @throws {UsageError | RangeError} If the URL or an option cannot be used; nothing was sent.
   */
  static async connect(url: string, options: NodeClientOptions = {}): Promise<UtpClient> {
    const client = new UtpClient(url, options, () => new WebSocketTransport());
    await client.opened;
    return client;
  }
}

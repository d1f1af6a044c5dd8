// utp-load/client in browsers: the same UTP client on the browser's own WebSocket. Loads no package and nothing of Node.
import { BrowserWebSocketTransport } from "../transport/browser-websocket.js";
import type { ClientOptions } from "./client-options.js";
import { UtpClientBase } from "./utp-client.js";

export { ConnectionError, UsageError, UtpLoadError } from "../errors.js";
export { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
export { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
export { Words } from "../protocol/datastream/words.js";
export type { Reason, UnityReason } from "../protocol/disconnect-reason.js";
export { DEFAULT_PARAMETERS, type UtpParameters } from "../protocol/parameters.js";
export type { PipelinesDescription, StageDescription } from "../protocol/pipelines/pipeline-settings.js";
export type { PipelineCounters } from "../protocol/pipelines/pipeline-stage.js";
export type { ClientOptions, DisconnectHandler, MessageHandler } from "./client-options.js";
export type { ClientKind, SessionEnd } from "./session-types.js";

/** A connection to a Unity server, as a real UTP client. */
export class UtpClient extends UtpClientBase {
  /**
   * Connects to `url`, `ws://HOST:PORT/PATH` or `wss://...`; resolves once the server has accepted.
   *
   * @throws {ConnectionError} If there is no connection in time; `reason` and `hint` say what can be known in a browser.
   * @throws {UsageError | RangeError} If the URL or an option cannot be used; nothing was sent.
   */
  static async connect(url: string, options: ClientOptions = {}): Promise<UtpClient> {
    const client = new UtpClient(url, options, () => new BrowserWebSocketTransport());
    await client.opened;
    return client;
  }
}

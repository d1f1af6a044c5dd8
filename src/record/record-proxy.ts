// The proxy that a game plays through: a port, and for each of its sockets one to the server. Bytes go on as they came, first; then they
// are listened to. Changes nothing, writes no file.
import type { Server, Socket } from "node:net";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { listen } from "../server/listen.js";
import type { Clock } from "../time/clock.js";
import { socketFailure } from "../transport/socket-failure.js";
import { connectTarget, type SocketTarget } from "../transport/target-socket.js";
import { Eavesdropper } from "./eavesdropper.js";
import { PassedSockets } from "./passed-sockets.js";
import type { Recording } from "./recording.js";

export interface RecordProxyOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly target: SocketTarget;
  /** What the game creates. */
  readonly pipelines: PipelinesDescription;
  readonly clock: Clock;
  /** Something a person at the terminal wants to know. */
  readonly tell: (line: string) => void;
}

/** @see {@link RecordProxy.listen} */
export class RecordProxy {
  readonly #options: RecordProxyOptions;
  readonly #set: PipelineSet;
  readonly #startMs: number;
  readonly #heard: Eavesdropper[] = [];
  readonly #open = new Set<PassedSockets>();
  #server: Server | undefined;
  #port = 0;

  private constructor(options: RecordProxyOptions) {
    this.#options = options;
    this.#set = new PipelineSet(options.pipelines);
    this.#startMs = options.clock.nowMs();
  }

  /**
   * Opens the port. The recording begins now.
   *
   * @throws {EnvironmentError} If the port is in use or the host is no address of this machine.
   */
  static async listen(options: RecordProxyOptions): Promise<RecordProxy> {
    const proxy = new RecordProxy(options);
    const { server, port } = await listen(
      options.host,
      options.port,
      undefined,
      {
        socket: (socket) => proxy.#pass(socket),
        acceptFailed: () => options.tell("a client could not be let in: the system had no socket for it"),
        tlsFailed: () => undefined,
      },
      "--listen",
    );
    proxy.#server = server;
    proxy.#port = port;
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Since the recording began. */
  get elapsedMs(): number {
    return this.#options.clock.nowMs() - this.#startMs;
  }

  /** Everything heard so far, by client in the order in which they came. */
  recordings(): Recording[] {
    return this.#heard.map((heard) => heard.recording());
  }

  /** Closes the port and cuts whoever is still there. */
  close(): void {
    this.#server?.close();
    for (const sockets of this.#open) sockets.destroy();
  }

  #pass(socket: Socket): void {
    const { target, tell } = this.#options;
    const client = `${socket.remoteAddress}:${socket.remotePort}`;
    const heard = new Eavesdropper(client, this.#set);
    this.#heard.push(heard);
    const nowMs = (): number => this.elapsedMs;
    const sockets = new PassedSockets(socket, connectTarget(target, true), {
      passed: (from, bytes) => {
        const wasAccepted = heard.isAccepted;
        heard.bytes(from, bytes, nowMs());
        if (heard.isAccepted && !wasAccepted) tell(`${client} is in`);
      },
      ended: (by, how) => heard.ended(by, how, nowMs()),
      unreachable: (error, phase) => {
        const { detail } = socketFailure(error, phase);
        heard.ended("server", "unreachable", nowMs());
        tell(`${client} was refused: cannot reach ${target.url}: ${detail}`);
      },
      closed: () => {
        this.#open.delete(sockets);
        tell(`${client} is gone${heard.isAccepted ? "" : ", and never got in"}`);
      },
    });
    this.#open.add(sockets);
  }
}

// The client for programs: one UTP connection, with promises and handlers around a session. Platform-free: the entries for Node and
// for browsers choose the transport.
import { ConnectionError } from "../errors.js";
import type { PipelineCounters, SharedCounters } from "../protocol/pipelines/pipeline-stage.js";
import { DeadlineQueue } from "../time/deadline-queue.js";
import type { TransportFactory } from "../transport/transport.js";
import {
  type ClientOptions,
  clientTargetOf,
  type DisconnectHandler,
  type MessageHandler,
  sessionOptionsOf,
} from "./client-options.js";
import { ClientSession } from "./client-session.js";
import { hintOf } from "./connection-hints.js";
import type { SessionEnd, SessionListener } from "./session-types.js";

/** One timer for all clients of the program. */
const scheduler = new DeadlineQueue();

/** Messages kept while the program has not set a handler yet; further ones are dropped and counted. */
const MAX_HELD_MESSAGES = 256;

interface HeldMessage {
  readonly payload: Uint8Array;
  readonly pipelineId: number;
}

/** What both entries share. Made by their `connect`. */
export class UtpClientBase {
  /** Resolves once connected; rejects with a ConnectionError. */
  protected readonly opened: Promise<void>;
  /** Messages that nobody was there to take. */
  droppedMessages = 0;
  /** Messages for which the window of their pipeline had no room in the update that they were taken for; `native` and `webgl` only. */
  refusedMessages = 0;
  readonly #url: string;
  readonly #counters: SharedCounters;
  readonly #session: ClientSession;
  readonly #released: Promise<void>;
  #onMessage: MessageHandler | undefined;
  #onDisconnect: DisconnectHandler | undefined;
  #held: HeldMessage[] = [];
  #acceptPayload: Uint8Array | undefined;
  #end: SessionEnd | undefined;

  /** @throws {UsageError | RangeError} If the URL or an option cannot be used. */
  protected constructor(url: string, options: ClientOptions, transports: TransportFactory) {
    this.#url = url;
    this.#onMessage = options.onMessage;
    this.#onDisconnect = options.onDisconnect;
    const sessionOptions = sessionOptionsOf(options);
    this.#counters = sessionOptions.pipelineCounters ?? [];
    const opened = deferred();
    const released = deferred();
    this.opened = opened.promise;
    this.#released = released.promise;
    this.#session = new ClientSession(sessionOptions, scheduler, transports, this.#listener(opened, released));
    this.#session.connect(clientTargetOf(url, options, sessionOptions.parameters));
  }

  /** What the server sent with its Accept (Unity Transport 2.7 and later), if anything. */
  get acceptPayload(): Uint8Array | undefined {
    return this.#acceptPayload;
  }

  /** Largest payload of one message without a pipeline: 1376 bytes with the default message size. */
  get maxPayloadBytes(): number {
    return this.maxMessageBytes(0);
  }

  /**
   * Largest payload of one message on a pipeline; 0 before and after the connection.
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  maxMessageBytes(pipelineId: number): number {
    return this.#session.maxMessageBytes(pipelineId) ?? 0;
  }

  /**
   * What has happened on a pipeline so far; 0: messages without one. A copy.
   *
   * @throws {RangeError} If the pipeline does not exist.
   */
  pipelineCounters(pipelineId: number): PipelineCounters {
    const counters = this.#counters[pipelineId];
    if (counters !== undefined) return { ...counters };
    throw new RangeError(`Cannot tell what a pipeline has counted: the pipeline must exist, got ${pipelineId}`);
  }

  /** Why the connection is over; undefined while it is up. */
  get end(): SessionEnd | undefined {
    return this.#end;
  }

  /** Messages that came before a handler was set are given to it now, in order. */
  set onMessage(handler: MessageHandler | undefined) {
    this.#onMessage = handler;
    const held = this.#held;
    if (handler === undefined) return;
    this.#held = [];
    for (const { payload, pipelineId } of held) handler(payload, { pipelineId });
  }

  get onMessage(): MessageHandler | undefined {
    return this.#onMessage;
  }

  /** Called later, but surely, if the connection is over already. */
  set onDisconnect(handler: DisconnectHandler | undefined) {
    this.#onDisconnect = handler;
    const end = this.#end;
    if (end !== undefined && handler !== undefined) queueMicrotask(() => handler(end.reason, end));
  }

  get onDisconnect(): DisconnectHandler | undefined {
    return this.#onDisconnect;
  }

  /**
   * Sends one message. False: the window of its reliable pipeline is full, try again when acks have come.
   *
   * @param payload At most `maxMessageBytes(pipelineId)` bytes; taken before this returns.
   * @param options.pipelineId Which of `pipelines` carries it, from 1 on; 0 (default): none.
   * @throws {ConnectionError} If the connection is over.
   * @throws {RangeError} If the payload is too large or the pipeline does not exist.
   */
  send(payload: Uint8Array, { pipelineId = 0 }: { readonly pipelineId?: number } = {}): boolean {
    if (this.#session.send(pipelineId, payload)) return true;
    if (this.#end === undefined && this.#session.state === "established") return false;
    const reason = this.#end?.reason ?? "ClosedByClient";
    throw new ConnectionError(
      `Cannot send a message to ${this.#url}: the connection must be up, got one that ended with ${reason}`,
      reason,
      "Connect again with a new UtpClient",
    );
  }

  /** Leaves with a Disconnect and resolves once the socket is gone. May be called again. */
  close(): Promise<void> {
    this.#session.close();
    return this.#released;
  }

  #listener(opened: Deferred, released: Deferred): SessionListener {
    return {
      onConnected: (acceptPayload) => {
        this.#acceptPayload = acceptPayload && new Uint8Array(acceptPayload);
        opened.resolve();
      },
      onMessage: (pipelineId, payload) => this.#received({ pipelineId, payload: new Uint8Array(payload) }),
      onRoundTrip() {},
      onSendRefused: (_pipelineId, _payloadBytes, wasTaken) => {
        if (wasTaken) this.refusedMessages++;
      },
      onPong() {},
      onDrop() {},
      onWouldHaveGivenUp() {},
      onEnd: (end) => this.#ended(end, opened),
      onReleased: () => {
        // An armed timer would keep the program running.
        if (scheduler.size === 0) scheduler.stop();
        released.resolve();
      },
    };
  }

  #received(message: HeldMessage): void {
    if (this.#onMessage !== undefined) this.#onMessage(message.payload, { pipelineId: message.pipelineId });
    else if (this.#held.length < MAX_HELD_MESSAGES) this.#held.push(message);
    else this.droppedMessages++;
  }

  #ended(end: SessionEnd, opened: Deferred): void {
    this.#end = end;
    if (end.wasConnected) return this.#onDisconnect?.(end.reason, end);
    opened.reject(
      new ConnectionError(
        `Cannot connect to ${this.#url}: the server must accept a UTP connection, got ${end.reason} (${end.detail})`,
        end.reason,
        hintOf(end.reason),
      ),
    );
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

function deferred(): Deferred {
  let settle: Pick<Deferred, "resolve" | "reject"> = { resolve() {}, reject() {} };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

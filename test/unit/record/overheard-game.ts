// A game and its server whose packets are listened to, for tests: each side's pipelines are real, the network between them is the test.
import { ConnectionPipelines } from "../../../src/protocol/pipelines/connection-pipelines.js";
import { PipelineSet } from "../../../src/protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../../../src/protocol/pipelines/pipeline-settings.js";
import { encodeConnectAccept, encodeConnectRequest, writeData } from "../../../src/protocol/wire.js";
import { Eavesdropper } from "../../../src/record/eavesdropper.js";
import type { Recording, Side } from "../../../src/record/recording.js";
import { hex, TOKEN } from "../../support/bytes.js";

const MAX_BODY_BYTES = 1376;

export class OverheardGame {
  readonly heard: Eavesdropper;
  nowMs = 0;
  /** Data messages that a side has sent and that nobody has heard yet. */
  readonly pending: Record<Side, Uint8Array[]> = { client: [], server: [] };
  readonly #pipelines: Readonly<Record<Side, ConnectionPipelines>>;

  /** @param known What the listener is told of the game's pipelines. */
  constructor(pipelines: PipelinesDescription = "ngo", known: PipelinesDescription = pipelines) {
    const set = new PipelineSet(pipelines);
    this.heard = new Eavesdropper("game", new PipelineSet(known));
    this.#pipelines = { client: this.#connect(set, "client"), server: this.#connect(set, "server") };
  }

  /** Request and Accept have passed by; time stands at 100 ms. */
  static playing(pipelines: PipelinesDescription = "ngo", known: PipelinesDescription = pipelines): OverheardGame {
    const game = new OverheardGame(pipelines, known);
    game.packet("client", encodeConnectRequest(TOKEN, Uint8Array.of(7)));
    game.nowMs = 100;
    game.packet("server", encodeConnectAccept(TOKEN));
    return game;
  }

  packet(from: Side, packet: Uint8Array): void {
    this.heard.frame(from, { opcode: 2, isFinal: true, isExtended: false, payload: packet }, this.nowMs);
  }

  /** Sends a message; its packets wait in `pending`. */
  say(from: Side, pipelineId: number, payload: Uint8Array): void {
    if (pipelineId === 0) this.#post(from, 0, payload);
    else this.#pipelines[from].send(pipelineId, payload, this.nowMs);
  }

  /** What waits goes by, in the order of `order` (all of it, as it was sent). */
  pass(from: Side, order: (packets: Uint8Array[]) => Uint8Array[] = (packets) => packets): void {
    for (const packet of order(this.pending[from].splice(0))) this.packet(from, packet);
  }

  /** Reliable packets that nobody has acked leave again. */
  resend(from: Side, afterMs: number): void {
    this.nowMs += afterMs;
    this.#pipelines[from].sendDue(this.nowMs);
  }

  get recording(): Recording {
    return this.heard.recording();
  }

  /** What was kept of one side: `pipeline@ms:hex`. */
  messages(from: Side): string[] {
    const kept = this.recording.messages.filter((message) => message.from === from);
    return kept.map(({ pipelineId, atMs, payload }) => `${pipelineId}@${atMs}:${hex(payload)}`);
  }

  #connect(set: PipelineSet, from: Side): ConnectionPipelines {
    return new ConnectionPipelines(set, {
      maxBodyBytes: MAX_BODY_BYTES,
      sendData: (pipelineId, body) => this.#post(from, pipelineId, body),
      message: () => undefined,
      roundTrip: () => undefined,
      unknownPipeline: () => undefined,
    });
  }

  #post(from: Side, pipelineId: number, body: Uint8Array): true {
    const packet = new Uint8Array(body.length + 10);
    writeData(packet, TOKEN, pipelineId, body);
    this.pending[from].push(packet);
    return true;
  }
}

/** The only kinds of unread that are not 0. */
export function unreadOf({ unread }: Recording): Record<string, number> {
  return Object.fromEntries(Object.entries(unread).filter(([, count]) => count > 0));
}

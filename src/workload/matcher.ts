// What an `expect` waits for, compiled: whether a message is it, and which of its fields are kept as variables. Knows no timeout.
import type { Match, Step } from "../profile/scenario.js";
import type { BlockReader, DecodedMessage } from "./block-reader.js";
import type { ClientVariables } from "./client-variables.js";
import type { FieldReader } from "./field-reader.js";
import { hexBytes } from "./hex-bytes.js";
import type { MessageDecoder } from "./message-decoder.js";
import { type CompiledValue, compileValue } from "./value-source.js";
import type { VariableLayout } from "./variable-layout.js";

/** The parts of an `expect` step that speak of messages. */
export type Expectation = Pick<Extract<Step, { do: "expect" }>, "match" | "capture">;

interface WantedField {
  readonly field: FieldReader;
  readonly value: CompiledValue;
  /** Where the value stays while the client waits, if it is another one each time; undefined: read for each message. */
  readonly heldSlot: number | undefined;
}

interface Capture {
  readonly field: FieldReader;
  readonly slot: number;
}

/**
 * @param decoder Of the scenario; it reads the messages that are tested.
 * @throws {RangeError} If a block, field or variable does not exist, or the first bytes are no hex; the error names it.
 */
export function compileMatch(expectation: Expectation, decoder: MessageDecoder, layout: VariableLayout): Matcher {
  return new Matcher(expectation, decoder, layout);
}

export class Matcher {
  readonly #pipelineId: number | undefined;
  readonly #start: Uint8Array;
  readonly #block: BlockReader | undefined;
  readonly #wanted: readonly WantedField[];
  readonly #captures: readonly Capture[];

  constructor({ match, capture }: Expectation, decoder: MessageDecoder, layout: VariableLayout) {
    this.#pipelineId = match.pipelineId;
    this.#start = hexBytes(match.startsWithHex ?? "", "the first bytes of an expected message");
    this.#block = match.block === undefined ? undefined : decoder.block(match.block);
    this.#wanted = match.fields.map((wanted) => this.#compileWanted(wanted, layout));
    this.#captures = capture.map(({ variable, field }) => ({
      field: this.#field(field),
      slot: layout.slotOf(variable),
    }));
  }

  /** To be called once when a client begins to wait: counters go on and chance draws now, not with every message. */
  begin(client: ClientVariables): void {
    for (const { value, heldSlot } of this.#wanted) {
      if (heldSlot !== undefined) client.set(heldSlot, value.read(client));
    }
  }

  /** Whether it is this message, which the decoder has read last. A variable that was never set equals nothing. Never throws. */
  test(message: DecodedMessage, client: ClientVariables): boolean {
    if (this.#pipelineId !== undefined && message.pipelineId !== this.#pipelineId) return false;
    if (this.#block !== undefined && message.block !== this.#block) return false;
    return this.#hasStart(message.bytes) && this.#hasFields(client);
  }

  /** Keeps the fields of the message that was tested last as the client's variables. */
  capture(client: ClientVariables): void {
    for (const { field, slot } of this.#captures) client.set(slot, field.value);
  }

  #hasStart(bytes: Uint8Array): boolean {
    for (let i = 0; i < this.#start.length; i++) if (bytes[i] !== this.#start[i]) return false;
    return true;
  }

  #hasFields(client: ClientVariables): boolean {
    for (let index = 0; index < this.#wanted.length; index++) {
      const { field, value, heldSlot } = this.#wanted[index]!;
      const wanted = heldSlot === undefined ? value.read(client) : client.get(heldSlot);
      if (wanted === undefined || !field.equals(wanted)) return false;
    }
    return true;
  }

  #compileWanted({ name, value }: Match["fields"][number], layout: VariableLayout): WantedField {
    const isFixed = value.from === "literal" || value.from === "variable";
    return {
      field: this.#field(name),
      value: compileValue(value, layout),
      heldSlot: isFixed ? undefined : layout.addSlot(),
    };
  }

  #field(name: string): FieldReader {
    if (this.#block !== undefined) return this.#block.field(name);
    throw new RangeError(
      `Cannot compile a script: an expected field must be one of a decode block, got ${name} without one`,
    );
  }
}

// Payloads of a scenario, compiled once into writers that all its clients use. Sends nothing and has no clock.
import type { Payload } from "../profile/scenario.js";
import type { ClientVariables } from "./client-variables.js";
import { PayloadBuffer } from "./payload-buffer.js";
import { compileField, type FieldWriter } from "./payload-field.js";
import { largestPayloadBytes, payloadBound } from "./payload-size.js";
import type { VariableLayout } from "./variable-layout.js";

/** The messages of one payload. */
export interface PayloadWriter {
  /** Most bytes of a message; undefined: a text of a variable is in it. */
  readonly largestBytes: number | undefined;
  /**
   * The client's next message, in the same buffer each time: sent before the next call. Never throws: what does not fit is wrapped
   * or cut as the encoder does, and counted in the client's `faults`.
   *
   * The k-th message of a client is the same bytes in every run of the same seed and scenario, but for fields that hold a time or a
   * variable set from one, or from what the server sent.
   */
  write(client: ClientVariables): Uint8Array;
}

/**
 * @throws {RangeError} If a field cannot hold its value, has no such variable, or is none that exists; the error names the field.
 */
export function compilePayload(payload: Payload, layout: VariableLayout): PayloadWriter {
  return payload.kind === "marked" ? compileMarked(payload.sizeBytes, layout) : new FieldsPayload(payload, layout);
}

class FieldsPayload implements PayloadWriter {
  readonly largestBytes: number | undefined;
  readonly #fields: readonly FieldWriter[];
  readonly #buffer: PayloadBuffer;

  constructor(payload: Extract<Payload, { kind: "fields" }>, layout: VariableLayout) {
    this.#fields = payload.fields.map((field, index) => compileField(field, index, layout));
    this.#buffer = new PayloadBuffer(payloadBound(payload).boundedBytes);
    this.largestBytes = largestPayloadBytes(payload);
  }

  write(client: ClientVariables): Uint8Array {
    const fields = this.#fields;
    this.#buffer.restart();
    for (let index = 0; index < fields.length; index++) fields[index]!.write(this.#buffer, client);
    return this.#buffer.written;
  }
}

/** The marked payloads of one size; see {@link MarkedPayload}. */
export function compileMarked(sizeBytes: number, layout: VariableLayout): MarkedWriter {
  return new MarkedWriter(sizeBytes, layout.addMark(sizeBytes));
}

export class MarkedWriter implements PayloadWriter {
  readonly largestBytes: number;
  readonly #mark: number;

  constructor(sizeBytes: number, mark: number) {
    this.largestBytes = sizeBytes;
    this.#mark = mark;
  }

  /** The sequence number goes up by one with every message of this size, whichever writer made it. */
  write(client: ClientVariables): Uint8Array {
    const mark = client.mark(this.#mark);
    return mark.payload.write(mark.nextSequence++);
  }

  /** The sequence number that the next message of this size will have, from 0. */
  nextSequence(client: ClientVariables): number {
    return client.mark(this.#mark).nextSequence;
  }

  /** The sequence number of an echo of one of the client's messages; -1: something else. Never throws. */
  sequenceOf(client: ClientVariables, message: Uint8Array): number {
    return client.mark(this.#mark).payload.sequenceOf(message);
  }
}

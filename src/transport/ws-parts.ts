// The parts of ws that the transport uses and @types/ws leaves out, and what their options and errors mean. Loads nothing of ws.
import type { Writable } from "node:stream";

/** ws' parser: emits `message`, `ping`, `pong` and `conclude`; its `_write` answers before it returns, as nothing inflates here. */
export type ReceiverClass = new (options: { readonly maxPayload: number }) => Writable;

/** ws' framer: one buffer for a small frame; two, the second being `data` itself, where the mask happens to be all zeros. */
export interface SenderClass {
  frame(data: Uint8Array, options: FrameOptions): Uint8Array[];
}

/** `readOnly`: the payload is the caller's, a copy of it is masked. */
export interface FrameOptions {
  readonly fin: true;
  readonly opcode: number;
  readonly mask: true;
  readonly readOnly: true;
  readonly rsv1: false;
}

export const BINARY_FRAME = frameOptions(2);
export const CLOSE_FRAME = frameOptions(8);
export const PING_FRAME = frameOptions(9);
export const PONG_FRAME = frameOptions(10);

/** ws' error codes whose close code is not 1002. */
const CLOSE_CODE_OF_ERROR: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};
const PROTOCOL_ERROR_CODE = 1002;

/** The close code that tells a peer of an error of the parser's. */
export function closeCodeOf(error: NodeJS.ErrnoException): number {
  return CLOSE_CODE_OF_ERROR[error.code ?? ""] ?? PROTOCOL_ERROR_CODE;
}

function frameOptions(opcode: number): FrameOptions {
  return { fin: true, opcode, mask: true, readOnly: true, rsv1: false };
}

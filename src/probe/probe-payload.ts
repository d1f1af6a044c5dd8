// The one data message a probe sends. Text, so that it is known in a trace; bytes only.

const TEXT = new TextEncoder().encode("utp-load probe ");

/**
 * `sizeBytes` bytes of a repeated text. As a length field its first four bytes are far larger than any message, so Netcode for
 * GameObjects takes it for an incomplete frame and does nothing.
 */
export function probePayload(sizeBytes: number): Uint8Array {
  const payload = new Uint8Array(sizeBytes);
  for (let i = 0; i < sizeBytes; i++) payload[i] = TEXT[i % TEXT.length] ?? 0;
  return payload;
}

/** Whether `payload` is the message of that size, come back. */
export function isProbePayload(payload: Uint8Array, sizeBytes: number): boolean {
  if (payload.length !== sizeBytes) return false;
  return payload.every((byte, i) => byte === TEXT[i % TEXT.length]);
}

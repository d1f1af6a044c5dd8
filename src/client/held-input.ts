// What a transport told, as data, so that it can wait for an update. Types only.

/** Payloads are copies (not by `slice`, which of a Buffer is none): the transport's own bytes do not outlive its call. */
export type HeldInput =
  | { readonly kind: "text" | "pong" }
  | { readonly kind: "binary" | "ping"; readonly payload: Uint8Array }
  | { readonly kind: "close" | "violation"; readonly code: number }
  | { readonly kind: "ended"; readonly how: "fin" | "reset" | "local"; readonly detail: string };

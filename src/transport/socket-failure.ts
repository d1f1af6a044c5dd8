// From an error of the operating system or of TLS to the reason that people read. Decides nothing else.
import type { TransportFailure } from "./transport.js";

type FailureReason = TransportFailure["reason"];

/** How far a connection had come when its socket failed. */
export type FailedPhase = "tcp" | "tls" | "upgrade";

const REASON_OF_CODE: Record<string, FailureReason> = {
  ECONNREFUSED: "ConnectionRefused",
  ETIMEDOUT: "ConnectTimeout",
  EHOSTUNREACH: "ConnectTimeout",
  ENETUNREACH: "ConnectTimeout",
  EHOSTDOWN: "ConnectTimeout",
  ECONNRESET: "ConnectionReset",
  EPIPE: "ConnectionReset",
  ECONNABORTED: "ConnectionReset",
  ENOTFOUND: "HostNotFound",
  EAI_AGAIN: "HostNotFound",
  EAI_FAIL: "HostNotFound",
  EAI_NODATA: "HostNotFound",
  EMFILE: "LocalResourceLimit",
  ENFILE: "LocalResourceLimit",
  ENOMEM: "LocalResourceLimit",
  ENOBUFS: "LocalResourceLimit",
  EADDRNOTAVAIL: "LocalResourceLimit",
  EADDRINUSE: "LocalResourceLimit",
  EACCES: "LocalResourceLimit",
  EPERM: "LocalResourceLimit",
};

/** What a code means, where the system's own words are not enough. */
const WORDS_OF_CODE: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ETIMEDOUT: "no answer from that address",
  EHOSTUNREACH: "no route to that host",
  ENETUNREACH: "no route to that network",
  ECONNRESET: "the server reset the connection",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the name server did not answer",
  EMFILE: "this process has no file descriptor left",
  ENFILE: "this machine has no file descriptor left",
  EADDRNOTAVAIL: "no local port left, or the source address is not this machine's",
  EADDRINUSE: "no local port left",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate's authority is self-signed and not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's authority is unknown here",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate's authority is unknown here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's authority is unknown here",
  CERT_UNTRUSTED: "the certificate's authority is not trusted here",
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host name",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS: the URL must start with ws://",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "the server does not speak TLS: the URL must start with ws://",
};

/** Why a socket that failed before the 101 failed. During the TLS handshake everything is a TlsError. */
export function socketFailure(error: Error, phase: FailedPhase): TransportFailure {
  const code = codeOf(error);
  const reason = REASON_OF_CODE[code];
  if (phase === "tls") return { reason: "TlsError", detail: tlsDetail(error, code) };
  return { reason: reason ?? (phase === "tcp" ? "ConnectTimeout" : "ConnectionReset"), detail: inWords(error, code) };
}

/** The server ended its side before the 101. */
export function earlyEnd(phase: FailedPhase, hasAnswer: boolean): TransportFailure {
  if (phase === "tls") {
    return { reason: "TlsError", detail: "the server ended the TLS handshake: does it speak plain ws://" };
  }
  const detail = hasAnswer
    ? "the server closed the connection in the middle of its answer to the upgrade"
    : "the server closed the connection without an answer to the upgrade";
  return { reason: "ConnectionClosed", detail };
}

/** An error in words, with the system's code. */
export function errorDetail(error: Error): string {
  return inWords(error, codeOf(error));
}

function tlsDetail(error: Error, code: string): string {
  if (code === "ECONNRESET" || code === "EPIPE") {
    return `the server broke off the TLS handshake (${code}): does it speak plain ws://`;
  }
  return inWords(error, code);
}

function inWords(error: Error, code: string): string {
  const words = WORDS_OF_CODE[code];
  if (words !== undefined) return `${words} (${code})`;
  return error.message === "" ? code : error.message;
}

/** A failed attempt at several addresses carries the code of each. */
function codeOf(error: Error): string {
  const own = (error as NodeJS.ErrnoException).code;
  if (own !== undefined) return own;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? codeOf(first) : "";
}

import { describe, expect, it } from "vitest";
import { earlyEnd, socketFailure } from "../../../src/transport/socket-failure.js";

function systemError(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

describe("socketFailure", () => {
  it.each([
    ["ECONNREFUSED", "tcp", "ConnectionRefused", /nothing listens/],
    ["ETIMEDOUT", "tcp", "ConnectTimeout", /no answer/],
    ["EHOSTUNREACH", "tcp", "ConnectTimeout", /no route/],
    ["ENETUNREACH", "tcp", "ConnectTimeout", /no route/],
    ["ENOTFOUND", "tcp", "HostNotFound", /no such host/],
    ["EAI_AGAIN", "tcp", "HostNotFound", /name server/],
    ["EMFILE", "tcp", "LocalResourceLimit", /descriptor/],
    ["ENFILE", "tcp", "LocalResourceLimit", /descriptor/],
    ["EADDRNOTAVAIL", "tcp", "LocalResourceLimit", /local port|source address/],
    ["EADDRINUSE", "tcp", "LocalResourceLimit", /local port/],
    ["ECONNRESET", "upgrade", "ConnectionReset", /reset/],
    ["EPIPE", "upgrade", "ConnectionReset", /EPIPE/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls", "TlsError", /self-signed/],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls", "TlsError", /authority is self-signed/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls", "TlsError", /authority is unknown/],
    ["CERT_HAS_EXPIRED", "tls", "TlsError", /expired/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", "TlsError", /another host name/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", "TlsError", /must start with ws:/],
    ["ECONNRESET", "tls", "TlsError", /broke off the TLS handshake/],
    ["ESOMETHING", "tcp", "ConnectTimeout", /connect ESOMETHING/],
    ["ESOMETHING", "upgrade", "ConnectionReset", /connect ESOMETHING/],
  ] as const)("%s during %s is %s", (code, phase, reason, detail) => {
    const failure = socketFailure(systemError(code), phase);
    expect(failure.reason).toBe(reason);
    expect(failure.detail).toMatch(detail);
  });

  it("takes the first of the errors of several addresses", () => {
    const error = new AggregateError([systemError("ECONNREFUSED"), systemError("ETIMEDOUT")]);
    expect(socketFailure(error, "tcp").reason).toBe("ConnectionRefused");
  });
});

describe("earlyEnd", () => {
  it.each([
    ["tls", false, "TlsError", /plain ws/],
    ["upgrade", false, "ConnectionClosed", /without an answer/],
    ["upgrade", true, "ConnectionClosed", /in the middle/],
  ] as const)("during %s, answered: %s", (phase, hasAnswer, reason, detail) => {
    expect(earlyEnd(phase, hasAnswer)).toMatchObject({ reason, detail: expect.stringMatching(detail) });
  });
});

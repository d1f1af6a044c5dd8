// Who may see the dashboard and who may change the run: not a page of another site, however it got here. Pure; it answers nobody.
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "../http-listen.js";

/** Carries the token of a change. A page of another site cannot send it without asking first, and nobody here says yes. */
export const TOKEN_HEADER = "x-utp-load-token";

export interface GuardedRequest {
  readonly headers: IncomingHttpHeaders;
  /** With its query. */
  readonly url: URL;
}

export class RequestGuard {
  readonly #token: string;
  readonly #isLocal: boolean;

  /** @param host What the server is bound to. */
  constructor(host: string, token: string) {
    this.#token = token;
    this.#isLocal = isLoopback(host);
  }

  /** On loopback whoever asks this machine by its own name, elsewhere whoever has the token in the address. */
  maySee({ headers, url }: GuardedRequest): boolean {
    if (!this.#isLocal) return this.#isToken(url.searchParams.get("token") ?? undefined);
    // A name of somebody else's that leads here (DNS rebinding) is no name of this machine.
    return isLoopback(hostName(headers.host));
  }

  /** The page itself: it has the token, and its own address is where it sends to. */
  mayChange(request: GuardedRequest): boolean {
    const { headers } = request;
    const token = headers[TOKEN_HEADER];
    if (!this.#isToken(typeof token === "string" ? token : undefined)) return false;
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false;
    return !this.#isLocal || isLoopback(hostName(headers.host));
  }

  #isToken(given: string | undefined): boolean {
    const [known, other] = [Buffer.from(this.#token), Buffer.from(given ?? "")];
    return known.length === other.length && timingSafeEqual(known, other);
  }
}

/** Without the port, and without the brackets of IPv6. */
function hostName(host: string | undefined): string {
  return (host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

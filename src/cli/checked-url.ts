// A WebSocket URL as somebody typed it for a command that takes no profile. Opens no socket and looks up no name.
import type { UsageError } from "../errors.js";
import { schemeHint } from "./target-scheme.js";

const RULE = "like ws://127.0.0.1:7777/ or wss://game.example/path";

/** @throws {UsageError} That `wrong` makes of the rule, the text and a hint, if it is no URL of a WebSocket server. */
export function checkedUrl(text: string, wrong: (rule: string, got: string, hint: string) => UsageError): URL {
  const hint = schemeHint(text);
  if (hint !== undefined) throw wrong(RULE, text, hint);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.port === "0") {
    throw wrong(RULE, text, "Give scheme, host, port (1 to 65535) and path");
  }
  if (url.hash !== "") throw wrong("without #", text, "A # in the path is written %23");
  if (url.username !== "" || url.password !== "") {
    const hidden = text.replace(/\/\/[^@]*@/, "//...@");
    throw wrong("without user and password", hidden, "Send them as a header: 'Authorization: Basic ...'");
  }
  return url;
}

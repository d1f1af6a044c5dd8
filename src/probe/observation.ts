// What a probe saw of one connection: the facts from which the verdict is made, and the steps and frames that are shown on the way. Types only.
import type { TransportFailure } from "../transport/transport.js";

/** How far the connection got; `closing`: the hold was over and our Disconnect had left. */
export type Stage = "dns" | "tcp" | "tls" | "upgrade" | "accept" | "hold" | "closing";

/** What ended the walk. `limit`: the time of the stage was up. `holdOver`: we left as planned. */
export type Ending =
  | { readonly kind: "failed"; readonly failure: TransportFailure }
  | { readonly kind: "limit" | "disconnect" | "text" | "silence" | "holdOver" | "interrupted" }
  | { readonly kind: "close" | "violation"; readonly code: number }
  | { readonly kind: "fin" | "reset"; readonly detail: string };

/** A second, short connection to the same place with one thing changed. */
export interface SideCheck {
  readonly url: string;
  /** The TLS handshake was completed. */
  readonly tlsWorked: boolean;
  /** An HTTP status came back; 101: it is a WebSocket server. Undefined: no HTTP answer. */
  readonly status: number | undefined;
}

/** Times are in ms; a time that did not come is undefined. */
export interface Observation {
  /** As given, with the path that was asked for. */
  readonly url: string;
  readonly stage: Stage;
  readonly ending: Ending;
  /** The last one tried; undefined: the name has none. */
  readonly address: string | undefined;
  /** Limit of each stage. */
  readonly limitMs: number;
  readonly holdMs: number;
  /** The certificate was not checked, or against a file of the user's own. */
  readonly trust: "system" | "ca" | "insecure";
  readonly tookMs: {
    /** Upgrade request to 101. */
    readonly upgrade: number | undefined;
    /** First Connection Request to Accept. */
    readonly accept: number | undefined;
    /** Accept to the end of the connection, whoever ended it. */
    readonly alive: number | undefined;
    /** Data message to the end of the connection. */
    readonly sinceMessage: number | undefined;
    /** Last UTP message of the server to the end of the connection. */
    readonly silent: number | undefined;
  };
  /** The head of the server's answer to the upgrade as far as it came, at most 2 KB, Latin-1; empty where nothing came. */
  readonly answerHead: string;
  /** Connection Requests sent. */
  readonly requests: number;
  /** Between the 101 and the Accept, or the end. */
  readonly beforeAccept: {
    /** Binary messages that were no UTP message of ours. */
    readonly binaries: number;
    /** UTP messages with our token that came before the Accept. */
    readonly early: number;
    /** Empty WebSocket pings, which is what Unity sends. */
    readonly emptyPings: number;
    /** Our own request came back: a server that echoes whatever it gets. */
    readonly echoedRequest: boolean;
    /** Version byte of a UTP handshake that was not ours. */
    readonly otherVersion: number | undefined;
  };
  readonly afterAccept: { readonly heartbeats: number; readonly messages: number };
  /** Of our data message: 0 bytes when none was sent. */
  readonly messageBytes: number;
  readonly echoMs: number | undefined;
  readonly closing: { readonly peerClosed: boolean; readonly peerEnded: boolean };
  /** wss:// for a ws:// URL and the reverse. Undefined: not tried. */
  readonly otherScheme: SideCheck | undefined;
  /** The same URL with the certificate left unchecked. Undefined: not tried. */
  readonly unchecked: SideCheck | undefined;
}

/** `check`: a second, short connection that explains why the first one failed. */
export type StepName = Exclude<Stage, "closing"> | "message" | "heartbeats" | "disconnect" | "fin" | "check";

/** One step of the walk, told when it is over. */
export interface ProbeStep {
  readonly name: StepName;
  readonly result: "ok" | "failed" | "note";
  /** End of the step since the probe's start, ms. */
  readonly atMs: number;
  /** How long the step itself took, ms; null where it has no length of its own. */
  readonly tookMs: number | null;
  readonly detail: string;
}

/** One WebSocket frame, or the HTTP head before them, with its payload unmasked. */
export interface ProbeFrame {
  readonly direction: "sent" | "received";
  readonly kind: "http" | "binary" | "text" | "close" | "ping" | "pong";
  /** Since the probe's start, ms. */
  readonly atMs: number;
  readonly payload: Uint8Array;
}

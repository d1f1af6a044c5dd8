// What a page may ask for, and what comes of it in words. It decides nothing: the run knows what is possible.
import type { RunControl } from "../../engine/run-control.js";

/** At once; who wants more asks again. */
const MAX_CLIENTS_PER_CHANGE = 100_000;

export interface ChangeAnswer {
  /** Of HTTP. */
  readonly status: 200 | 400 | 404 | 409;
  readonly text: string;
}

/**
 * @param path `/pause`, `/resume`, `/clients` or `/stop`.
 * @param body Of `/clients`: JSON with `change`, how many more or, below 0, fewer.
 * @param control Undefined: the run has not started yet, or is over.
 */
export function changeRun(path: string, body: string, control: RunControl | undefined): ChangeAnswer {
  if (!["/pause", "/resume", "/clients", "/stop"].includes(path)) return { status: 404, text: "No such action" };
  if (control === undefined) return { status: 409, text: "The run is not under way" };
  switch (path) {
    case "/pause":
      return done(control.pause(), "Paused: no client starts and none sends");
    case "/resume":
      return done(control.resume(), "The run goes on");
    case "/stop":
      control.stop();
      return { status: 200, text: "Everybody leaves, then the results are written" };
    default:
      return changeClients(body, control);
  }
}

function changeClients(body: string, control: RunControl): ChangeAnswer {
  const change = changeOf(body);
  if (change === undefined) {
    return { status: 400, text: `The change must be a whole number from 1 to ${MAX_CLIENTS_PER_CHANGE}` };
  }
  if (change > 0) return done(control.addClients(change) > 0, `${change} more clients start`);
  const leaving = control.removeClients(-change);
  return done(leaving > 0, `${leaving} clients leave`);
}

function done(isDone: boolean, text: string): ChangeAnswer {
  return isDone
    ? { status: 200, text }
    : { status: 409, text: "Nothing to change: the run is at its end, or is so already" };
}

function changeOf(body: string): number | undefined {
  try {
    const { change } = JSON.parse(body) as { change?: unknown };
    const isUsable = Number.isInteger(change) && change !== 0 && Math.abs(Number(change)) <= MAX_CLIENTS_PER_CHANGE;
    return isUsable ? Number(change) : undefined;
  } catch {
    return undefined;
  }
}

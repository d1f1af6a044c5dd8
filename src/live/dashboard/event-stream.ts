// Server-sent events: the newest state to everybody who watches. A watcher that does not read misses states, and holds nobody up.
import type { ServerResponse } from "node:http";

/** Left unread by a watcher, then the next states pass it by; each holds all there is to show. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export class EventStream {
  readonly #watchers = new Set<ServerResponse>();

  /** Whether anybody watches: what nobody sees need not be made. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Answers with the stream, and with `state` to begin with. */
  open(response: ServerResponse, state: unknown): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    this.#watchers.add(response);
    response.on("close", () => this.#watchers.delete(response));
    response.write(eventOf(state));
  }

  send(state: unknown): void {
    const event = eventOf(state);
    for (const watcher of this.#watchers) if (watcher.writableLength < MAX_UNREAD_BYTES) watcher.write(event);
  }

  /** The last state, and the end of the stream; resolves when it has left, or after `limitMs`. */
  async end(state: unknown, limitMs: number): Promise<void> {
    this.send(state);
    const left = [...this.#watchers].map((watcher) => new Promise<void>((resolve) => watcher.end(resolve)));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(left), limit]);
    clearTimeout(timer);
  }
}

/** JSON has no line ends of its own. */
function eventOf(state: unknown): string {
  return `data: ${JSON.stringify(state)}\n\n`;
}

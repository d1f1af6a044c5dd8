// One pass of an update over the sockets, with Unity's budget of reads charged afterwards: protocol page 14.7. Reads only;
// what was read is parsed when the pass is over, as in Unity.
import type { ServerClient } from "./server-client.js";

/** Most bytes of one read. */
export const READ_BYTES = 1400;

/** One read that brought something: bytes, or the end of TCP. */
export interface Read {
  readonly client: ServerClient;
  readonly chunk: Uint8Array | "end";
}

export interface ReadPass {
  /** In the order in which they were read. */
  readonly reads: Read[];
  /** What the pass cost: those reads, and one more for each socket that had nothing left. */
  readonly charged: number;
  /** The budget did not reach the last socket. */
  readonly ranOut: boolean;
  /** A closed socket ended the pass before the last one. */
  readonly cutByEnd: boolean;
}

/**
 * @param clients In slot order.
 * @param budget Reads in all; Unity: half the queue.
 * @param stopsAtEnd Whether the first socket that has ended ends the pass.
 */
export function readPass(clients: Iterable<ServerClient>, budget: number, stopsAtEnd: boolean): ReadPass {
  const reads: Read[] = [];
  let charged = 0;
  let isOver = false;
  for (const client of clients) {
    // Somebody stands behind the socket that ended the pass.
    if (isOver) return { reads, charged, ranOut: false, cutByEnd: true };
    if (charged >= budget) return { reads, charged, ranOut: true, cutByEnd: false };
    charged += drain(client, budget - charged, reads);
    if (client.held.bytes > 0) return { reads, charged, ranOut: true, cutByEnd: false };
    if (charged >= budget) continue;
    // The read that finds nothing, or fails.
    charged++;
    if (!client.held.isEnded) continue;
    reads.push({ client, chunk: "end" });
    isOver = stopsAtEnd;
  }
  return { reads, charged, ranOut: false, cutByEnd: false };
}

/** Reads one socket until it has nothing left or the budget is used up. */
function drain(client: ServerClient, budget: number, reads: Read[]): number {
  let count = 0;
  while (count < budget) {
    const chunk = client.held.read(READ_BYTES);
    if (chunk === undefined) break;
    reads.push({ client, chunk });
    count++;
  }
  return count;
}

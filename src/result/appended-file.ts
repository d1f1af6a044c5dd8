// A file that only grows, by whole lines, safe from the death of this process at once and of the machine a moment later. It never
// throws while a run goes on.
import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from "node:fs";

/**
 * Appends text in one write, without a buffer of its own: what was appended survives the death of this process. A write that fails in
 * the middle is undone, so that the file never holds half a line.
 */
export class AppendedFile {
  readonly path: string;
  readonly #descriptor: number;
  #wholeBytes = 0;
  #isClosed = false;
  /** The system is writing to the disk, in a thread of its own. */
  #isSyncing = false;

  /** @throws If the file cannot be made. An old one of that name is emptied. */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, "w");
  }

  /**
   * @param text Whole lines, with their line ends.
   * @returns Undefined, or why nothing was appended (a full disk).
   */
  append(text: string): string | undefined {
    // The system may have given the descriptor's number to another file since.
    if (this.#isClosed) return "the file is closed";
    const bytes = Buffer.from(text);
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#wholeBytes + written);
      }
      this.#wholeBytes += bytes.length;
      this.#sync();
      return undefined;
    } catch (error) {
      this.#undo();
      return error instanceof Error ? error.message : String(error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Otherwise it is closed when the system has done: its number must not be another file's before.
    if (!this.#isSyncing) closeSync(this.#descriptor);
  }

  /** Asks for what was appended to be on the disk, should the power fail. A slow disk is asked again with the next append only. */
  #sync(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    // A disk that cannot do it says so to the next append, where it is told.
    fdatasync(this.#descriptor, () => {
      this.#isSyncing = false;
      if (this.#isClosed) closeSync(this.#descriptor);
    });
  }

  #undo(): void {
    try {
      ftruncateSync(this.#descriptor, this.#wholeBytes);
    } catch {
      // The next append writes over the half line, from the same place.
    }
  }
}

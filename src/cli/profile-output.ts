// The file that a recording becomes: its place is taken before anything is recorded, and it is there whole or not at all.
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { EnvironmentError, UsageError } from "../errors.js";

export class ProfileOutput {
  readonly path: string;
  readonly #partPath: string;
  #isOpen = true;

  /**
   * Takes the place: an empty file beside it shows that it can be written.
   *
   * @throws {UsageError} If the file exists and is not to be replaced.
   * @throws {EnvironmentError} If the folder is not there or cannot be written.
   */
  constructor(path: string, isForced: boolean) {
    this.path = path;
    this.#partPath = `${path}.part`;
    if (existsSync(path) && !isForced) {
      const message = `Cannot record: --out must be a file that does not exist yet, got ${path}`;
      throw new UsageError(message, "Give another name, or --force to replace it");
    }
    try {
      writeFileSync(this.#partPath, "");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const message = `Cannot record: --out must be a path that can be written, got ${path} (${code})`;
      throw new EnvironmentError(message, "Check that its folder exists and is yours", { cause: error });
    }
  }

  /** Writes it; whoever looks sees all of it. Only the first call of this or `discard` does something. */
  write(text: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    writeFileSync(this.#partPath, text);
    renameSync(this.#partPath, this.path);
  }

  /** There is nothing to write: a file that was there before stays as it was. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    rmSync(this.#partPath, { force: true });
  }
}

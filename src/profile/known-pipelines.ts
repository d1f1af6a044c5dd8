// The pipelines that steps may speak of: by number, or by the names of a preset. Sizes are the protocol's.
import type { PipelineSet } from "../protocol/pipelines/pipeline-set.js";

export class KnownPipelines {
  readonly #set: PipelineSet;
  readonly #names: Readonly<Record<string, number>>;
  readonly #maxBodyBytes: number;

  /** @param maxBodyBytes Largest message without a pipeline: 1376 bytes by default. */
  constructor(set: PipelineSet, names: Readonly<Record<string, number>>, maxBodyBytes: number) {
    this.#set = set;
    this.#names = names;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** The same for clients of which a message without a pipeline holds so much. */
  withBody(maxBodyBytes: number): KnownPipelines {
    return new KnownPipelines(this.#set, this.#names, maxBodyBytes);
  }

  get names(): string[] {
    return Object.keys(this.#names);
  }

  /** What each is called in results, by id: its name where it has one, else its number. */
  get labels(): string[] {
    const named = new Map(Object.entries(this.#names).map(([name, id]) => [id, name]));
    return Array.from({ length: this.#set.size + 1 }, (_, id) => named.get(id) ?? String(id));
  }

  /** What a pipeline may be called, in words. */
  get rule(): string {
    if (this.#set.size === 0) return "0, for the profile creates no pipelines (pipelines: ngo would)";
    const named = this.names.length === 0 ? "" : `, or one of ${this.names.join(", ")}`;
    return `a pipeline that the profile creates: 0 (none) to ${this.#set.size}${named}`;
  }

  /** The id, undefined where there is no such pipeline. */
  idOf(pipeline: string | number): number | undefined {
    if (typeof pipeline === "string") return Object.hasOwn(this.#names, pipeline) ? this.#names[pipeline] : undefined;
    return pipeline <= this.#set.size ? pipeline : undefined;
  }

  /** Largest message on a pipeline that exists. */
  maxMessageBytes(pipelineId: number): number {
    return this.#set.maxMessageBytes(pipelineId, this.#maxBodyBytes);
  }
}

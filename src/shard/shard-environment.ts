// Which shard of a run this process is, as the engine that started it says in its environment. Reads what it is given, nothing else.
import { UsageError } from "../errors.js";
import type { Shard } from "../workload/plan.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** A shard and who said so. */
export interface FoundShard extends Shard {
  /** `SLURM_ARRAY_TASK_ID=3`. */
  readonly from: string;
}

interface Engine {
  readonly name: string;
  /** The variable that only an array job has. */
  readonly indexVariable: string;
  readonly countVariable: string;
  /** Numbers of the first task, and from one to the next; where they are not 0 and 1. */
  readonly minVariable?: string;
  readonly stepVariable?: string;
}

const ENGINES: readonly Engine[] = [
  {
    name: "Slurm",
    indexVariable: "SLURM_ARRAY_TASK_ID",
    countVariable: "SLURM_ARRAY_TASK_COUNT",
    minVariable: "SLURM_ARRAY_TASK_MIN",
    stepVariable: "SLURM_ARRAY_TASK_STEP",
  },
  { name: "Kubernetes", indexVariable: "JOB_COMPLETION_INDEX", countVariable: "UTP_SHARDS" },
  {
    name: "AWS Batch",
    indexVariable: "AWS_BATCH_JOB_ARRAY_INDEX",
    countVariable: "AWS_BATCH_JOB_ARRAY_SIZE",
  },
  { name: "Cloud Run", indexVariable: "CLOUD_RUN_TASK_INDEX", countVariable: "CLOUD_RUN_TASK_COUNT" },
];

const WHOLE_NUMBER = /^\d{1,9}$/;

/**
 * The shard that an engine made this process; undefined: none did.
 *
 * @throws {UsageError} If an engine says so, but not in numbers that make a shard.
 */
export function shardFromEnvironment(environment: Environment): FoundShard | undefined {
  const engine = ENGINES.find(({ indexVariable }) => isSet(environment[indexVariable]));
  // Any Indexed Job has the index; the number of its pods is not told to it.
  if (engine === undefined || (engine.name === "Kubernetes" && !isSet(environment[engine.countVariable])))
    return undefined;
  return shardOf(engine, environment);
}

function shardOf(engine: Engine, environment: Environment): FoundShard {
  const { name, indexVariable, countVariable, minVariable, stepVariable } = engine;
  const number = (variable: string, min: number): number => {
    const text = environment[variable] ?? "";
    if (WHOLE_NUMBER.test(text) && Number(text) >= min) return Number(text);
    throw wrong(`${variable} must be a whole number from ${min}, got ${isSet(text) ? text : "nothing"}`, name);
  };
  const count = number(countVariable, 1);
  const first = minVariable === undefined ? 0 : number(minVariable, 0);
  const step = stepVariable === undefined || !isSet(environment[stepVariable]) ? 1 : number(stepVariable, 1);
  const index = (number(indexVariable, 0) - first) / step;
  if (Number.isInteger(index) && index >= 0 && index < count) {
    return { index, count, from: `${indexVariable}=${environment[indexVariable]}` };
  }
  const tasks = `${count} tasks from ${first}${step === 1 ? "" : ` in steps of ${step}`}`;
  throw wrong(`${indexVariable} must be one of ${tasks} without a gap, got ${environment[indexVariable]}`, name);
}

function wrong(problem: string, engine: string): UsageError {
  return new UsageError(
    `Cannot tell the shard: ${problem}`,
    `${engine} says that this is a task of an array; give --shard I/N, or --shard 0/1 to run the whole plan here`,
  );
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}

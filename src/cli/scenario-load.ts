// How much a client of a scenario sends, out of its steps alone: means of waits, the busier side of an if, answers at once. An estimate
// for people before the run; nothing is decided by it.
import { largestPayloadBytes } from "../profile/payload-size.js";
import type { Scenario, Step, WaitTime } from "../profile/scenario.js";
import { columnOf } from "../profile/scenario-scope.js";
import { DATA_HEADER_BYTES } from "../protocol/parameters.js";

const MASK_BYTES = 4;

/** What a client sends. */
export interface ScenarioLoad {
  /** Of schedules and endless repeats, as long as the client is there. */
  readonly messagesPerSecond: number;
  /** WebSocket frames with headers; headers of pipelines are left out. */
  readonly bytesPerSecond: number;
  /** Of the other steps, once. */
  readonly onceMessages: number;
  readonly onceBytes: number;
  /** Time in which those are sent where steps tell theirs (`at`), as in a recording; 0: not told. */
  readonly onceMs: number;
}

interface Course {
  messages: number;
  bytes: number;
  timeMs: number;
  messagesPerSecond: number;
  bytesPerSecond: number;
}

export function scenarioLoad(scenario: Scenario): ScenarioLoad {
  const course = courseOf(scenario.steps, scenario);
  const { messagesPerSecond, bytesPerSecond, messages, bytes } = course;
  return { messagesPerSecond, bytesPerSecond, onceMessages: messages, onceBytes: bytes, onceMs: lastTimeMs(scenario) };
}

/** While all steps are played: what goes on without end, and what is sent once, spread evenly over its time, a second at least. */
export function playedLoad(load: ScenarioLoad): Pick<ScenarioLoad, "messagesPerSecond" | "bytesPerSecond"> {
  const oncePerSecond = load.onceMs > 0 ? 1 / Math.max(1, load.onceMs / 1000) : 0;
  return {
    messagesPerSecond: load.messagesPerSecond + load.onceMessages * oncePerSecond,
    bytesPerSecond: load.bytesPerSecond + load.onceBytes * oncePerSecond,
  };
}

function lastTimeMs({ steps }: Scenario): number {
  return steps.reduce((lastMs, step) => (step.do === "at" ? Math.max(lastMs, step.sinceConnectedMs) : lastMs), 0);
}

/** A client's frame: header, mask, UTP header, payload. */
export function frameBytes(payloadBytes: number): number {
  const packetBytes = DATA_HEADER_BYTES + payloadBytes;
  return (packetBytes > 125 ? 4 : 2) + MASK_BYTES + packetBytes;
}

function courseOf(steps: readonly Step[], scenario: Scenario): Course {
  return steps.map((step) => stepCourse(step, scenario)).reduce(added, still());
}

function stepCourse(step: Step, scenario: Scenario): Course {
  switch (step.do) {
    case "send":
      return { ...still(), messages: 1, bytes: messageBytes(step, scenario) };
    case "every": {
      const messagesPerSecond = 1000 / step.intervalMs;
      return { ...still(), messagesPerSecond, bytesPerSecond: messagesPerSecond * messageBytes(step, scenario) };
    }
    case "wait":
      return { ...still(), timeMs: meanMs(step.time) };
    case "reconnect":
      return { ...still(), timeMs: meanMs(step.after) };
    case "repeat":
      return repeated(courseOf(step.steps, scenario), step.times);
    case "if":
      return [step.then, step.else].map((side) => courseOf(side, scenario)).sort(busierFirst)[0]!;
    case "choose": {
      const weights = step.options.reduce((sum, { weight }) => sum + weight, 0);
      return step.options
        .map(({ weight, steps }) => times(courseOf(steps, scenario), weight / weights))
        .reduce(added, still());
    }
    default:
      return still();
  }
}

function messageBytes(step: Extract<Step, { do: "send" | "every" }>, { feeders }: Scenario): number {
  return frameBytes(largestPayloadBytes(step.payload, { columnOf: (source) => columnOf(feeders, source) }));
}

/** Without end: so many a second. A round that takes no time but that of an answer cannot be told. */
function repeated(course: Course, count: number | undefined): Course {
  if (count !== undefined) return { ...course, ...scaledSends(course, count), timeMs: course.timeMs * count };
  const roundsPerSecond = course.timeMs > 0 ? 1000 / course.timeMs : 0;
  return {
    ...still(),
    messagesPerSecond: course.messagesPerSecond + course.messages * roundsPerSecond,
    bytesPerSecond: course.bytesPerSecond + course.bytes * roundsPerSecond,
  };
}

function scaledSends({ messages, bytes }: Course, factor: number): Pick<Course, "messages" | "bytes"> {
  return { messages: messages * factor, bytes: bytes * factor };
}

function times(course: Course, factor: number): Course {
  return {
    ...scaledSends(course, factor),
    timeMs: course.timeMs * factor,
    messagesPerSecond: course.messagesPerSecond * factor,
    bytesPerSecond: course.bytesPerSecond * factor,
  };
}

function added(one: Course, other: Course): Course {
  return {
    messages: one.messages + other.messages,
    bytes: one.bytes + other.bytes,
    timeMs: one.timeMs + other.timeMs,
    messagesPerSecond: one.messagesPerSecond + other.messagesPerSecond,
    bytesPerSecond: one.bytesPerSecond + other.bytesPerSecond,
  };
}

function busierFirst(one: Course, other: Course): number {
  return other.messagesPerSecond - one.messagesPerSecond || other.messages - one.messages;
}

function still(): Course {
  return { messages: 0, bytes: 0, timeMs: 0, messagesPerSecond: 0, bytesPerSecond: 0 };
}

function meanMs(time: WaitTime): number {
  if (time.kind === "fixed") return time.ms;
  return time.kind === "uniform" ? (time.minMs + time.maxMs) / 2 : time.meanMs;
}

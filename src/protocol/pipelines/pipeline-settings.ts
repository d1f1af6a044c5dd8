// What pipelines are made of, as data: descriptions with gaps, the settings they become, and the presets. Makes no stage.

/** Largest fragmented message by default; NGO sets 6148. */
const DEFAULT_PAYLOAD_CAPACITY_BYTES = 4096;
const MAX_PAYLOAD_CAPACITY_BYTES = 24_115_775;
const DEFAULT_WINDOW = 32;
const MAX_WINDOW = 2040;
const DEFAULT_MINIMUM_RESEND_MS = 64;
const DEFAULT_MAXIMUM_RESEND_MS = 200;
const MAX_PIPELINES = 255;

/** The ack mask before anything was received: ones in UTP 2.0, 2.1 and since 2.6, zeros in 2.2 to 2.5. */
export type InitialMask = "ones" | "zeros";

export interface FragmentationSettings {
  readonly stage: "fragmentation";
  /** Largest message, sent or put together, 1..24115775 bytes. */
  readonly payloadCapacityBytes: number;
}

export interface UnreliableSequencedSettings {
  readonly stage: "unreliableSequenced";
}

export interface ReliableSettings {
  readonly stage: "reliableSequenced";
  /** Packets between the oldest unacknowledged and the newest, 1..2040; rounded up to a multiple of 8, as Unity does since 2.6. */
  readonly window: number;
  /** Bounds of the wait before a packet is sent again, ms, above 0. */
  readonly minimumResendMs: number;
  readonly maximumResendMs: number;
  readonly initialMask: InitialMask;
  /** The byte behind a standalone ack, 0..255, whose value says nothing; or none at all. */
  readonly ackDummyByte: number | "none";
}

export type StageSettings = FragmentationSettings | UnreliableSequencedSettings | ReliableSettings;

/** The stages of one pipeline in the order of their creation: the last one's header is the first on the wire. */
export type PipelineSettings = readonly StageSettings[];

type Description<T extends StageSettings> = Pick<T, "stage"> & Partial<T>;
/** A stage as one writes it: what is left out has Unity's default. */
export type StageDescription =
  | Description<FragmentationSettings>
  | Description<UnreliableSequencedSettings>
  | Description<ReliableSettings>;

/** All pipelines, ids from 1 in this order; both ends must have the same. Or the name of a preset. */
export type PipelinesDescription = PipelinePreset | readonly (readonly StageDescription[])[];

/** `ngo`: what Netcode for GameObjects creates on UTP 2.x. `none`: no pipeline. */
export const PIPELINE_PRESETS = {
  none: [],
  ngo: [
    [{ stage: "fragmentation", payloadCapacityBytes: 6148 }],
    [{ stage: "fragmentation", payloadCapacityBytes: 6148 }, { stage: "unreliableSequenced" }],
    [{ stage: "reliableSequenced", window: 64, maximumResendMs: 500 }],
  ],
} as const satisfies Record<string, readonly (readonly StageDescription[])[]>;

export type PipelinePreset = keyof typeof PIPELINE_PRESETS;

/**
 * Fills in the defaults and checks everything.
 *
 * @throws {RangeError} If a stage or preset is unknown, a value is out of its range, a stage comes twice in a pipeline, Fragmentation
 * comes after ReliableSequenced, or there are more than 255 pipelines.
 */
export function pipelineSettings(description: PipelinesDescription): readonly PipelineSettings[] {
  const pipelines = typeof description === "string" ? presetOf(description) : description;
  if (pipelines.length > MAX_PIPELINES) refuse("pipelines: they", `at most ${MAX_PIPELINES}`, pipelines.length);
  return pipelines.map((stages, index) => {
    const where = `pipeline ${index + 1}`;
    checkOrder(where, stages);
    return stages.map((stage) => stageSettings(where, stage));
  });
}

function presetOf(name: PipelinePreset): readonly (readonly StageDescription[])[] {
  if (!Object.hasOwn(PIPELINE_PRESETS, name)) {
    refuse("pipelines: the preset", Object.keys(PIPELINE_PRESETS).join(" or "), name);
  }
  return PIPELINE_PRESETS[name];
}

function checkOrder(where: string, stages: readonly StageDescription[]): void {
  const names = stages.map(({ stage }) => stage);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`${where}: ${twice}`, "in it once", names.join(", "));
  const reliableAt = names.indexOf("reliableSequenced");
  if (reliableAt >= 0 && names.indexOf("fragmentation") > reliableAt) {
    refuse(`${where}: fragmentation`, "before reliableSequenced", names.join(", "));
  }
}

function stageSettings(where: string, description: StageDescription): StageSettings {
  switch (description.stage) {
    case "fragmentation": {
      const { payloadCapacityBytes = DEFAULT_PAYLOAD_CAPACITY_BYTES } = description;
      checkInteger(`${where}: payloadCapacityBytes`, payloadCapacityBytes, 1, MAX_PAYLOAD_CAPACITY_BYTES);
      return { stage: description.stage, payloadCapacityBytes };
    }
    case "unreliableSequenced":
      return { stage: description.stage };
    case "reliableSequenced":
      return reliableSettings(where, description);
    default:
      return refuse(`${where}: a stage`, "fragmentation, unreliableSequenced or reliableSequenced", description);
  }
}

function reliableSettings(where: string, description: Description<ReliableSettings>): ReliableSettings {
  const {
    stage,
    window = DEFAULT_WINDOW,
    minimumResendMs = DEFAULT_MINIMUM_RESEND_MS,
    maximumResendMs = DEFAULT_MAXIMUM_RESEND_MS,
    initialMask = "ones",
    ackDummyByte = 0,
  } = description;
  checkInteger(`${where}: window`, window, 1, MAX_WINDOW);
  if (!(minimumResendMs > 0)) refuse(`${where}: minimumResendMs`, "above 0", minimumResendMs);
  if (!(maximumResendMs >= minimumResendMs && maximumResendMs < Number.POSITIVE_INFINITY)) {
    refuse(`${where}: maximumResendMs`, `a number >= ${minimumResendMs}`, maximumResendMs);
  }
  if (initialMask !== "ones" && initialMask !== "zeros") refuse(`${where}: initialMask`, "ones or zeros", initialMask);
  if (ackDummyByte !== "none") checkInteger(`${where}: ackDummyByte`, ackDummyByte, 0, 255);
  return { stage, window: 8 * Math.ceil(window / 8), minimumResendMs, maximumResendMs, initialMask, ackDummyByte };
}

function checkInteger(thing: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) refuse(thing, `an integer from ${min} to ${max}`, value);
}

function refuse(thing: string, rule: string, value: unknown): never {
  throw new RangeError(`Cannot create ${thing} must be ${rule}, got ${JSON.stringify(value)}`);
}

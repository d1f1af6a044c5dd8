// Pipelines in the profile language: a preset's name, or each pipeline's stages. The same text stands behind serve's --pipelines.
import { z } from "zod";
import type { PipelinesDescription, StageDescription } from "../protocol/pipelines/pipeline-settings.js";
import { FIELDS } from "./fields.js";

const STAGES = ["fragmentation", "unreliableSequenced", "reliableSequenced"] as const;
const STAGE_RULE = `one of ${STAGES.join(", ")}, or an object with stage and its settings`;
const name = z.enum(STAGES, { error: `one of ${STAGES.join(", ")}` });

/** Settings by the stage that has them. */
const KEYS_OF = {
  fragmentation: ["payloadCapacity"],
  unreliableSequenced: [],
  reliableSequenced: ["window", "minimumResend", "maximumResend", "initialMask"],
} as const satisfies Record<(typeof STAGES)[number], readonly string[]>;

const stageObject = z
  .strictObject(
    {
      stage: name.meta({ description: "fragmentation, unreliableSequenced or reliableSequenced" }),
      payloadCapacity: FIELDS.payloadCapacity
        .optional()
        .meta({ description: "fragmentation: largest message", default: 4096 }),
      window: FIELDS.window
        .optional()
        .meta({ description: "reliableSequenced: packets that may wait for their ack", default: 32 }),
      minimumResend: FIELDS.resendTime
        .optional()
        .meta({ description: "reliableSequenced: shortest wait before a packet is sent again", default: "64ms" }),
      maximumResend: FIELDS.resendTime
        .optional()
        .meta({ description: "reliableSequenced: longest wait before a packet is sent again", default: "200ms" }),
      initialMask: FIELDS.initialMask.optional().meta({
        description: "reliableSequenced: ack mask before anything came; zeros in UTP 2.2 to 2.5",
        default: "ones",
      }),
    },
    { error: STAGE_RULE },
  )
  .superRefine(({ stage, ...settings }, context) => {
    const own: readonly string[] = KEYS_OF[stage];
    for (const [key, value] of Object.entries(settings)) {
      if (value === undefined || own.includes(key)) continue;
      context.addIssue({ code: "custom", path: [key], message: `left out of ${stage}` });
    }
  })
  .transform(stageOf);

const stage = z.union([name.transform((written): StageDescription => ({ stage: written })), stageObject], {
  error: STAGE_RULE,
});

const PIPELINE_RULE = "a list of stages, such as [fragmentation, reliableSequenced]";
const pipeline = z.array(stage, { error: PIPELINE_RULE }).superRefine((stages, context) => {
  const names = stages.map((description) => description.stage);
  if (new Set(names).size < names.length) {
    context.addIssue({ code: "custom", path: [], message: "a list that holds each stage once at most" });
  }
  const reliableAt = names.indexOf("reliableSequenced");
  if (reliableAt >= 0 && names.indexOf("fragmentation") > reliableAt) {
    context.addIssue({ code: "custom", path: [], message: "a list with fragmentation before reliableSequenced" });
  }
});

const PIPELINES_RULE = "none, ngo, or a list with the stages of each pipeline";
const preset = z.enum(["none", "ngo"], { error: PIPELINES_RULE });
const list = z.array(pipeline, { error: PIPELINES_RULE }).max(255, { error: "a list of at most 255 pipelines" });

/** In the order of their creation: the first has id 1. */
export const pipelines = z.union([preset, list], { error: PIPELINES_RULE }).transform(
  // Both are descriptions already; this makes them one type.
  (written): PipelinesDescription => written,
);

interface WrittenStage {
  readonly stage: (typeof STAGES)[number];
  readonly payloadCapacity?: number | undefined;
  readonly window?: number | undefined;
  readonly minimumResend?: number | undefined;
  readonly maximumResend?: number | undefined;
  readonly initialMask?: "ones" | "zeros" | undefined;
}

function stageOf(written: WrittenStage, context: z.RefinementCtx): StageDescription {
  const { stage: kind, payloadCapacity, window, minimumResend, maximumResend, initialMask } = written;
  if (kind === "unreliableSequenced") return { stage: kind };
  if (kind === "fragmentation") {
    return { stage: kind, ...(payloadCapacity !== undefined && { payloadCapacityBytes: payloadCapacity }) };
  }
  const shortestMs = minimumResend ?? 64;
  if ((maximumResend ?? 200) < shortestMs) {
    context.addIssue({
      code: "custom",
      path: [maximumResend === undefined ? "minimumResend" : "maximumResend"],
      message: "such that minimumResend (64ms) is not above maximumResend (200ms)",
    });
  }
  return {
    stage: kind,
    ...(window !== undefined && { window }),
    ...(minimumResend !== undefined && { minimumResendMs: minimumResend }),
    ...(maximumResend !== undefined && { maximumResendMs: maximumResend }),
    ...(initialMask !== undefined && { initialMask }),
  };
}

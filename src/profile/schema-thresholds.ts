// Thresholds in the profile language, of the whole run or of one scenario. The grammar of expressions is the metrics'.
import { z } from "zod";
import { FIELDS } from "./fields.js";

const EXPRESSION_RULE = "an expression such as p(95)<80";
const expression = z.string({ error: EXPRESSION_RULE }).min(1, { error: EXPRESSION_RULE });
const judgedExpression = z.strictObject(
  {
    threshold: expression.meta({ description: "The expression, such as p(95)<80" }),
    abortOnFail: FIELDS.yesNo.optional().meta({ description: "End the run when it is crossed", default: false }),
    delayAbortEval: FIELDS.stageDuration
      .optional()
      .meta({ description: "Time after the start before a crossing ends the run", default: "0s" }),
  },
  { error: "an expression such as p(95)<80, or an object with threshold, abortOnFail and delayAbortEval" },
);

const THRESHOLDS_RULE = "a metric's list of expressions, such as [p(95)<80]";
export const thresholds = z.record(
  z.string(),
  z
    .array(z.union([expression, judgedExpression], { error: EXPRESSION_RULE }), { error: THRESHOLDS_RULE })
    .min(1, { error: THRESHOLDS_RULE }),
  { error: "metrics, each with a list of expressions" },
);

// What the application of a capture's client sent, out of its Data messages: the stages of the pipelines taken off again.
import { PipelineSet } from "../../src/protocol/pipelines/pipeline-set.js";
import { bytes } from "../support/bytes.js";
import { capturePipelines } from "./capture-pipelines.js";
import type { Capture, FrameEvent } from "./golden.js";

export interface ApplicationMessage {
  /** When its last packet was seen. */
  readonly atMs: number;
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

/** Pipeline id of a Data message. */
const PIPELINE_AT = 9;

/** Messages that came whole, in order for each pipeline; what a pipeline that does not exist carried as it is. */
export function applicationMessages(capture: Capture, window: number | undefined): ApplicationMessage[] {
  const found: ApplicationMessage[] = [];
  let nowMs = 0;
  let body = new Uint8Array(0);
  const note = (pipelineId: number, payload: Uint8Array): void => {
    found.push({ atMs: nowMs, pipelineId, payload: payload.slice() });
  };
  const pipelines = new PipelineSet(capturePipelines(window)).connect({
    maxBodyBytes: 1376,
    sendData: () => true,
    message: note,
    roundTrip() {},
    unknownPipeline: (pipelineId) => note(pipelineId, body),
  });
  for (const event of capture.events.filter(isClientData)) {
    const packet = bytes(event.hex);
    nowMs = event.t_ms;
    body = packet.slice(PIPELINE_AT + 1);
    if (packet[PIPELINE_AT] === 0) note(0, body);
    else pipelines.receive(packet[PIPELINE_AT]!, body, nowMs);
  }
  return found;
}

function isClientData(event: Capture["events"][number]): event is FrameEvent {
  return event.kind === "frame" && event.dir === "c2s" && event.opcode === 2 && event.hex.startsWith("01");
}

// The bytes of one direction of a capture: its HTTP blocks and frames.
import type { Capture, CaptureEvent, Direction } from "./golden.js";

export type SentEvent = Extract<CaptureEvent, { kind: "http" | "frame" }>;

export function sent(capture: Capture, dir: Direction): SentEvent[] {
  return capture.events.filter(
    (event): event is SentEvent => (event.kind === "http" || event.kind === "frame") && event.dir === dir,
  );
}

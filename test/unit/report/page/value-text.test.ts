import { describe, expect, it } from "vitest";
import { clockText, percentileText, tickText, valueText, xText } from "../../../../src/report/page/value-text.js";

describe("values of a chart as text", () => {
  it.each([
    [valueText("ms", 12.34), "12.3 ms"],
    [valueText("perSecond", 20_000), "20.0k/s"],
    [valueText("bytesPerSecond", 2048), "2 KiB/s"],
    [valueText("percent", 41.7), "42%"],
    [valueText("count", null), "-"],
    [valueText("count", undefined), "-"],
    [tickText("ms", 0), "0"],
    [tickText("ms", 0.25), "0.25 ms"],
    [tickText("count", 1000), "1000"],
    [tickText("count", 20_000), "20.0k"],
    [tickText("bytes", 1.5 * 2 ** 20), "1.5 MiB"],
    [tickText("bytesPerSecond", 50 * 1024), "50 KiB/s"],
    [tickText("bytes", 2 ** 31), "2 GiB"],
    [clockText(7.04), "7 s"],
    [clockText(119), "119 s"],
    [clockText(125), "2:05"],
    [clockText(3725), "1:02:05"],
    [percentileText(1), "0%"],
    [percentileText(2), "50%"],
    [percentileText(10), "90%"],
    [percentileText(1000), "99.9%"],
    [percentileText(100_000), "99.999%"],
    [xText("percentile", 100), "99%"],
    [xText("seconds", 100), "100 s"],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
  });
});

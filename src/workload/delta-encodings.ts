// The packed deltas of payload fields by Unity's names: a value written as its difference to a baseline. Both ends must know the baseline.
import type { DeltaEncoding } from "../profile/scenario.js";
import type { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import { floatFromBits, Words } from "../protocol/datastream/words.js";
import { DOUBLE_RANGE, FLOAT_RANGE, type ValueRange, wholeRange } from "./value-range.js";
import type { ValueRegister } from "./value-register.js";

export interface Delta {
  /** Of the value and of the baseline. */
  readonly range: ValueRange;
  /** Most bits it takes. */
  readonly maxBits: number;
  /** Writes what the registers hold; false if the range does not have one of them: it then was wrapped. */
  write(writer: DataStreamWriter, value: ValueRegister, baseline: ValueRegister): boolean;
}

type Write = (writer: DataStreamWriter, value: ValueRegister, baseline: ValueRegister) => boolean;

const words = new Words();

function whole(range: ValueRange, maxBits: number, write: Write): Delta {
  return {
    range,
    maxBits,
    write: (writer, value, baseline) => {
      const isValueHeld = value.toWhole(range);
      const isBaselineHeld = baseline.toWhole(range);
      write(writer, value, baseline);
      return isValueHeld && isBaselineHeld;
    },
  };
}

const FLOAT: Delta = {
  range: FLOAT_RANGE,
  maxBits: 33,
  write: (writer, value, baseline) => {
    const isValueHeld = value.toFloat(FLOAT_RANGE);
    const isBaselineHeld = baseline.toFloat(FLOAT_RANGE);
    writer.writePackedFloatDeltaBits(value.low, floatFromBits(baseline.low));
    return isValueHeld && isBaselineHeld;
  },
};

const DOUBLE: Delta = {
  range: DOUBLE_RANGE,
  maxBits: 65,
  write: (writer, value, baseline) => {
    value.toDouble();
    baseline.toDouble();
    const baselineNumber = words.set(baseline.low, baseline.high).double;
    writer.writePackedDoubleDeltaBits(value.low, value.high, baselineNumber);
    return true;
  },
};

const writeLong: Write = (writer, value, baseline) =>
  writer.writePackedLongDeltaWords(value.low, value.high, baseline.low, baseline.high);

export const DELTAS: Readonly<Record<DeltaEncoding, Delta>> = {
  packedIntDelta: whole(wholeRange(32, true), 38, (w, value, base) => w.writePackedIntDelta(value.low, base.low)),
  packedUIntDelta: whole(wholeRange(32, false), 38, (w, value, base) => w.writePackedUIntDelta(value.low, base.low)),
  packedLongDelta: whole(wholeRange(64, true), 76, writeLong),
  packedULongDelta: whole(wholeRange(64, false), 76, writeLong),
  packedFloatDelta: FLOAT,
  packedDoubleDelta: DOUBLE,
};

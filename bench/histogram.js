// What one recorded duration and one snapshot cost: hdr-histogram-js in JavaScript against its WebAssembly build. Prints figures only.
import os from "node:os";
import hdr from "hdr-histogram-js";

const SAMPLES = 1 << 16;
/** Four durations are recorded an answered message; each has a histogram of its own. */
const HISTOGRAMS = 4;
const ROUNDS = 9;

/** Durations around 14 ms with a long tail, the same in every run. */
function sampleUs() {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return Float64Array.from({ length: SAMPLES }, () =>
    Math.round(14_000 * Math.exp(random() + random() + random() - 1.5)),
  );
}

/** CPU microseconds of the quickest round: other programs on the machine only ever add. */
function quickestUs(work) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}

function create(useWebAssembly) {
  return hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly,
  });
}

function recordNs(useWebAssembly, valuesUs) {
  const histograms = Array.from({ length: HISTOGRAMS }, () => create(useWebAssembly));
  const us = quickestUs(() => {
    for (let index = 0; index < 8 * SAMPLES; index++) {
      histograms[index % HISTOGRAMS].recordValue(valuesUs[index % SAMPLES]);
    }
  });
  return (us * 1000) / (8 * SAMPLES);
}

/** Microseconds of one call, over 100 calls a round. */
function callUs(work) {
  return (
    quickestUs(() => {
      for (let call = 0; call < 100; call++) work();
    }) / 100
  );
}

function snapshotUs(count, valuesUs) {
  const plain = create(false);
  const wasm = create(true);
  for (let index = 0; index < count; index++) {
    plain.recordValue(valuesUs[index % SAMPLES]);
    wasm.recordValue(valuesUs[index % SAMPLES]);
  }
  const base64 = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const compressed = hdr.encodeIntoCompressedBase64(plain, 1);
  const raw = base64(wasm.encode());
  return {
    samples: count,
    "encode, compressed (us)": callUs(() => hdr.encodeIntoCompressedBase64(plain, 1)),
    "decode, compressed (us)": callUs(() => hdr.decodeFromCompressedBase64(compressed, 32)),
    "encode, WebAssembly, plain (us)": callUs(() => base64(wasm.encode())),
    "decode, plain (us)": callUs(() => hdr.JsHistogram.decode(Buffer.from(raw, "base64"), 32)),
    "compressed / plain (bytes)": `${compressed.length} / ${raw.length}`,
  };
}

hdr.initWebAssemblySync();
const valuesUs = sampleUs();
console.log(`Node ${process.version}, ${os.cpus()[0]?.model ?? "unknown CPU"}`);
console.log(
  `recordValue: JavaScript ${recordNs(false, valuesUs).toFixed(0)} ns, WebAssembly ${recordNs(true, valuesUs).toFixed(0)} ns`,
);
console.table([20, 2000, 20_000].map((count) => snapshotUs(count, valuesUs)));

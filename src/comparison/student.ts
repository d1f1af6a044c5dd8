// Student's t distribution: how far an estimate may be off. Pure numbers; it knows nothing of what they measure.

/** Beyond this many degrees of freedom the normal distribution is as good. */
const ENOUGH_DEGREES = 1000;
const PRECISION = 1e-12;

/**
 * The value that a t distributed number stays below with this probability.
 *
 * @param probability 0.5..1, both excluded at the upper end.
 * @param degreesOfFreedom > 0, Infinity included: the normal distribution.
 * @throws {RangeError} If either is out of range.
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability >= 0.5 && probability < 1)) {
    throw new RangeError(`Cannot look up t: the probability must be from 0.5 to below 1, got ${probability}`);
  }
  if (!(degreesOfFreedom > 0)) {
    throw new RangeError(`Cannot look up t: degrees of freedom must be above 0, got ${degreesOfFreedom}`);
  }
  const degrees = Math.min(degreesOfFreedom, ENOUGH_DEGREES);
  let high = 1;
  while (upperTail(high, degrees) > 1 - probability) high *= 2;
  let low = 0;
  while (high - low > PRECISION * high) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
    if (middle === low && middle === high) break;
  }
  return high;
}

/** P(T > t), t >= 0. */
function upperTail(t: number, degrees: number): number {
  return regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Numerical methods: modified Lentz). */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  // The fraction converges fast on this side only; the other is its mirror image.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return result;
}

/** ln of the gamma function for x > 0: shifted up by recurrence, then Stirling's series. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 10) shift -= Math.log(at++);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}

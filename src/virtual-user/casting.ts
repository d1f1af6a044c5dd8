// Who plays which scenario: a pure function of the weights and of how many clients there are, the same in every worker.

/** Multiples of it, modulo 1, fall evenly whatever stretch or every-n-th of them one looks at. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * How many of `clients` each weight gets: in proportion, what is left over to the largest remainders, equal ones in order.
 *
 * @param weights Each > 0.
 */
export function sharesOf(weights: readonly number[], clients: number): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (clients * weight) / sum);
  const shares = exact.map(Math.floor);
  const left = clients - shares.reduce((total, share) => total + share, 0);
  const byRemainder = exact.map((_, index) => index).sort((a, b) => remainder(exact, b) - remainder(exact, a));
  const topped = new Set(byRemainder.slice(0, left));
  return shares.map((share, index) => (topped.has(index) ? share + 1 : share));
}

function remainder(exact: readonly number[], index: number): number {
  return exact[index]! - Math.floor(exact[index]!);
}

/**
 * The scenario of each client, by its number: exactly `sharesOf` of each, mixed so that the first few, any few in a row and the clients
 * of one worker are in proportion too.
 */
export function castClients(weights: readonly number[], clients: number): Uint16Array {
  const cast = new Uint16Array(clients);
  if (weights.length === 1) return cast;
  const places = Float64Array.from({ length: clients }, (_, number) => (number * GOLDEN_RATIO) % 1);
  const order = Uint32Array.from(places.keys()).sort((a, b) => places[a]! - places[b]!);
  let from = 0;
  for (const [index, share] of sharesOf(weights, clients).entries()) {
    for (const number of order.subarray(from, from + share)) cast[number] = index;
    from += share;
  }
  return cast;
}

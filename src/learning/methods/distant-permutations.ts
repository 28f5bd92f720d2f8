/** Permutations that are easy to tell apart: each differs from the others in many places. Noroozi & Favaro 2016, algorithm 1. */
import { UserError } from '../../shared/errors';
import { permutation, random } from '../../shared/random';

/** Up to here all permutations are looked at; of more, this many, drawn once and for all. */
const CANDIDATES = 20_000;

/**
 * `count` permutations of [0, length), chosen one after the other: each time the one whose smallest Hamming distance to
 * those chosen is largest; of equals the one with the largest sum of distances, then the first. The same for every run
 * and seed, so a permutation's number means the same everywhere.
 * @throws UserError where there are not as many.
 */
export function distantPermutations(length: number, count: number): readonly (readonly number[])[] {
  const key = `${length} ${count}`;
  const known = chosenBefore.get(key) ?? choose(length, count);
  chosenBefore.set(key, known);
  return known;
}

/** Choosing thousands takes a second, and a form asks at every change. */
const chosenBefore = new Map<string, readonly (readonly number[])[]>();

function choose(length: number, count: number): number[][] {
  const total = factorial(length);
  if (count > total)
    throw new UserError(
      `options.permutations is ${count}, and ${length} tiles have ${total} orders`,
      `Set options.permutations to at most ${total}.`,
      'usage',
    );
  const candidates = total <= CANDIDATES ? allPermutations(length) : drawnPermutations(length);
  const smallest = new Int32Array(candidates.length).fill(length + 1);
  const sums = new Float64Array(candidates.length);
  const chosen: number[][] = [];
  for (let next = 0; chosen.length < count;) {
    const last = candidates[next];
    chosen.push([...last]);
    smallest[next] = -1;
    let best = -1;
    for (let i = 0; i < candidates.length; i++) {
      if (smallest[i] < 0) continue;
      const distance = hamming(candidates[i], last);
      smallest[i] = Math.min(smallest[i], distance);
      sums[i] += distance;
      if (
        best < 0 ||
        smallest[i] > smallest[best] ||
        (smallest[i] === smallest[best] && sums[i] > sums[best])
      )
        best = i;
    }
    next = best;
  }
  return chosen;
}

/** At how many places two permutations differ. */
export function hamming(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let different = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) different++;
  return different;
}

/** All of [0, length), in lexicographic order. */
export function allPermutations(length: number): number[][] {
  if (length === 0) return [[]];
  return Array.from({ length }, (_, first) =>
    allPermutations(length - 1).map((rest) => [first, ...rest.map((i) => (i < first ? i : i + 1))]),
  ).flat();
}

/** Without repeats. */
function drawnPermutations(length: number): Uint8Array[] {
  const source = random(0, 'method');
  const found = new Map<string, Uint8Array>();
  while (found.size < CANDIDATES) {
    const drawn = Uint8Array.from(permutation(length, source));
    found.set(drawn.join(), drawn);
  }
  return [...found.values()];
}

export const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
